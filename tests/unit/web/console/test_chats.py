"""Live chats: the list, the page, what is said, and who may do what."""

import asyncio
import json
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, FormData
from PIL import Image as Picture
from sqlalchemy import select

from conversations import conversation as conversations
from conversations import handover, message, presence, waiting
from conversations.attachment import Attachment
from conversations.conversation import Conversation
from conversations.message import Message
from conversations.outbox import PENDING, STOPPED, Outgoing
from conversations.waiting import Waiting
from core import clock
from core.audit import AuditEntry
from helpdesk import staff
from helpdesk.record import Case
from tests.unit.web.town import ENTRIES, Town

Console = Callable[..., Any]
BASE = "/console/chats"
QUESTION = "บัตรประชาชนหายต้องทำยังไงคะ"


async def citizen(town: Town, who: str = "somchai", channel: str = "line", text: str = QUESTION) -> str:
    """A citizen who has asked something."""
    async with town.database.write() as session:
        one = await conversations.find_or_open(session, channel, "main", who)
        understood = {"intent": "ask_service", "confidence": 0.87}
        await message.append(session, one, "citizen", {"kind": "text", "text": text}, understood=understood)
        return one.id


async def queue(town: Town, chat: str) -> None:
    async with town.database.write() as session:
        assert await handover.ask(session, chat, f"e-{chat}", reason=waiting.ASKED, actor="citizen:x")


async def take(town: Town, chat: str, desk: Any) -> None:
    async with town.database.write() as session:
        expected = (await session.get_one(Conversation, chat)).owner
        await handover.take(session, chat, actor=desk.member.actor, expected=expected)


async def owner(town: Town, chat: str) -> str:
    async with town.database.read() as session:
        return (await session.get_one(Conversation, chat)).owner


async def said(town: Town, chat: str) -> list[tuple[str, str]]:
    async with town.database.read() as session:
        rows = await message.transcript(session, chat)
        return [(row.author, str(row.content.get("text") or row.content.get("url") or row.content.get("title"))) for row in rows]


def jpeg() -> bytes:
    data = BytesIO()
    Picture.new("RGB", (40, 30), "red").save(data, "JPEG")
    return data.getvalue()


async def test_who_waits_longest_stands_first(town: Town, console: Console) -> None:
    officer = await console("officer")
    late, early = await citizen(town, "late"), await citizen(town, "early")
    await queue(town, late)
    await queue(town, early)
    async with town.database.write() as session:
        row = (await session.scalars(select(Waiting).where(Waiting.conversation_id == early))).one()
        row.since = clock.now() - timedelta(minutes=7)
    text = await officer.get(BASE)
    assert text.index(early) < text.index(late)
    assert "7 นาที" in text
    assert QUESTION in text
    assert "รอเจ้าหน้าที่ (2)" in text


async def test_the_tabs_part_mine_from_others(town: Town, console: Console) -> None:
    officer, colleague = await console("officer"), await console("officer")
    mine, theirs, nobodys = [await citizen(town, who) for who in ("a", "b", "c")]
    await take(town, mine, officer)
    await take(town, theirs, colleague)
    for tab, there, missing in (
        ("mine", [mine], [theirs, nobodys]),
        ("others", [theirs], [mine, nobodys]),
        ("all", [mine, theirs], [nobodys]),
        ("bot", [nobodys], [mine, theirs]),
        ("waiting", [], [mine, theirs, nobodys]),
    ):
        text = await officer.get(f"{BASE}?show={tab}", htmx=True)
        assert "<html" not in text
        assert all(f"{BASE}/{one}" in text for one in there), tab
        assert not any(f"{BASE}/{one}" in text for one in missing), tab


