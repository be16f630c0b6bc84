"""The client's address: the socket's own, unless a proxy that we trust says whom it speaks for."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from aiohttp import web

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


def client(request: web.Request, trusted: Sequence[str]) -> str:
    """The address to count and limit by.

    ``X-Forwarded-For`` is read from the right: the first address that no trusted proxy holds is the client, because
    everything left of it may have been made up. From anybody else the header is ignored.
    """
    address = request.remote or ""
    if not _is_trusted(address, trusted):
        return address
    for hop in reversed(",".join(request.headers.getall("X-Forwarded-For", [])).split(",")):
        if not _is_address(hop.strip()):
            break
        address = hop.strip()
        if not _is_trusted(address, trusted):
            break
    return address


def is_local(request: web.Request) -> bool:
    """Whether the request was made on this machine itself, and not by a proxy on it for somebody else."""
    remote = request.remote or ""
    return _is_address(remote) and ip_address(remote).is_loopback and not any(name in request.headers for name in FORWARDED)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted(address: str, trusted: Sequence[str]) -> bool:
    return _is_address(address) and any(ip_address(address) in ip_network(proxy, strict=False) for proxy in trusted)
