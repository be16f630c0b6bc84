"""The processes without a port: dispatcher, which also sweeps for late cases, outbox sender and the desk's keeper."""

import asyncio
import contextlib
import signal

import structlog

from actions.hours import hours
from channels import registry
from channels.dispatcher import Dispatcher
from channels.engine import Engine
from channels.handler import Handler
from channels.sender import Sender
from core import heartbeat, log, valkey
from core.database import Database
from core.settings import Settings
from pracha import sweep
from pracha.desk import Desk
from pracha.tables import import_all


async def run(kind: str, name: str, settings: Settings) -> None:
    """Work as ``dispatcher``, ``sender`` or ``desk`` until asked to end (SIGTERM, SIGINT)."""
    log.configure(settings.log_level, name)
    import_all()
    database, client = Database(settings.database), valkey.connect(settings.valkey_url)
    engine = Engine(settings.engine_url, settings.engine_timeout)
    channels = registry.configured(database, client, settings)
    work: Dispatcher | Sender | Desk
    if kind == "dispatcher":
        handler = Handler(database, client, engine, channels, settings)
        work = Dispatcher(database, client, handler, name=name, workers=settings.dispatcher_workers)
    elif kind == "desk":
        work = Desk(database, client, settings, hours(database, settings))
    else:
        work = Sender(database, client, channels, name=name, workers=settings.sender_workers)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(heartbeat.beat(client, name)), group.create_task(work.run())]
        if kind == "dispatcher":
            tasks.append(group.create_task(sweep.run(database)))
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, lambda: [task.cancel() for task in tasks])
        structlog.get_logger().info("ready")
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)
    for channel in channels.values():
        await channel.close()
    await engine.close()
    await client.aclose()
    await database.close()
