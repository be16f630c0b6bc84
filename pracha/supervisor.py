"""The supervisor: starts the programs in their order, restarts what dies, and ends everything together."""

import asyncio
import contextlib
import signal
import socket
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from pracha import process
from pracha.process import Program

READY_SECONDS = 90.0
GRACE_SECONDS = 8.0
RESTARTS, WITHIN = 8, 60.0  # a program that dies more often than this is not cured by starting it again


class CannotStart(Exception):
    """Something the operator must put right; the words say what."""


class Supervisor:
    """Runs programs until told to stop. Each writes to ``<logs>/<name>.log``."""

    def __init__(self, logs: Path, console: Console) -> None:
        """Prepare; nothing runs before `start`."""
        self._logs = logs
        self._console = console
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._watchers: dict[str, asyncio.Task[None]] = {}
        self._failure: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def start(self, programs: Sequence[Program]) -> None:
        """Start these programs side by side and wait until all of them work.

        Raises:
            CannotStart: a port is taken, or one of them ended or did not become ready in time.
        """
        for program in programs:
            if program.port is not None:
                ensure_free(program.name, program.port)
        for program in programs:
            self._running[program.name] = await process.start(program, self._log(program))
        await asyncio.gather(*(self._until_ready(program) for program in programs))
        for program in programs:
            self._watchers[program.name] = asyncio.create_task(self._watch(program))

    async def wait(self, stop: asyncio.Event) -> str | None:
        """Wait until told to stop, or until a program cannot be kept alive: then its story is returned."""
        stopping = asyncio.create_task(stop.wait())
        futures: set[asyncio.Future[object]] = {stopping, self._failure}  # type: ignore[arg-type]
        await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        return self._failure.result() if self._failure.done() else None

    async def stop(self) -> None:
        """End all programs, the last started first; what does not end in time is killed."""
        for watcher in self._watchers.values():
            watcher.cancel()
        for running in reversed(self._running.values()):
            await _end(running)

    async def swap(self, program: Program, *arguments: str) -> bool:
        """Start a program beside the running one of its name, and end that one as soon as the fresh one works.

        Args:
            program: The fresh one; it must be able to run while the other still does.
            arguments: What its command needs for that.

        Returns:
            False, and the running one stays, when the fresh one ended or did not become ready in time.
        """
        fresh = await process.start(replace(program, command=[*program.command, *arguments]), self._log(program))
        begun = time.monotonic()
        try:
            while not await program.ready():
                if fresh.returncode is not None or time.monotonic() - begun > READY_SECONDS:
                    await _end(fresh)
                    return False
                await asyncio.sleep(0.1)
        except asyncio.CancelledError:
            await _end(fresh)
            raise
        self._watchers[program.name].cancel()
        old, self._running[program.name] = self._running[program.name], fresh
        self._watchers[program.name] = asyncio.create_task(self._watch(program))
        await _end(old)
        return True

    def pids(self) -> dict[str, int]:
        """The process ids by program name."""
        return {name: running.pid for name, running in self._running.items()}

    async def _until_ready(self, program: Program) -> None:
        begun = time.monotonic()
        with self._console.status(f"{program.name} …"):
            while not await program.ready():
                if self._running[program.name].returncode is not None:
                    raise CannotStart(f"{program.name} ended at once; its last words:\n{self._last_words(program)}")
                if time.monotonic() - begun > READY_SECONDS:
                    raise CannotStart(f"{program.name} was not ready after {READY_SECONDS:.0f} seconds; see {self._log(program)}")
                await asyncio.sleep(0.1)
        self._console.print(f"  [green]✓[/] {program.name} [dim]({time.monotonic() - begun:.1f} s)[/]")

    async def _watch(self, program: Program) -> None:
        deaths: deque[float] = deque(maxlen=RESTARTS)
        while True:
            code = await self._running[program.name].wait()
            deaths.append(time.monotonic())
            if len(deaths) == RESTARTS and deaths[-1] - deaths[0] < WITHIN:
                story = f"{program.name} keeps ending; its last words:\n{self._last_words(program)}"
                if not self._failure.done():
                    self._failure.set_result(story)
                return
            self._console.print(f"  [yellow]{program.name} ended ({_reason(code)}), starting it again[/]")
            await asyncio.sleep(min(2.0, 0.1 * 2 ** len(deaths)))
            self._running[program.name] = await process.start(program, self._log(program))

    def _log(self, program: Program) -> Path:
        return self._logs / f"{program.name}.log"

    def _last_words(self, program: Program) -> str:
        lines = self._log(program).read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-12:])


async def _end(running: asyncio.subprocess.Process) -> None:
    """Ask a process to end, and kill it when it does not in time."""
    if running.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        running.terminate()
    try:
        await asyncio.wait_for(running.wait(), GRACE_SECONDS)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            running.kill()
        await running.wait()


def ensure_free(name: str, port: int) -> None:
    """Check that nothing listens on a port of loopback.

    Raises:
        CannotStart: when something does.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            variable = f"PRACHA_{name.upper()}_PORT" if name != "web" else "PRACHA_PORT"
            raise CannotStart(
                f"port {port} for {name} is taken by another program. Stop that one, or choose another port: {variable}=…"
            ) from error


def _reason(code: int) -> str:
    if code >= 0:
        return f"code {code}"
    with contextlib.suppress(ValueError):
        return f"signal {signal.Signals(-code).name}"
    return f"signal {-code}"
