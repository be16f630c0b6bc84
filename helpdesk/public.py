"""What everybody may see of a case."""

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from core import clock, privacy
from helpdesk import category as categories
from helpdesk import state as states
from helpdesk.record import Case
from helpdesk.timeline import TimelineEntry, timeline


class PublicCase(BaseModel):
    """A case for the public. Of a confidential one category, unit, place and description are None."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: str
    state: str
    state_label: str
    opened: str  # "22 พฤศจิกายน 2569"
    changed: str
    confidential: bool
    category: str | None  # the category's Thai title
    unit: str | None
    place: str | None
    description: str | None
    timeline: list[TimelineEntry]


async def public_view(session: AsyncSession, case: Case) -> PublicCase:
    """What the public may see: personal data masked, never who reported it or how to reach them."""
    shown = not case.confidential
    return PublicCase(
        number=case.number,
        state=case.state,
        state_label=states.label(case.state),
        opened=clock.thai_date(case.opened_at),
        changed=clock.thai_date(case.state_at),
        confidential=case.confidential,
        category=categories.category(case.category).title_th if shown else None,
        unit=case.unit if shown else None,
        place=privacy.mask(case.place_text) if shown else None,
        description=privacy.mask(case.description) if shown else None,
        timeline=await timeline(session, case),
    )
