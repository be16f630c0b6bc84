"""Serve a model: `python -m bot.runtime.server --model var/models/current.tar.gz --endpoints endpoints.yml --port 5005`."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.runtime.errors import StartRefused
from bot.runtime.lean.left_out import leave_out, not_needed_by
from bot.runtime.logs import configure_logs, quiet_surroundings
from bot.runtime.workers import Workers

if TYPE_CHECKING:
    from sanic import Sanic

    from bot.runtime.engine import Engine

HOST = "127.0.0.1"  # the engine is never to be reached from another machine
PREFIX = "/webhooks/"
MAX_BODY = 1_000_000  # bytes
LEAVE_OUT = "PRACHA_ENGINE_LEAVE_OUT"  # "false" keeps all packages that Rasa imports, see lean/left_out.py
LAST_SECONDS = 5.0  # for what is being answered when the server is told to end; who asked would ask again
_BACKLOG = 256

logger = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        if not options.model.is_file():
            raise StartRefused(f"there is no model at {options.model}: train one with python -m bot.runtime.train")
        listener = _reserve(options.port, beside=options.beside)
        return _serve_model(options.model, options.endpoints, listener, options.workers)
    except StartRefused as refusal:
        print(f"engine not started: {refusal}", file=sys.stderr)
        return 1


def make_app(engine: Engine) -> Sanic:
    """Make the web application with our channel and nothing else."""
    from rasa.core.channels.channel import register
    from sanic import Sanic

    from bot.runtime.channel import PrachaInput, add_error_answers

    app = Sanic("pracha_engine", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_BODY
    app.config.ACCESS_LOG = False
    app.ctx.engine = engine
    register([PrachaInput()], app, route=PREFIX)
    add_error_answers(app)
    return app


def _serve_model(model: Path, endpoints: Path, listener: socket.socket, workers: int) -> int:
    quiet_surroundings()
    configure_logs()
    if os.environ.get(LEAVE_OUT, "true").lower() != "false":
        leave_out(not_needed_by(model))
    from bot.runtime.endpoints import read_endpoints
    from bot.runtime.engine import Engine
    from bot.runtime.lean.left_out import LeftOut
    from bot.runtime.pipeline import check_model
    from bot.runtime.trackers import ValkeyTrackerStore

    places = read_endpoints(endpoints)
    try:
        check_model(model)
        engine = Engine(model, ValkeyTrackerStore(places.trackers_url), places.actions_url)
    except LeftOut as error:
        raise StartRefused(str(error)) from error
    gc.collect()
    gc.freeze()  # what the model holds stays for good: the collector need not look at it again
    if workers > 1 and _has_threads():
        logger.warning("a component has threads of its own, which a fork does not take along: one worker instead of %d", workers)
        workers = 1
    if workers == 1:
        return _serve(engine, listener)
    return Workers(workers, lambda: _serve(engine, listener)).run()


def _has_threads() -> bool:
    tasks = Path("/proc/self/task")
    return tasks.is_dir() and len(list(tasks.iterdir())) > 1


def _serve(engine: Engine, listener: socket.socket) -> int:
    import uvloop

    uvloop.install()
    asyncio.run(_serve_until_told(make_app(engine), engine, listener))
    return 0


async def _serve_until_told(app: Sanic, engine: Engine, listener: socket.socket) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = await app.create_server(sock=listener, backlog=_BACKLOG, return_asyncio_server=True)
    if server is None:
        raise StartRefused("the web server could not be made")
    await server.startup()
    try:
        await server.start_serving()
    except OSError as error:
        raise StartRefused(f"port {listener.getsockname()[1]} is taken") from error
    print("engine ready", flush=True)
    await stop.wait()
    server.close()
    await server.wait_closed()
    await engine.finished(LAST_SECONDS)
    await engine.close()


def _reserve(port: int, *, beside: bool) -> socket.socket:
    """Take the port before the model is loaded, so that a taken one is told at once; nothing listens on it yet.

    With `beside` it may be another engine's, which is about to end: new connections go to either until it has.
    """
    if not beside:
        _refuse_if_answered(port)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        raise StartRefused(f"port {port} is taken") from error
    return listener


def _refuse_if_answered(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        if probe.connect_ex((HOST, port)) == 0:
            raise StartRefused(f"port {port} is taken")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.runtime.server", description="Serve the dialogue engine.")
    parser.add_argument("--model", type=Path, default=Path("var/models/current.tar.gz"))
    parser.add_argument("--endpoints", type=Path, default=Path("endpoints.yml"))
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--workers", type=int, default=1, help="processes that share the port and the loaded model")
    parser.add_argument("--beside", action="store_true", help="share the port with a running engine, to take over from it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