async def test_new_messages_are_marked_until_the_owner_has_read_them(town: Town, console: Console) -> None:
    officer, colleague = await console("officer"), await console("officer")
    chat = await citizen(town)
    await take(town, chat, officer)
    assert "1 ข้อความใหม่" in await officer.get(f"{BASE}?show=mine")
    await colleague.get(f"{BASE}/{chat}")
    assert "1 ข้อความใหม่" in await officer.get(f"{BASE}?show=mine")
    await officer.get(f"{BASE}/{chat}")
    assert "ข้อความใหม่" not in await officer.get(f"{BASE}?show=mine")


async def test_the_page_shows_the_talk_and_how_it_was_understood(town: Town, console: Console) -> None:
    officer = await console("officer")
    chat = await citizen(town)
    text = await officer.get(f"{BASE}/{chat}")
    assert QUESTION in text
    assert "บอตเข้าใจว่า: ถามเรื่องบริการ (87%)" in text
    async with town.database.read() as session:
        entry = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "chat.read"))).one()
    assert (entry.actor, entry.subject) == (officer.member.actor, f"conversation:{chat}")


async def test_a_reader_sees_but_cannot_take(town: Town, console: Console) -> None:
    auditor, chat = await console("auditor"), await citizen(town)
    assert "รับแชตนี้" not in await auditor.get(f"{BASE}/{chat}")
    await auditor.post(f"{BASE}/{chat}/take", {"expected": "bot"}, status=403)
    assert await presence.at_desk(town.valkey) == set()  # who only reads does not make citizens wait


async def test_what_does_not_exist_is_not_there(console: Console) -> None:
    officer = await console("officer")
    for path in ("/cnv_no", "/cnv_no/talk", "/cnv_no/box", "/cnv_no/stream", "/cnv_no/files/att_no"):
        await officer.get(BASE + path, status=404)
    await officer.post(f"{BASE}/cnv_no/take", {"expected": "queue"}, status=404)


async def test_two_take_it_and_the_second_is_told_who_has_it(town: Town, console: Console) -> None:
    first, second = await console("officer", name="เจ้าหน้าที่ ก"), await console("officer")
    chat = await citizen(town)
    await queue(town, chat)
    await first.post(f"{BASE}/{chat}/take", {"expected": "queue"}, status=303)
    answer = await second.post(f"{BASE}/{chat}/take", {"expected": "queue"}, status=409)
    assert "เจ้าหน้าที่ ก ดูแลแชตนี้อยู่" in await answer.text()
    assert await owner(town, chat) == first.member.actor
    await second.post(f"{BASE}/{chat}/take", {"expected": first.member.actor}, status=303)
    assert await owner(town, chat) == second.member.actor


async def test_words_are_sent_once_however_often_the_button_is_pressed(town: Town, console: Console) -> None:
    officer, chat = await console("officer"), await citizen(town)
    await take(town, chat, officer)
    for _ in range(2):
        await officer.post(f"{BASE}/{chat}/say", {"text": "สวัสดีค่ะ", "key": "k1"}, status=303)
    assert (await said(town, chat))[2:] == [(officer.member.actor, "สวัสดีค่ะ")]
    answer = await officer.post(f"{BASE}/{chat}/say", {"text": "ต่อค่ะ", "key": "k2"}, status=200, htmx=True)
    assert answer.headers["HX-Trigger"] == "pracha:said"
    assert "ต่อค่ะ" not in await answer.text()  # the box is empty again


async def test_who_does_not_own_it_is_told_and_keeps_what_was_typed(town: Town, console: Console) -> None:
    officer, other = await console("officer"), await console("officer", name="เจ้าหน้าที่ ข")
    chat = await citizen(town)
    await take(town, chat, other)
    for htmx in (False, True):
        answer = await officer.post(f"{BASE}/{chat}/say", {"text": "พิมพ์ไว้แล้ว", "key": "k"}, status=409, htmx=htmx)
        text = await answer.text()
        assert "เจ้าหน้าที่ ข ดูแลแชตนี้อยู่ ข้อความนี้จึงยังไม่ได้ส่ง" in text
        assert ">พิมพ์ไว้แล้ว</textarea>" in text
    assert len(await said(town, chat)) == 2  # the question, and that a person has come


