"""Synonyms: the words people use for the knowledge base's words, kept by curators and tried out on a question."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from core import thai
from helpdesk import staff
from knowledge_base import synonym
from knowledge_base.reworded import reworded
from knowledge_base.synonym import SynonymError
from knowledge_base.wording import Wording
from web import parts
from web.console import access, page
from web.console.access import Route

BASE = f"{access.HOME}/synonyms"
TEMPLATE = "console/synonyms.html"
MANY = 10  # FAQs that get another wording; from here on the curator is asked first
_SHOWN = 100
_LONGEST = 500  # letters of a question that is tried, or of a reason
_DONE = {
    "saved": "บันทึกแล้ว การค้นหาใช้คำนี้ภายในหนึ่งวินาที",
    "removed": "นำคำออกแล้ว การค้นหาไม่ใช้คำนี้ภายในหนึ่งวินาที",
}


async def show(request: web.Request) -> web.Response:
    """The list, a search in it, the form for a new pair, and the place to try a question."""
    return await _page(request)


async def put(request: web.Request) -> web.Response:
    """Add a pair or change one; what would do harm is said first, and done when it is confirmed."""
    form = await request.post()
    asked = {name: str(form.get(name, ""))[:_LONGEST] for name in ("word", "meaning", "reason")}
    known = parts.of(request)
    try:
        word, meaning = synonym.checked(asked["word"], asked["meaning"])
    except SynonymError as error:
        return await _page(request, status=422, asked=asked, mistake=str(error), field=error.field)
    if not form.get("sure"):
        warnings = await _warnings(request, word, meaning, was=str(form.get("was", "")))
        if warnings:
            return await _page(request, status=422, asked=asked, warnings=warnings)
    async with known.database.write() as session:
        await synonym.put(session, word, meaning, access.staff(request).actor, reason=asked["reason"].strip())
    raise web.HTTPSeeOther(f"{BASE}?done=saved")


async def remove(request: web.Request) -> web.Response:
    """Take a pair out of use; it needs a reason."""
    form = await request.post()
    word, reason = str(form.get("word", "")), str(form.get("reason", ""))[:_LONGEST].strip()
    if not reason:
        return await _page(request, status=422, mistake="กรุณาบอกเหตุผลที่นำคำออก")
    try:
        async with parts.of(request).database.write() as session:
            await synonym.remove(session, word, access.staff(request).actor, reason=reason)
    except SynonymError as error:
        return await _page(request, status=409, mistake=str(error))
    raise web.HTTPSeeOther(f"{BASE}?done=removed")


ROUTES = [
    Route("GET", BASE, show, "synonym.write"),
    Route("POST", BASE, put, "synonym.write"),
    Route("POST", f"{BASE}/remove", remove, "synonym.write"),
]


async def _warnings(request: web.Request, word: str, meaning: str, *, was: str) -> list[dict[str, Any]]:
    """What a curator should know before the pair is kept, in Thai; each with examples of texts.

    ``was`` is the meaning that the curator saw and is changing.
    """
    async with parts.of(request).database.read() as session:
        before = await synonym.pairs(session)
        if before.get(word) == meaning:
            return []
        effect = await reworded(session, before, {**before, word: meaning})
    found: list[dict[str, Any]] = []
    if word in before and before[word] != was:
        found.append({"words": f"“{word}” แทนด้วย “{before[word]}” อยู่แล้ว จะเปลี่ยนเป็น “{meaning}”", "examples": ()})
    for key, value in synonym.chains(before, word, meaning):
        if value == word:
            words = f"“{word}” เป็นคำแทนของ “{key}” อยู่แล้ว ผู้ที่พิมพ์ “{key}” จะยังได้คำว่า “{word}” ไม่ใช่ “{meaning}”"
        else:
            words = f"“{key}” มีคำแทนคือ “{value}” อยู่แล้ว ควรใช้ “{value}” เป็นคำแทนของ “{word}” ด้วย"
        found.append({"words": words, "examples": ()})
    if effect.faqs > MANY:
        found.append({"words": f"ถ้อยคำของ {effect.faqs} คำตอบจากที่ดู {effect.looked} คำตอบจะเปลี่ยนไป", "examples": effect.examples})
    return found


async def _page(
    request: web.Request,
    *,
    status: int = 200,
    asked: Mapping[str, str] | None = None,
    mistake: str = "",
    field: str = "",
    warnings: list[dict[str, Any]] | None = None,
) -> web.Response:
    query = request.query
    text, trial = query.get("text", "")[:_LONGEST], query.get("try", "")[:_LONGEST]
    async with parts.of(request).database.read() as session:
        rows = await synonym.listing(session, text, limit=_SHOWN + 1, after=query.get("after", ""))
        names = await staff.names(session, [row.author for row in rows])
        count = await synonym.count(session)
        pairs = await synonym.pairs(session) if trial.strip() else {}
    values: dict[str, Any] = {
        "rows": rows[:_SHOWN],
        "more": rows[_SHOWN - 1].word if len(rows) > _SHOWN else "",
        "names": names,
        "count": count,
        "text": text,
        "trial": trial,
        "canonical": Wording(pairs).canonical(trial) if trial.strip() else "",
        "plain": thai.normalise(trial),
        "asked": asked or {"word": "", "meaning": "", "reason": ""},
        "mistake": mistake,
        "field": field,
        "warnings": warnings or [],
        "done": _DONE.get(query.get("done", ""), ""),
        "longest": synonym.LONGEST,
        "base": BASE,
    }
    return page.render(request, TEMPLATE, status=status, **values)
