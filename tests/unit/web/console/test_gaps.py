"""The inbox of questions without an answer, as curators use it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from knowledge_base import faq, gap, inbox, questions
from knowledge_base.inbox import Group
from knowledge_base.questions import Reason
from knowledge_base.record import Faq
from tests.unit.web.town import ENTRIES, Town

GAPS = "/console/gaps"
BALLOON, KITE = "จัดงานปล่อยบอลลูนต้องขออนุญาตไหม", "เล่นว่าวใกล้สนามบินผิดหรือเปล่า"
RENEWAL = "id-card-renewal"


async def ask(town: Town, text: str, reason: Reason = "none", channel: str = "line") -> str:
    async with town.database.write() as session:
        row = await questions.record(session, text, reason, channel)
    assert row is not None
    return str(row.group)


async def group(town: Town, group_id: str) -> Group:
    async with town.database.read() as session:
        return await inbox.find(session, group_id)


async def publish(town: Town) -> None:
    """Publish the town's answers and have them searchable."""
    await town.publish(ENTRIES)
    await town.search.ready()


async def renewal(town: Town) -> Faq:
    async with town.database.read() as session:
        found = await session.get(Faq, RENEWAL)
    assert found is not None
    return found


async def test_the_list_shows_what_was_asked_how_often_and_masked(town: Town, console: Callable[..., Any]) -> None:
    curator = await console("curator")
    await ask(town, "นายสมชาย ใจดี โทร 081-234-5678 ขอปล่อยบอลลูน")
    for _ in range(3):
        await ask(town, KITE, "unhelpful", "web")
    shown = await curator.get(GAPS)
    assert "สมชาย" not in shown
    assert "081" not in shown
    assert shown.index(KITE) < shown.index("ขอปล่อยบอลลูน")
    assert "แชตบนเว็บ&nbsp;3" in shown
    assert "style=" not in shown


async def test_filters_answer_htmx_with_the_rows_only(town: Town, console: Callable[..., Any]) -> None:
    curator = await console("curator")
    await ask(town, BALLOON)
    await ask(town, KITE, "unhelpful", "web")
    rows = await curator.get(f"{GAPS}?channel=web&reason=unhelpful&days=7&order=trend&text=ว่าว", htmx=True)
    assert KITE in rows
    assert BALLOON not in rows
    assert "<html" not in rows
    assert "ไม่มีคำถามในรายการนี้" in await curator.get(f"{GAPS}?state=done")
    assert KITE in await curator.get(f"{GAPS}?days=x&order=x&page=-1&state=x")


async def test_what_a_citizen_wrote_is_text_and_never_markup(town: Town, console: Callable[..., Any]) -> None:
    curator = await console("curator")
    one = await ask(town, '<script>alert(1)</script> "ขอเช่าเต็นท์" <img src=x>')
    for path in (GAPS, f"{GAPS}/{one}"):
        shown = await curator.get(path)
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown


async def test_a_group_is_taken_by_one_and_the_other_is_told(town: Town, console: Callable[..., Any]) -> None:
    mali, somchai = await console("curator", name="มะลิ"), await console("curator", name="สมชาย")
    one = await ask(town, BALLOON)
    await mali.post(f"{GAPS}/{one}/take", status=303)
    refused = await somchai.post(f"{GAPS}/{one}/take", status=409)
    assert "มะลิ รับเรื่องนี้ไปแล้ว" in await refused.text()
    assert BALLOON in await mali.get(f"{GAPS}?state=in_work&mine=1")
    assert BALLOON not in await somchai.get(f"{GAPS}?state=in_work&mine=1")
    await mali.post(f"{GAPS}/{one}/give_back", status=303)
    assert (await group(town, one)).state == "new"


async def test_a_wording_goes_into_an_answer_and_the_group_is_done_when_it_is_published(
    town: Town, console: Callable[..., Any]
) -> None:
    curator, reviewer = await console("curator"), await console("reviewer")
    await publish(town)
    one = await ask(town, "บัตรประชาชนหมดอายุ ต่อที่ไหนได้มั่ง")
    shown = await curator.get(f"{GAPS}/{one}")
    assert f'value="{RENEWAL}"' in shown
    seen = re.search(f'name="seen-{RENEWAL}" value="(\\d+)"', shown)
    assert seen is not None
    chosen = {"faq": RENEWAL, f"seen-{RENEWAL}": seen[1], "wording": "บัตรประชาชนหมดอายุ ต่อที่ไหนได้มั่ง"}
    await curator.post(f"{GAPS}/{one}/adopt", chosen, status=303)
    row = await renewal(town)
    assert (row.state, row.body["variants"]) == ("draft", ["บัตรประชาชนหมดอายุ ต่อที่ไหนได้มั่ง"])
    assert (await group(town, one)).state == "in_work"
    assert "รอเผยแพร่" in await curator.get(f"{GAPS}/{one}")

    again = await curator.post(f"{GAPS}/{one}/adopt", chosen | {f"seen-{RENEWAL}": str(row.version)}, status=422)
    assert "ครบแล้ว" in await again.text()
    async with town.database.write() as session:
        await faq.publish(session, RENEWAL, reviewer.member.actor, seen=row.version)
        await gap.published(session, RENEWAL, reviewer.member.actor)
    assert (await group(town, one)).state == "done"


