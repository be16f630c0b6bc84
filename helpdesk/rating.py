"""Rating: 1 to 5 stars and a word of the reporter about a case that is finished."""

from sqlalchemy.ext.asyncio import AsyncSession

from core import audit
from helpdesk import alert, door, history, record, wording
from helpdesk import state as states
from helpdesk.error import NotRateable
from helpdesk.record import Case

STARS = (1, 2, 3, 4, 5)
LOW = 2  # stars of which supervisors hear
LONGEST = 1_000  # letters of the word


async def rate(session: AsyncSession, case: Case, *, key: str, stars: int, text: str = "", actor: str) -> Case:
    """Keep what the reporter thinks of how the case was handled; a later rating replaces an earlier one.

    Args:
        session: A writing transaction.
        case: A case that is done or closed.
        key: The cause, such as the event with which a star was pressed.
        stars: 1 (bad) to 5 (very good).
        text: A word, if they gave one; an empty one keeps what they said before.
        actor: As in the audit log: ``citizen:<person id>``.

    Raises:
        NotRateable: when the case is not finished, or was merged, or these are no stars.
    """
    own_key, words = f"{record.RATED}:{key}", wording.clean(text)[:LONGEST]
    case = await door.locked(session, case)
    if await history.find(session, case, own_key) is not None:
        return case
    if stars not in STARS or not rateable(case):
        raise NotRateable(case.number)
    event = await history.append(session, case, record.RATED, key=own_key, actor=actor, text=words, detail={"stars": stars})
    case.rating, case.rated_at = stars, event.at
    case.rating_text = words or case.rating_text
    if stars <= LOW:
        await alert.tell(session, case, event, await alert.supervisors(session, case), alert.RATED)
    audit.record(session, actor, "case.rate", f"case:{case.number}", stars=stars, event=event.id)
    return case


def rateable(case: Case) -> bool:
    """Whether the case can be rated now."""
    return case.state in states.FINISHED and case.merged_into is None