@pytest.mark.parametrize("text", ["", "  \n ", "ก" * 4001], ids=["empty", "blank", "long"])
async def test_nothing_and_too_much_are_refused(town: Town, console: Console, text: str) -> None:
    officer, chat = await console("officer"), await citizen(town)
    await take(town, chat, officer)
    answer = await officer.post(f"{BASE}/{chat}/say", {"text": text, "key": "k"}, status=422, htmx=True)
    assert 'class="error"' in await answer.text()


async def test_a_picture_is_cleaned_sent_by_address_and_had_by_nobody_who_does_not_know_it(
    town: Town, console: Console, http: ClientSession, tmp_path: Path
) -> None:
    officer, chat = await console("officer"), await citizen(town)
    await take(town, chat, officer)
    form = FormData({"text": "ดูรูปนี้นะคะ", "key": "k1"})
    form.add_field("picture", jpeg(), filename="a.jpg", content_type="image/jpeg")
    await officer.post(f"{BASE}/{chat}/say", form, status=303)
    (_, address), (_, words) = (await said(town, chat))[-2:]
    assert words == "ดูรูปนี้นะคะ"
    async with http.get(address.removeprefix(town.url)) as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
    async with town.database.write() as session:
        (await session.scalars(select(Attachment))).one().public = False  # as a citizen's are
    async with http.get(address.removeprefix(town.url)) as answer:
        assert answer.status == 404
    for name in ("..%2f..%2fpracha.sqlite3", "a" * 32 + ".jpg", "x"):
        async with http.get(f"/pictures/{name}") as answer:
            assert answer.status == 404


async def test_what_is_no_picture_is_refused_and_the_words_stay(town: Town, console: Console) -> None:
    officer, chat = await console("officer"), await citizen(town)
    await take(town, chat, officer)
    form = FormData({"text": "ดูนะคะ", "key": "k1"})
    form.add_field("picture", b"<svg onload=alert(1)>", filename="a.jpg", content_type="image/jpeg")
    answer = await officer.post(f"{BASE}/{chat}/say", form, status=422)
    assert ">ดูนะคะ</textarea>" in await answer.text()
    assert len(await said(town, chat)) == 2


async def test_a_citizens_picture_is_shown_to_staff_of_that_chat_only(town: Town, console: Console) -> None:
    officer, chat, other = await console("officer"), await citizen(town), await citizen(town, "b")
    folder = town.settings.var / "media"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "p.jpg").write_bytes(jpeg())
    async with town.database.write() as session:
        row = Attachment(conversation_id=chat, media_type="image/jpeg", name="p.jpg", size=1, sha256="0")
        session.add(row)
        await session.flush()
        one = await session.get_one(Conversation, chat)
        await message.append(session, one, "citizen", {"kind": "image", "attachments": [row.id]})
    assert f"{BASE}/{chat}/files/{row.id}" in await officer.get(f"{BASE}/{chat}")
    async with officer.http.get(f"{BASE}/{chat}/files/{row.id}") as answer:
        assert answer.content_type == "image/jpeg"
    await officer.get(f"{BASE}/{other}/files/{row.id}", status=404)


async def test_suggested_answers_are_put_into_the_box_or_sent_as_a_card(town: Town, console: Console) -> None:
    await town.publish(ENTRIES)
    officer, chat = await console("officer"), await citizen(town)
    await take(town, chat, officer)
    assert "บัตรประชาชนหาย ต้องทำอย่างไร" in await officer.get(f"{BASE}/{chat}")
    box = await officer.get(f"{BASE}/{chat}/box?insert=faq:id-card-lost&text=สวัสดีค่ะ", htmx=True)
    assert "สวัสดีค่ะ\nทำได้ที่สำนักทะเบียน" in box
    await officer.post(f"{BASE}/{chat}/card", {"faq": "id-card-lost", "key": "k"}, status=303)
    async with town.database.read() as session:
        sent = (await session.scalars(select(Message).order_by(Message.sequence.desc()))).first()
    assert sent is not None
    assert (sent.content["type"], sent.content["faq_id"], sent.content["choices"]) == ("card", "id-card-lost", [])
    await officer.post(f"{BASE}/{chat}/card", {"faq": "no", "key": "k"}, status=422)
    assert "ลงทะเบียนเบี้ยผู้สูงอายุ" in await officer.get(f"{BASE}/{chat}/aside?q=เบี้ยผู้สูงอายุ", htmx=True)


