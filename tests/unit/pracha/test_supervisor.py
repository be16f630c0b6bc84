"""Programs are started in order, restarted when they die, and end with their parent whatever kills it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from pracha.process import Program
from pracha.supervisor import CannotStart, Supervisor, ensure_free
from tests.ports import free_port

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
PARENT = """
import asyncio, pathlib, sys
from rich.console import Console
from pracha.process import Program
from pracha.supervisor import Supervisor

async def ready():
    return True

async def main():
    supervisor = Supervisor(pathlib.Path(sys.argv[1]), Console(quiet=True))
    await supervisor.start([Program("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"], ready)])
    print(supervisor.pids()["sleeper"], flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


async def always() -> bool:
    return True


async def never() -> bool:
    return False


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
def test_nothing_survives_a_kill_of_the_parent(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert alive(child)
    parent.kill()
    parent.wait()
    for _ in range(100):
        if not alive(child):
            return
        time.sleep(0.05)
    pytest.fail("the child survived")


async def test_a_program_that_dies_is_started_again(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, Console(quiet=True))
    await supervisor.start([Program("sleeper", SLEEP, always)])
    first = supervisor.pids()["sleeper"]
    os.kill(first, signal.SIGKILL)
    async with asyncio.timeout(10):
        while supervisor.pids()["sleeper"] == first:
            await asyncio.sleep(0.05)
    second = supervisor.pids()["sleeper"]
    await supervisor.stop()
    assert not alive(second)


async def test_a_program_that_cannot_start_shows_its_last_words(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, Console(quiet=True))
    command = [sys.executable, "-c", "raise SystemExit('the model is missing')"]
    with pytest.raises(CannotStart, match="the model is missing"):
        await supervisor.start([Program("engine", command, never)])
    await supervisor.stop()


async def test_a_program_that_keeps_dying_ends_the_system_with_its_story(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, Console(quiet=True))
    command = [sys.executable, "-S", "-c", "raise SystemExit('no')"]
    await supervisor.start([Program("broken", command, always)])
    story = await asyncio.wait_for(supervisor.wait(asyncio.Event()), 30)
    await supervisor.stop()
    assert story is not None
    assert "broken keeps ending" in story


async def test_a_taken_port_is_named_with_the_way_out() -> None:
    port = free_port()
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", port)
    with pytest.raises(CannotStart, match=rf"port {port} for engine is taken.*PRACHA_ENGINE_PORT"):
        ensure_free("engine", port)
    server.close()


async def test_a_fresh_program_takes_over_when_it_works_and_is_watched_from_then_on(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, Console(quiet=True))
    await supervisor.start([Program("engine", SLEEP, always)])
    first = supervisor.pids()["engine"]
    assert await supervisor.swap(Program("engine", SLEEP, always), "--beside")
    second = supervisor.pids()["engine"]
    assert (alive(first), alive(second)) == (False, True)
    assert b"--beside" in Path(f"/proc/{second}/cmdline").read_bytes()
    os.kill(second, signal.SIGKILL)
    async with asyncio.timeout(10):
        while supervisor.pids()["engine"] == second:
            await asyncio.sleep(0.05)
    third = supervisor.pids()["engine"]
    assert b"--beside" not in Path(f"/proc/{third}/cmdline").read_bytes(), "there is nothing beside it any more"
    await supervisor.stop()
    assert not alive(third)


async def test_the_running_program_stays_when_the_fresh_one_ends(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, Console(quiet=True))
    await supervisor.start([Program("engine", SLEEP, always)])
    first = supervisor.pids()["engine"]
    assert not await supervisor.swap(Program("engine", [sys.executable, "-c", ""], never))
    assert supervisor.pids()["engine"] == first
    assert alive(first)
    await supervisor.stop()
    assert not alive(first)
