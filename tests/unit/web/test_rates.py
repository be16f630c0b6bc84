import time

from tests.valkey import BundledValkey
from web.rates import Rates


async def test_uses_beyond_the_rule_wait(bundled: BundledValkey) -> None:
    rates = Rates(bundled.url)
    assert [await rates.wait("2/minute", "visitor", "ก") for _ in range(2)] == [0, 0]
    assert 1 <= await rates.wait("2/minute", "visitor", "ก") <= 60
    assert await rates.wait("2/minute", "visitor", "ข") == 0


async def test_processes_count_together(bundled: BundledValkey) -> None:
    one, other = Rates(bundled.url), Rates(bundled.url)
    assert await one.wait("1/minute", "a") == 0
    assert await other.wait("1/minute", "a") > 0


async def test_names_are_not_readable_in_valkey(bundled: BundledValkey, valkey) -> None:
    await Rates(bundled.url).wait("1/minute", "socket", "203.0.113.9")
    keys = await valkey.keys("*")
    assert keys
    assert not any("203.0.113.9" in key for key in keys)


async def test_a_dead_valkey_slows_nothing_down(bundled: BundledValkey) -> None:
    rates = Rates(bundled.url)
    bundled.kill()
    began = time.monotonic()
    assert await rates.wait("1/minute", "a") == 0
    assert await rates.wait("1/minute", "a") > 0
    assert time.monotonic() - began < 2
