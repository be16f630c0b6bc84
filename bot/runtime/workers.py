"""Several processes on one port, forked after the model is loaded so that they share its memory.

All accept from the same listening socket, so a new connection goes to a worker that has nothing to do. Any of them may take
any conversation: trackers are in Valkey, and `turns.py` keeps two from taking the same one at once.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from types import FrameType

_DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_PAUSE = 0.2  # seconds before one that died is replaced


class Workers:
    """Forked processes that do the same; one that dies is replaced, and all end together."""

    def __init__(self, count: int, work: Callable[[], int]) -> None:
        """Take how many and what each does until SIGTERM; nothing runs yet."""
        self._count = count
        self._work = work
        self._running: set[int] = set()
        self._ending = False

    def run(self) -> int:
        """Run them until told to end; returns the exit code, 1 if a worker could not even start."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        for _ in range(self._count):
            if not self._ending:
                self._running.add(self._forked())
        while self._running:
            died, status = os.wait()
            self._running.discard(died)
            if self._ending:
                continue
            if os.WIFEXITED(status) and os.WEXITSTATUS(status):
                self._end(signal.SIGTERM, None)  # it refused: the next would, too
                return 1
            time.sleep(_PAUSE)
            self._running.add(self._forked())
        return 0

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._ending = True
        for pid in self._running:
            os.kill(pid, signal.SIGTERM)

    def _forked(self) -> int:
        parent = os.getpid()
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            _die_with(parent)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            code = self._work()
        except BaseException:  # nothing may go back into what the parent was doing
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)


def _die_with(parent: int) -> None:
    """Have the kernel end this process when its parent is killed (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
