"""A process of ours: its command, how one sees that it works, and the promise that it ends with us."""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1


@dataclass
class Program:
    """What is to run. ``ready`` answers whether it works; ``port`` is what it listens on, if anything."""

    name: str
    command: list[str]
    ready: Callable[[], Awaitable[bool]]
    port: int | None = None
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))


def end_with_parent(number: int = signal.SIGKILL) -> None:
    """Have the kernel end this process when the one that started it dies, even by `kill -9` (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


async def start(program: Program, log: Path) -> asyncio.subprocess.Process:
    """Start a program in a session of its own, so that Ctrl-C reaches only us, with its output in a log file."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            *program.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(program.environment),
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
