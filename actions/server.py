"""Runs the custom actions: `python -m actions.server --port 5055`, on loopback only."""

import argparse
import sys
import warnings
from typing import Any

import structlog
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor, ActionExecutorRunResult
from rasa_sdk.interfaces import ActionExecutionRejection, ActionMissingDomainException, ActionNotFoundException
from sanic import Sanic

from actions import backend
from actions.registry import ACTIONS
from core import log
from core.settings import settings

HOST = "127.0.0.1"  # only the engine, on the same machine, may run actions

warnings.filterwarnings("ignore", message="Your versions of rasa")  # tried: 3.6 and the SDK 3.21 speak the same protocol
App = Sanic[Any, Any]
_log = structlog.get_logger()


class ActionFailed(Exception):
    """An action raised; its own error may hold a citizen's words and stays inside."""


class QuietExecutor(ActionExecutor):  # type: ignore[misc]  # rasa_sdk has no types
    """Runs actions, and tells of a failure by its kind and place only, never by its words.

    The server then answers 500, the engine keeps nothing of the turn, and the message is tried again.
    """

    async def run(self, action_call: dict[str, Any], *args: Any, **kwargs: Any) -> ActionExecutorRunResult | None:
        """Run one action."""
        name = str(action_call.get("next_action"))
        try:
            return await super().run(action_call, *args, **kwargs)
        except (ActionExecutionRejection, ActionMissingDomainException, ActionNotFoundException):
            raise
        except Exception as error:
            _log.error("action_failed", action=name, error=type(error).__name__, at=_place(error))
            raise ActionFailed(name) from None


def make_app() -> App:
    """The web application with all our actions and the backend they share."""
    executor = QuietExecutor()
    for action in ACTIONS:
        executor.register_action(action())
    app: App = create_app(executor, cors_origins=[])
    app.register_listener(_open, "before_server_start")
    app.register_listener(_ready, "after_server_start")
    app.register_listener(_close, "after_server_stop")
    return app


async def _open(app: App) -> None:
    app.ctx.backend = await backend.opened(settings())


async def _ready(app: App) -> None:
    print("actions ready", flush=True)


async def _close(app: App) -> None:
    await app.ctx.backend.close()


def _place(error: BaseException) -> str:
    """The file and line where an error arose."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "unknown"


def main(arguments: list[str] | None = None) -> int:
    """Run the command until it is told to stop; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m actions.server", description="Run the assistant's custom actions.")
    parser.add_argument("--port", type=int, default=settings().actions_port)
    options = parser.parse_args(arguments)
    log.configure(settings().log_level, "actions")
    make_app().run(host=HOST, port=options.port, single_process=True, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
