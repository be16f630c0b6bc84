"""Identifiers."""

import time

from core.ids import new_id


def test_ids_differ_and_sort_by_time() -> None:
    earlier = [new_id("msg") for _ in range(100)]
    time.sleep(0.002)
    later = new_id("msg")
    assert len(set(earlier)) == 100
    assert all(one < later for one in earlier)
