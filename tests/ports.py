"""Free ports for servers of tests."""

import contextlib
import random
import socket

_BELOW_CLIENTS = range(15_000, 32_000)  # Linux gives 32768 and above to connections that go out, also while a server restarts


def free_port() -> int:
    """A port of loopback that nothing listens on at this moment, and that no outgoing connection is given."""
    while True:
        port = random.SystemRandom().choice(_BELOW_CLIENTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