async def test_canned_answers_are_kept_by_supervisors_and_used_by_officers(town: Town, console: Console) -> None:
    supervisor, officer = await console("supervisor"), await console("officer", name="เจ้าหน้าที่ ก")
    await officer.post(f"{BASE}/canned", {"title": "ทักทาย", "text": "x"}, status=403)
    words = "สวัสดีค่ะ {ชื่อหน่วยงาน} โดย{ชื่อเจ้าหน้าที่} {ไม่รู้จัก}"
    await supervisor.post(f"{BASE}/canned", {"title": "ทักทาย", "text": words}, status=303)
    await supervisor.post(f"{BASE}/canned", {"title": "", "text": "x"}, status=422)
    page = await supervisor.get(f"{BASE}/canned")
    found = re.search(r'name="id" value="(can_\w+)"', page)
    assert found is not None
    chat = await citizen(town)
    await take(town, chat, officer)
    box = await officer.get(f"{BASE}/{chat}/box?insert=canned:{found[1]}", htmx=True)
    assert ">สวัสดีค่ะ เทศบาลเมืองธาราใส โดยเจ้าหน้าที่ ก {ไม่รู้จัก}</textarea>" in box
    await supervisor.post(f"{BASE}/canned", {"id": found[1], "title": "ทัก", "text": "ใหม่"}, status=303)
    assert "ใหม่" in await officer.get(f"{BASE}/canned")
    await supervisor.post(f"{BASE}/canned/{found[1]}/remove", status=303)
    await supervisor.post(f"{BASE}/canned/{found[1]}/remove", status=409)


async def test_giving_back_passing_on_and_the_queue_of_another_unit(town: Town, console: Console) -> None:
    officer, colleague = await console("officer"), await console("supervisor")
    chat = await citizen(town)
    await take(town, chat, officer)
    await officer.post(f"{BASE}/{chat}/pass_on", {"colleague": "staff:stf_nobody"}, status=422)
    await officer.post(f"{BASE}/{chat}/pass_on", {"colleague": colleague.member.actor}, status=303)
    assert await owner(town, chat) == colleague.member.actor
    await officer.post(f"{BASE}/{chat}/give_back", status=409)
    form = {"unit": "กองช่าง", "note": "ถามเรื่องท่อ"}
    await colleague.post(f"{BASE}/{chat}/requeue", form, status=303)
    assert await owner(town, chat) == "queue"
    assert "ถามเรื่องท่อ" in await officer.get(f"{BASE}/{chat}")
    assert "ถามเรื่องท่อ" not in json.dumps(await said(town, chat), ensure_ascii=False)
    await take(town, chat, officer)
    await officer.post(f"{BASE}/{chat}/give_back", status=303)
    assert await owner(town, chat) == "bot"
    assert (await said(town, chat))[-1] == ("system", "กลับมาคุยกับผู้ช่วยอัตโนมัติแล้วค่ะ")


async def test_words_under_way_hold_a_return_back_unless_they_may_be_dropped(town: Town, console: Console) -> None:
    officer, chat = await console("officer"), await citizen(town)
    await take(town, chat, officer)
    await officer.post(f"{BASE}/{chat}/say", {"text": "ขอบคุณค่ะ", "key": "k"}, status=303)
    answer = await officer.post(f"{BASE}/{chat}/give_back", status=409)
    assert 'name="unsent"' in await answer.text()
    await officer.post(f"{BASE}/{chat}/give_back", {"unsent": "1"}, status=303)
    assert await owner(town, chat) == "bot"


