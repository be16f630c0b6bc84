"""What the tests of single rooms share."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from helpdesk import password


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> Iterator[None]:
    """Real argon2id hashes that take a millisecond instead of sixty: hundreds of tests log somebody in.

    The browser tests log in with hashes of the real cost.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(password, "_HASHER", PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
        yield
