"""The editor: a FAQ's whole text, what is wrong with it, how it will look, and who else changed it meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from core import storable
from helpdesk import staff
from knowledge_base import catalogue, difference, faq, gap
from knowledge_base.entry import RESERVED, Entry
from knowledge_base.faq import EditConflict
from knowledge_base.record import Faq
from web import parts
from web.console import access, page
from web.console.faqs import labels, listing, preview, sheet, slug
from web.console.faqs.form import Form, Mistakes
from web.console.faqs.sheet import BASE, Sheet

LIMIT = 12 * 1024 * 1024  # bytes: a megabyte of Thai letters in every way a browser may send them
REASON_LENGTH = 500
_NEXT_REVIEW = timedelta(days=180)


@dataclass(frozen=True)
class Conflict:
    """Somebody else's newer text, and how the one in the form differs from it."""

    name: str
    at: Any
    changes: list[difference.Change]


async def edit(request: web.Request) -> web.Response:
    """The form with the newest text."""
    opened = await sheet.of(request)
    return await _page(request, opened, Form.of(opened.row.body))


async def save(request: web.Request) -> web.Response:
    """Save a draft, save and hand in, or only look at it: the button pressed is ``do``."""
    opened, post = await sheet.of(request), await request.post()
    form, reason, seen = Form.typed(post), _reason(post), _number(post.get("seen"))
    if post.get("do") == "preview":
        return await _page(request, opened, form, reason=reason, seen=seen)
    entry, mistakes = form.entry(opened.row.id, verified=bool(opened.row.body["verified"]), reviewed=None)
    if not reason:
        mistakes["reason"] = [labels.REASON]
    if entry is None or mistakes:
        return await _page(request, opened, form, reason=reason, seen=seen, mistakes=mistakes, status=422)
    entry = _read_over(entry, opened.row.body)
    if seen == opened.row.version and entry.body() == opened.row.body and post.get("do") != "submit":
        raise web.HTTPSeeOther(f"{opened.path}?done=same")
    try:
        async with parts.of(request).database.write() as session:
            await _write(session, entry, access.staff(request).actor, seen, reason, submit=post.get("do") == "submit")
    except EditConflict as conflict:
        opened = await sheet.of(request)
        told = await _conflict(request, conflict, opened.row.body, entry)
        return await _page(request, opened, form, reason=reason, conflict=told, status=409)
    raise web.HTTPSeeOther(_after(opened.path, post))


async def new(request: web.Request) -> web.Response:
    """An empty form, or one begun with what citizens asked (``?gap=``) or with one question (``?question=``)."""
    question, variants = sheet.asked(request, "question"), ""
    if group_id := sheet.asked(request, "gap"):
        async with parts.of(request).database.read() as session:
            try:
                begun = await gap.prefill(session, group_id)
            except gap.GapNotFound:
                raise web.HTTPNotFound from None
        question, variants = begun.question, "\n".join((begun.question, *begun.variants))
    form = Form.empty(question_th=question, variants=variants, review_by=(sheet.today() + _NEXT_REVIEW).isoformat())
    return await _page(request, None, form, gap_id=group_id)


async def create(request: web.Request) -> web.Response:
    """Save a new FAQ as a draft under an id that never changes again."""
    post = await request.post()
    form, group_id, typed_id = Form.typed(post), _word(post, "gap"), _word(post, "id")
    if post.get("do") == "preview":
        return await _page(request, None, form, faq_id=typed_id, gap_id=group_id)
    async with parts.of(request).database.read() as session:
        faq_id = typed_id or await _proposed(session, form.values["question_en"])
        taken = faq_id in RESERVED or await session.get(Faq, faq_id) is not None
    entry, mistakes = form.entry(faq_id, verified=False, reviewed=sheet.today())
    if taken:
        mistakes["id"] = ["มีคำตอบที่ใช้รหัสนี้แล้ว กรุณาใช้รหัสอื่น"]
    if entry is None or mistakes:
        return await _page(request, None, form, faq_id=typed_id, gap_id=group_id, mistakes=mistakes, status=422)
    try:
        async with parts.of(request).database.write() as session:
            actor = access.staff(request).actor
            await _write(session, entry, actor, None, _reason(post), submit=post.get("do") == "submit")
            if group_id:
                await _link(session, group_id, entry.id, actor)
    except EditConflict:  # somebody took the id at this moment
        taken_now = {"id": ["มีคำตอบที่ใช้รหัสนี้แล้ว กรุณาใช้รหัสอื่น"]}
        return await _page(request, None, form, faq_id=typed_id, gap_id=group_id, mistakes=taken_now, status=409)
    raise web.HTTPSeeOther(_after(f"{BASE}/{entry.id}", post))


