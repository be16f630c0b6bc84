"""FAQs in the database: the one door for each change.

A change always writes the row, a version with its author and reason, an audit line and the revision in one transaction.
Citizens see the version that was last published (``live``), while a newer draft is being written.
"""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import audit, clock
from knowledge_base import revision
from knowledge_base.catalogue import counts, due_for_review, listing
from knowledge_base.entry import Entry
from knowledge_base.history import history, same_facts, version, writers
from knowledge_base.record import EditConflict, Faq, FaqNotFound, FaqVersion, ReasonNeeded, SecondPersonNeeded, WrongState

__all__ = [
    "EditConflict",
    "Faq",
    "FaqNotFound",
    "FaqVersion",
    "ReasonNeeded",
    "SecondPersonNeeded",
    "WrongState",
    "archive",
    "bring_in",
    "confirm",
    "counts",
    "due_for_review",
    "history",
    "listing",
    "live_entries",
    "publish",
    "restore",
    "reviewed",
    "same_facts",
    "save",
    "seed_entry",
    "send_back",
    "submit",
    "switch",
    "version",
    "writers",
]


async def save(
    session: AsyncSession, entry: Entry, author: str, *, seen: int | None, reason: str = "", confirms: bool = False
) -> Faq:
    """Write a new text as a draft; what is live stays live until the draft is published.

    Args:
        session: A writing session.
        entry: The whole text. It stays ``verified`` only while its facts are those the agency confirmed.
        author: Who wrote it, "staff:<id>".
        seen: The version the author had opened, None for a new FAQ.
        reason: Why, in the author's words: "ค่าธรรมเนียมเปลี่ยน". A new FAQ needs none.
        confirms: The author may speak for the agency: ``entry.verified`` is taken as it is.

    Returns:
        The FAQ with its new version.

    Raises:
        EditConflict: Somebody else saved in between, or the id of a new FAQ is taken.
        FaqNotFound: ``seen`` was given but there is no such FAQ.
        ReasonNeeded: The FAQ is not new and there is no reason.
    """
    faq = await session.get(Faq, entry.id, with_for_update=True)
    if faq is None and seen is not None:
        raise FaqNotFound(entry.id)
    if faq is not None:
        await _unchanged(session, faq, seen or 0)
        _needed(reason)
    if not confirms and entry.verified and not (faq is not None and _still_verified(faq.body, entry)):
        entry = entry.model_copy(update={"verified": False})
    if faq is None:
        faq = Faq(id=entry.id, version=0, live=None)
        session.add(faq)
    await _drafted(session, faq, entry, "save", author, reason)
    return faq


async def restore(session: AsyncSession, faq_id: str, number: int, author: str, *, seen: int, reason: str) -> Faq:
    """Make the text of an old version the newest draft; a second person publishes it like any other.

    Raises:
        FaqNotFound: There is no such FAQ or version.
        WrongState: The newest text is the same.
    """
    faq = await _opened(session, faq_id, seen)
    _needed(reason)
    old = Entry.model_validate((await version(session, faq_id, number)).body)
    if old.verified and not _still_verified(faq.body, old):
        old = old.model_copy(update={"verified": False})
    if old.body() == faq.body and faq.state != "archived":
        raise WrongState(f"{faq_id} says already what version {number} said")
    await _drafted(session, faq, old, "restore", author, reason)
    return faq


async def reviewed(
    session: AsyncSession, faq_id: str, author: str, *, seen: int, review_by: date, reason: str = "", today: date | None = None
) -> Faq:
    """Somebody read the answer over and found it right: only its next review is new. It waits for a second person as any text.

    Raises:
        WrongState: It is not published, or a draft of it is being written.
    """
    faq = await _opened(session, faq_id, seen)
    if faq.state != "published":
        raise WrongState(f"{faq_id} is {faq.state}, only what is published can be reviewed without a change")
    day = today or clock.local(clock.now()).date()
    entry = Entry.model_validate(faq.body).model_copy(update={"review_by": review_by, "reviewed": day})
    await _drafted(session, faq, entry, "review", author, reason)
    return await submit(session, faq_id, author, seen=faq.version, reason=reason)


async def submit(session: AsyncSession, faq_id: str, author: str, *, seen: int, reason: str = "") -> Faq:
    """Hand a draft to a second person for review."""
    faq = await _opened(session, faq_id, seen)
    if faq.state != "draft":
        raise WrongState(f"{faq_id} is {faq.state}, only a draft can be handed in for review")
    faq.state = "in_review"
    await _written(session, faq, "submit", author, reason)
    return faq


async def send_back(session: AsyncSession, faq_id: str, author: str, *, seen: int, reason: str) -> Faq:
    """Give a text in review back to its writer, with what is to be changed."""
    faq = await _opened(session, faq_id, seen)
    _needed(reason)
    if faq.state != "in_review":
        raise WrongState(f"{faq_id} is {faq.state}, only a text in review can be sent back")
    faq.state = "draft"
    await _written(session, faq, "return", author, reason)
    return faq


async def publish(session: AsyncSession, faq_id: str, author: str, *, seen: int, reason: str = "", confirms: bool = False) -> Faq:
    """Make the newest text the one citizens see; ``confirms`` also says that the agency found it right.

    Raises:
        SecondPersonNeeded: The same person wrote it, or some of it.
        WrongState: It is published already, or archived.
    """
    faq = await _opened(session, faq_id, seen)
    if faq.state not in ("draft", "in_review"):
        raise WrongState(f"{faq_id} is {faq.state}, only a draft or a text in review can be published")
    await _second_person(session, faq_id, author)
    if confirms:
        faq.body = {**faq.body, "verified": True}
    await _published(session, faq, author, reason)
    return faq


