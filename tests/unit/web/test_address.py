from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from web import address


def asked(remote: str, **headers: str):
    named = CIMultiDict({name.replace("_", "-"): value for name, value in headers.items()})
    return make_mocked_request("GET", "/", headers=named).clone(remote=remote)


def test_a_header_of_anybody_else_is_not_believed() -> None:
    assert address.client(asked("203.0.113.9", X_Forwarded_For="1.2.3.4"), ["10.0.0.1"]) == "203.0.113.9"


def test_a_trusted_proxy_says_whom_it_speaks_for() -> None:
    assert address.client(asked("10.0.0.1", X_Forwarded_For="1.2.3.4"), ["10.0.0.1"]) == "1.2.3.4"


def test_what_stands_left_of_the_first_untrusted_hop_may_be_made_up() -> None:
    request = asked("10.0.0.1", X_Forwarded_For="6.6.6.6, 198.51.100.7, 10.0.0.2")
    assert address.client(request, ["10.0.0.0/24"]) == "198.51.100.7"


def test_an_unreadable_hop_ends_the_search() -> None:
    assert address.client(asked("10.0.0.1", X_Forwarded_For="<script>"), ["10.0.0.1"]) == "10.0.0.1"


def test_a_proxy_on_this_machine_is_not_this_machine() -> None:
    assert address.is_local(asked("127.0.0.1"))
    assert not address.is_local(asked("127.0.0.1", X_Forwarded_For="1.2.3.4"))
    assert not address.is_local(asked("203.0.113.9"))
