"""How it went with cases that were changed together."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """How it went with one case; ``words`` says why not."""

    number: str
    words: str = ""


@dataclass(frozen=True)
class Told:
    """How it went with all of them."""

    outcomes: Sequence[Outcome]

    @property
    def done(self) -> Sequence[Outcome]:
        """Those that were changed."""
        return [one for one in self.outcomes if not one.words]

    @property
    def refused(self) -> Sequence[Outcome]:
        """Those that stayed as they were."""
        return [one for one in self.outcomes if one.words]