async def test_a_case_is_opened_from_the_chat_and_its_number_said(town: Town, console: Console) -> None:
    officer, chat = await console("officer"), await citizen(town)
    form = {"category": "street-light", "description": "ไฟดับหน้าวัด", "place": "หน้าวัดธาราราม", "key": "k1"}
    await officer.post(f"{BASE}/{chat}/case", form, status=409)  # not theirs
    await take(town, chat, officer)
    await officer.post(f"{BASE}/{chat}/case", form | {"category": "no"}, status=422)
    await officer.post(f"{BASE}/{chat}/case", form | {"description": " "}, status=422)
    for _ in range(2):
        await officer.post(f"{BASE}/{chat}/case", form, status=303)
    async with town.database.read() as session:
        (case,) = (await session.scalars(select(Case))).all()
    assert case.place_text == "หน้าวัดธาราราม"
    author, words = (await said(town, chat))[-1]
    assert (author, case.number in words) == (officer.member.actor, True)
    assert len(await said(town, chat)) == 3
    assert case.number in await officer.get(f"{BASE}/{chat}")


async def test_a_stopped_message_says_why_and_is_sent_again(town: Town, console: Console) -> None:
    officer, other, chat = await console("officer"), await console("officer"), await citizen(town)
    await take(town, chat, officer)
    await officer.post(f"{BASE}/{chat}/say", {"text": "ลองดูค่ะ", "key": "k"}, status=303)
    async with town.database.write() as session:
        row = (await session.scalars(select(Outgoing).order_by(Outgoing.sequence.desc()))).first()
        assert row is not None
        row.state, row.reason = STOPPED, "ผู้รับไม่พร้อม (400)"
    assert "ไม่ได้ส่ง: ผู้รับไม่พร้อม (400)" in await officer.get(f"{BASE}/{chat}")
    await other.post(f"{BASE}/{chat}/again", {"outbox": row.id}, status=409)
    await officer.post(f"{BASE}/{chat}/again", {"outbox": row.id}, status=303)
    async with town.database.read() as session:
        assert (await session.get_one(Outgoing, row.id)).state == PENDING
    await officer.post(f"{BASE}/{chat}/again", {"outbox": row.id}, status=409)


async def test_what_was_stopped_under_an_earlier_ownership_is_said_anew(town: Town, console: Console) -> None:
    officer, chat = await console("officer"), await citizen(town)
    await take(town, chat, officer)
    await officer.post(f"{BASE}/{chat}/say", {"text": "ลองดูค่ะ", "key": "k"}, status=303)
    async with town.database.write() as session:
        row = (await session.scalars(select(Outgoing).order_by(Outgoing.sequence.desc()))).first()
        assert row is not None
        row.state, row.reason = STOPPED, "x"
    await officer.post(f"{BASE}/{chat}/give_back", status=303)
    await officer.post(f"{BASE}/{chat}/again", {"outbox": row.id}, status=409)
    await take(town, chat, officer)
    await officer.post(f"{BASE}/{chat}/again", {"outbox": row.id}, status=303)
    assert (await said(town, chat))[-1] == (officer.member.actor, "ลองดูค่ะ")


async def test_two_officers_see_each_other(town: Town, console: Console) -> None:
    officer, other, chat = await console("officer"), await console("officer", name="เจ้าหน้าที่ ค"), await citizen(town)
    await other.get(f"{BASE}/{chat}")
    assert "เจ้าหน้าที่ ค กำลังดูแชตนี้อยู่" in await officer.get(f"{BASE}/{chat}")
    assert "กำลังดูแชตนี้อยู่" not in (await officer.get(BASE))


async def test_metas_window_is_told(town: Town, console: Console) -> None:
    officer, chat = await console("officer"), await citizen(town, channel="messenger")
    await take(town, chat, officer)
    assert "Meta ให้เจ้าหน้าที่ตอบได้ถึง" in await officer.get(f"{BASE}/{chat}")
    async with town.database.write() as session:
        (await session.get_one(Conversation, chat)).heard_at = clock.now() - timedelta(days=8)
    assert "Meta ไม่ให้ส่งข้อความแล้ว" in await officer.get(f"{BASE}/{chat}")