async def test_whoever_saw_an_older_answer_is_told_and_nothing_is_added(town: Town, console: Callable[..., Any]) -> None:
    curator = await console("curator")
    await publish(town)
    one = await ask(town, BALLOON)
    stale = {"faq": RENEWAL, f"seen-{RENEWAL}": "0", "wording": BALLOON}
    told = await curator.post(f"{GAPS}/{one}/adopt", stale, status=409)
    assert "มีผู้แก้ไขคำตอบนี้ไปก่อน" in await told.text()
    await curator.post(f"{GAPS}/{one}/adopt", {"faq": "no-such"}, status=422)
    await curator.post(f"{GAPS}/{one}/adopt", stale | {f"seen-{RENEWAL}": "x" * 20, "wording": "ก" * 700}, status=422)
    assert (await renewal(town)).state == "published"
    assert (await group(town, one)).state == "new"


async def test_an_answer_that_fits_as_it_is_closes_the_group(town: Town, console: Callable[..., Any]) -> None:
    curator = await console("curator")
    await publish(town)
    one = await ask(town, BALLOON)
    await curator.post(f"{GAPS}/{one}/close", {"faq": RENEWAL}, status=303)
    await curator.post(f"{GAPS}/{one}/close", {"faq": "no-such"}, status=422)
    assert (await group(town, one)).faq_id == RENEWAL
    await ask(town, BALLOON)
    assert "กลับมาใหม่" in await curator.get(GAPS)


async def test_another_answer_can_be_looked_for(town: Town, console: Callable[..., Any]) -> None:
    curator = await console("curator")
    await publish(town)
    one = await ask(town, BALLOON)
    assert 'value="garbage-fee"' in await curator.get(f"{GAPS}/{one}?q=ค่าเก็บขยะเดือนละเท่าไร")


async def test_several_are_merged_or_ignored_at_once(town: Town, console: Callable[..., Any]) -> None:
    curator = await console("curator")
    balloon, kite, elephant = [await ask(town, text) for text in (BALLOON, KITE, "เลี้ยงช้างในบ้านได้ไหม")]
    merged = await curator.post(GAPS, [("id", kite), ("id", balloon), ("do", "merge")], status=303)
    assert merged.headers["Location"].startswith(f"{GAPS}/{balloon}")
    await curator.get(f"{GAPS}/{kite}", status=303)
    both = [("id", balloon), ("id", elephant), ("do", "ignore"), ("reason", "ไม่ใช่งานของเทศบาล")]
    await curator.post(GAPS, both, status=303)
    assert {(await group(town, one)).state for one in (balloon, elephant)} == {"ignored"}
    async with town.database.read() as session:
        line = select(AuditEntry.detail).where(AuditEntry.action == "gap.ignore", AuditEntry.subject == f"gap:{elephant}")
        assert (await session.scalars(line)).all() == [{"reason": "ไม่ใช่งานของเทศบาล"}]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ([("do", "merge")], 422),
        ([("id", "unq_one"), ("do", "merge")], 422),
        ([("id", "unq_none"), ("do", "take")], 409),
        ([("id", "unq_none"), ("do", "burn")], 400),
    ],
)
async def test_what_cannot_be_done_at_once(
    town: Town, console: Callable[..., Any], form: list[tuple[str, str]], status: int
) -> None:
    curator = await console("curator")
    await curator.post(GAPS, form, status=status)


async def test_a_wording_is_taken_out(town: Town, console: Callable[..., Any]) -> None:
    curator = await console("curator")
    one = await ask(town, BALLOON)
    await ask(town, f"{BALLOON}ครับพี่")
    other = next(wording for wording in (await group(town, one)).wordings if wording.id != one)
    await curator.post(f"{GAPS}/{one}/split", {"question": other.id}, status=303)
    assert [wording.text for wording in (await group(town, other.id)).wordings] == [f"{BALLOON}ครับพี่"]


async def test_a_group_that_does_not_exist(town: Town, console: Callable[..., Any]) -> None:
    curator = await console("curator")
    await curator.get(f"{GAPS}/unq_none", status=404)
    for what in ("take", "ignore", "split", "adopt"):
        await curator.post(f"{GAPS}/unq_none/{what}", {"faq": RENEWAL, "wording": KITE, "question": "x"}, status=404)


async def test_only_those_who_curate_may_look(town: Town, console: Callable[..., Any]) -> None:
    officer = await console("officer")
    await officer.get(GAPS, status=403)
    await officer.post(GAPS, {"do": "take"}, status=403)
