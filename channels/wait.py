"""How long to wait before something is tried again."""

import random


def growing(number: int, first: float, longest: float) -> float:
    """Seconds before try ``number`` + 1: ``first``, doubled each time up to ``longest``, give or take a quarter.

    The jitter keeps many that failed together from coming back together.
    """
    wait: float = min(longest, first * 2.0 ** min(max(number - 1, 0), 30))
    return wait * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, not a secret
