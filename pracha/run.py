"""`pracha run`: the whole system on this machine, started in order and watched."""

import asyncio
import contextlib
import os
import signal
from pathlib import Path

from rich.console import Console

from core.database import Database
from core.settings import Settings, settings
from helpdesk import agency_content, holiday
from knowledge_base import content
from pracha import demo, migrate, model, process, programs, secrets
from pracha.supervisor import CannotStart, Supervisor
from pracha.tables import import_all

MODEL_SECONDS = 2.0  # between two looks for a model that was trained meanwhile


async def run(console: Console, *, parent: bool) -> int:
    """Start everything and stay until Ctrl-C; gives the exit code. With ``parent``, end when the starting process does."""
    if parent:
        process.end_with_parent(signal.SIGTERM)
        if os.getppid() == 1:
            return 1
    current = secrets.ensure(settings().var)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    supervisor = Supervisor(current.var / "log", console)
    starting = asyncio.create_task(_start(supervisor, current, console))
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await starting
            return 130
        following = asyncio.create_task(_follow(supervisor, current, starting.result(), console))
        story = await supervisor.wait(stop)
        following.cancel()
    except (CannotStart, model.TrainingFailed) as error:
        story = str(error)
    finally:
        console.print("\nEnding …")
        await supervisor.stop()
    if story is None:
        return 0
    console.print(f"[red]Pracha could not go on:[/] {story}", highlight=False)
    return 1


async def _start(supervisor: Supervisor, current: Settings, console: Console) -> Path:
    """Start everything in its order; gives the engine's model."""
    console.print("[bold]Starting Pracha[/]")
    if current.embedded_valkey:
        await supervisor.start([programs.valkey_program(current)])
    await prepare_database(current, console)
    trained = await prepare_model(current, console)
    await supervisor.start([programs.actions_program(current), programs.engine_program(current, trained)])
    workers = [programs.worker_program(current, kind) for kind in ("dispatcher", "sender", "desk")]
    await supervisor.start([programs.web_program(current), *workers])
    logins = await demo.logins(current)
    demo.show(current, demo.write(current, logins), logins, console)
    return trained


async def _follow(supervisor: Supervisor, current: Settings, trained: Path, console: Console) -> None:
    """Have a fresh engine take over whenever another model was trained; until it works the present one answers."""
    known = model.last(current)  # it may be newer than the one of the present inputs, which runs
    while True:
        await asyncio.sleep(MODEL_SECONDS)
        newest = await asyncio.to_thread(model.last, current)
        if newest is None or newest in (known, trained):
            continue
        known = trained = newest
        with console.status("a fresh engine …"):
            done = await supervisor.swap(programs.engine_program(current, newest), "--beside")
        told = f"[green]the engine now answers with {newest.name}[/]" if done else f"[red]no engine started with {newest.name}[/]"
        console.print(f"  {told}", highlight=False)


async def prepare_database(current: Settings, console: Console) -> None:
    """Bring the tables up to date and the curated answers in."""
    import_all()
    database = Database(current.database)
    with console.status("database …"):
        await migrate.upgrade(database)
        async with database.write() as session:
            await content.seed(session)
            await agency_content.seed(session, current)
            await holiday.refresh(session)
    await database.close()
    console.print("  [green]✓[/] database")


async def prepare_model(current: Settings, console: Console) -> Path:
    """Train the model unless one for the present inputs is there; gives its file."""
    if not model.path(current).exists():
        console.print("  training the model (about a minute, only when what it learns from has changed)", highlight=False)
    trained = await asyncio.to_thread(model.ensure, current)
    console.print("  [green]✓[/] model")
    return trained