async def test_the_stream_tells_of_a_new_message_and_of_another_owner(town: Town, console: Console) -> None:
    officer, chat = await console("officer"), await citizen(town)
    async with officer.http.get(f"{BASE}/{chat}/stream") as answer:
        assert answer.content_type == "text/event-stream"
        assert {await event(answer), await event(answer)} == {"changed", "owner"}
        assert await presence.looking(town.valkey, chat) == {officer.member.actor}
        async with town.database.write() as session:
            one = await session.get_one(Conversation, chat)
            await message.append(session, one, "citizen", {"kind": "text", "text": "ยังอยู่ไหมคะ"})
        assert await event(answer) == "changed"
        await take(town, chat, officer)
        assert {await event(answer), await event(answer)} == {"changed", "owner"}


async def test_the_lists_stream_tells_of_somebody_who_waits(town: Town, console: Console) -> None:
    officer, chat = await console("officer"), await citizen(town)
    async with officer.http.get(f"{BASE}/stream") as answer:
        assert await event(answer) == "changed"
        assert await presence.at_desk(town.valkey) == {officer.member.actor}
        await queue(town, chat)
        assert await event(answer) == "changed"


async def test_a_page_that_is_up_to_date_is_not_told_anything(town: Town, console: Console) -> None:
    officer, chat = await console("officer"), await citizen(town)
    seen = re.search(r'sse-connect="([^"]+)"', await officer.get(f"{BASE}/{chat}"))
    assert seen is not None
    async with officer.http.get(seen[1].replace("&amp;", "&")) as answer:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(event(answer), 2.5)


async def test_a_stream_ends_with_the_session_of_who_reads_it(
    town: Town, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.console.stream.RECOGNISE_SECONDS", 0.0)
    monkeypatch.setattr("web.console.stream.LOOK_SECONDS", 0.05)
    officer = await console("officer")
    async with officer.http.get(f"{BASE}/stream") as answer:
        assert await event(answer) == "changed"
        async with town.database.write() as session:
            await staff.lock(session, officer.member.id, actor="cli")
        async with asyncio.timeout(8):
            assert await answer.content.read() is not None  # to its end


async def event(answer: Any) -> str:
    """The name of the next event of a stream."""
    async with asyncio.timeout(8):
        while True:
            line = (await answer.content.readline()).decode()
            if line.startswith("event: "):
                return str(line.removeprefix("event: ").strip())


async def test_what_the_officer_writes_reaches_the_widget_with_a_label(town: Town, console: Console, visit: Any) -> None:
    town.work()
    visitor = await visit()
    await visitor.say("สวัสดี")
    await visitor.answer()
    async with town.database.read() as session:
        chat = (await session.scalars(select(Conversation.id))).one()
    officer = await console("officer")
    await officer.post(f"{BASE}/{chat}/take", {"expected": "bot"}, status=303)
    taken = await visitor.answer()
    assert (taken["author"], "คุณกำลังคุยกับเจ้าหน้าที่" in taken["content"]["text"]) == ("system", True)
    await officer.post(f"{BASE}/{chat}/typing", status=204)
    while not (await visitor.until("typing"))["on"]:
        pass  # that the assistant had stopped
    await officer.post(f"{BASE}/{chat}/say", {"text": "มีอะไรให้ช่วยคะ", "key": "k"}, status=303)
    told = await visitor.answer()
    assert (told["author"], told["content"]["text"]) == ("staff", "มีอะไรให้ช่วยคะ")
    assert officer.member.id not in json.dumps(told)
    await visitor.say("ขอบคุณค่ะ", "event-0002")
    await visitor.until("handled")
    assert "ขอบคุณค่ะ" in await officer.get(f"{BASE}/{chat}/talk", htmx=True)
