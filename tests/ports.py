"""Free ports for servers of tests."""

import itertools
import os
import random
import socket

# Linux gives 32768 and above to connections that go out, also while a server restarts. Each process of pytest-xdist has a slice
# of its own, and takes its ports in turn: one drawn by lot was, once in some thousand tests, another server's of the same test.
_BELOW_CLIENTS = range(15_000, 32_000)
_SLICES = 8
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _SLICES
_own = _BELOW_CLIENTS[_worker::_SLICES]
_turns = itertools.count(random.SystemRandom().randrange(len(_own)))


def free_port() -> int:
    """A port of loopback that nothing listens on now, that no outgoing connection is given, and that no test had lately."""
    for turn in _turns:
        port = _own[turn % len(_own)]
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError("an endless count ended")
