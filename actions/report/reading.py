"""What a message did to the draft."""

from dataclasses import dataclass

from actions.report.draft import Draft

GIVE_UP = 2  # unclear answers to a question before the report goes on without


@dataclass(frozen=True)
class Reading:
    """The draft after a message.

    ``say`` names responses to utter first and ``ask`` a field to ask for out of turn (``edit`` asks which one); ``quiet``
    means that what was said asks already. ``page`` is a page of the categories. ``stop`` ends the form: the report is
    complete, or waits.
    """

    draft: Draft
    say: tuple[str, ...] = ()
    ask: str | None = None
    quiet: bool = False
    page: int = 0
    stop: bool = False


def unclear(draft: Draft, asked: str, **without: object) -> Reading:
    """The reading of an unclear answer: ask once more in other words, then go on with ``without``."""
    tried = draft.tried(asked)
    if tried.times(asked) < GIVE_UP:
        return Reading(tried)
    return Reading(tried.but(**without), ("utter_going_on_without",))