async def look(request: web.Request) -> web.Response:
    """The preview alone, as htmx asks for it while somebody types."""
    post = await request.post()
    faq_id = _word(post, "faq")
    async with parts.of(request).database.read() as session:
        row = await session.get(Faq, faq_id) if faq_id else None
        values = await _preview(session, row, Form.typed(post), str(post.get("language", "th")))
    return page.fragment(request, "console/faqs/edit.html", "preview", base=BASE, **values)


async def _page(
    request: web.Request,
    opened: Sheet | None,
    form: Form,
    *,
    faq_id: str = "",
    gap_id: str = "",
    reason: str = "",
    seen: int | None = None,
    mistakes: Mistakes | None = None,
    conflict: Conflict | None = None,
    status: int = 200,
) -> web.Response:
    language = str((await request.post()).get("language", "th")) if request.method == "POST" else "th"
    async with parts.of(request).database.read() as session:
        known = await catalogue.groups(session)
        drawn = await _preview(session, opened.row if opened else None, form, language)
    # Whoever was told of a newer version and saves again saves on top of it knowingly.
    version = opened.row.version if opened and (seen is None or conflict) else seen
    values: dict[str, Any] = {
        "form": form.values,
        "faq_id": faq_id,
        "gap_id": gap_id,
        "reason": reason,
        "seen": version,
        "mistakes": mistakes or {},
        "conflict": conflict,
        "groups": listing.named(known),
        "base": BASE,
        "labels": labels,
        "reason_length": REASON_LENGTH,
        **drawn,
    }
    if opened is None:
        return page.render(request, "console/faqs/new.html", status=status, **values)
    return sheet.render(request, "edit", opened, status=status, **values)


async def _preview(session: AsyncSession, row: Faq | None, form: Form, language: str) -> dict[str, Any]:
    """The answer as it would look, the id it might have, and ways to ask that belong to other answers too."""
    body: Mapping[str, Any] = row.body if row else {}
    said = form.hit(row.id if row else "", verified=bool(body.get("verified")), reviewed=body.get("reviewed"))
    variants = form.lines("variants")[:200]
    return {
        "preview": preview.of(said, "en" if language == "en" else "th") if said else None,
        "language": language,
        "variants": len(form.lines("variants")),
        "doubles": await catalogue.doubles(session, [one for one in variants if len(one) <= 600], row.id if row else ""),
        "review_day": form.review_day,
        "proposed": "" if row else await _proposed(session, form.values["question_en"]),
    }


async def _proposed(session: AsyncSession, title: str) -> str:
    base = slug.proposed(title[:300])
    taken = {row.id for row in await faq.listing(session, text=base)} if base else set()
    return slug.proposed(title[:300], taken | RESERVED)


async def _write(session: AsyncSession, entry: Entry, author: str, seen: int | None, reason: str, *, submit: bool) -> None:
    row = await session.get(Faq, entry.id, with_for_update=True)
    if not (submit and row is not None and row.version == seen and row.state == "draft" and row.body == entry.body()):
        row = await faq.save(session, entry, author, seen=seen, reason=reason)
    if submit:
        await faq.submit(session, entry.id, author, seen=row.version, reason=reason)


async def _link(session: AsyncSession, group_id: str, faq_id: str, author: str) -> None:
    """Note for which question it was written; the group may have been merged or closed since."""
    try:
        await gap.link(session, group_id, faq_id, author)
    except gap.GapNotFound:
        return


def _read_over(entry: Entry, before: Mapping[str, Any]) -> Entry:
    """Whoever changes the facts has read them over today; another way to ask is no review."""
    if faq.same_facts(before, entry.body()):
        return Entry.model_validate(entry.body() | {"reviewed": before["reviewed"]})
    return entry.model_copy(update={"reviewed": sheet.today()})


async def _conflict(request: web.Request, conflict: EditConflict, newest: Mapping[str, Any], mine: Entry) -> Conflict:
    async with parts.of(request).database.read() as session:
        names = await staff.names(session, [conflict.author])
    return Conflict(names[conflict.author], conflict.at, difference.between(newest, mine.body()))


def _after(path: str, post: Mapping[str, Any]) -> str:
    return f"{path}/review?done=submitted" if post.get("do") == "submit" else f"{path}?done=saved"


def _reason(post: Mapping[str, Any]) -> str:
    return storable.text(str(post.get("reason", ""))).strip()[:REASON_LENGTH]


def _word(post: Mapping[str, Any], name: str) -> str:
    return storable.text(str(post.get(name, ""))).strip()[:200]


def _number(text: Any) -> int:
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 10 else 0