async def confirm(session: AsyncSession, faq_id: str, author: str, *, seen: int, reason: str) -> Faq:
    """Note that the agency found the published text right; ``reason`` says who told so. Citizens see it at once.

    Raises:
        SecondPersonNeeded: The same person wrote it, or some of it.
        WrongState: It is not published, is confirmed already, or a newer draft stands before it.
    """
    faq = await _opened(session, faq_id, seen)
    _needed(reason)
    if faq.state != "published" or faq.body.get("verified"):
        raise WrongState(f"{faq_id} cannot be confirmed: only a published text that is not confirmed yet can be")
    await _second_person(session, faq_id, author)
    faq.body = {**faq.body, "verified": True}
    await _published(session, faq, author, reason, "confirm")
    return faq


async def archive(session: AsyncSession, faq_id: str, author: str, *, seen: int, reason: str = "") -> Faq:
    """Take a FAQ out of use; saving it again brings it back as a draft."""
    faq = await _opened(session, faq_id, seen)
    if faq.state == "archived":
        raise WrongState(f"{faq_id} is archived already")
    faq.state, faq.live = "archived", None
    await _written(session, faq, "archive", author, reason)
    return faq


async def switch(session: AsyncSession, faq_id: str, author: str, *, on: bool, reason: str = "") -> Faq:
    """Switch one answer on or off at once. It asks for no version: stopping a wrong answer must never wait for an editor."""
    faq = await session.get(Faq, faq_id, with_for_update=True)
    if faq is None:
        raise FaqNotFound(faq_id)
    if faq.on != on:
        faq.on = on
        await _written(session, faq, "switch_on" if on else "switch_off", author, reason)
    return faq


async def seed_entry(session: AsyncSession, entry: Entry, author: str, *, state: str, reason: str) -> Faq:
    """Write a text from the content files in the state they give, without a second person: they were reviewed as files."""
    faq = await session.get(Faq, entry.id)
    faq = await bring_in(session, entry, author, seen=faq.version if faq else None, state=state, reason=reason)
    faq.seeded = faq.body
    return faq


async def bring_in(session: AsyncSession, entry: Entry, author: str, *, seen: int | None, state: str, reason: str) -> Faq:
    """Write a text in any state without a second person: whoever runs the installation answers for it."""
    faq = await save(session, entry, author, seen=seen, reason=reason, confirms=True)
    if state == "published":
        await _published(session, faq, author, reason)
    elif state == "archived":
        await archive(session, entry.id, author, seen=faq.version, reason=reason)
    else:
        faq.state = state
    return faq


async def live_entries(session: AsyncSession) -> list[Entry]:
    """What citizens may be told now: the published texts that are switched on, in the order of their ids."""
    query = (
        select(FaqVersion.body)
        .join(Faq, (Faq.id == FaqVersion.faq_id) & (Faq.live == FaqVersion.number))
        .where(Faq.on.is_(True))
        .order_by(Faq.id)
    )
    return [Entry.model_validate(body) for body in (await session.scalars(query)).all()]


async def _opened(session: AsyncSession, faq_id: str, seen: int) -> Faq:
    faq = await session.get(Faq, faq_id, with_for_update=True)
    if faq is None:
        raise FaqNotFound(faq_id)
    await _unchanged(session, faq, seen)
    return faq


async def _unchanged(session: AsyncSession, faq: Faq, seen: int) -> None:
    if faq.version != seen:
        newest = await version(session, faq.id, faq.version)
        raise EditConflict(faq.id, seen, faq.version, newest.author, newest.at)


async def _second_person(session: AsyncSession, faq_id: str, author: str) -> None:
    if author in await writers(session, faq_id):
        raise SecondPersonNeeded(faq_id)


def _needed(reason: str) -> None:
    if not reason.strip():
        raise ReasonNeeded("say why")


def _still_verified(before: dict[str, Any], entry: Entry) -> bool:
    """Whether the agency had confirmed just these facts."""
    return bool(before.get("verified")) and same_facts(before, entry.body())


async def _drafted(session: AsyncSession, faq: Faq, entry: Entry, action: str, author: str, reason: str) -> None:
    faq.group, faq.review_by, faq.body, faq.state = entry.group, entry.review_by, entry.body(), "draft"
    await _written(session, faq, action, author, reason)


async def _published(session: AsyncSession, faq: Faq, author: str, reason: str, action: str = "publish") -> None:
    faq.state, faq.live = "published", faq.version + 1
    await _written(session, faq, action, author, reason)


async def _written(session: AsyncSession, faq: Faq, action: str, author: str, reason: str) -> None:
    """Close a change: its version, its audit line and the revision."""
    faq.version += 1
    faq.changed_at = clock.now()
    await session.flush()  # the row must exist before its version does
    session.add(FaqVersion(faq_id=faq.id, number=faq.version, action=action, author=author, reason=reason, body=faq.body))
    audit.record(session, author, f"faq.{action}", f"faq:{faq.id}", version=faq.version)
    faq.revision = await revision.advance(session)
