"""The list of utterances that the assistant was unsure of, as curators use it."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from conversations import labelling, utterance
from conversations.utterance import Guess, Utterance
from core.settings import ROOT
from helpdesk.category import all_categories
from tests.unit.web.town import Town
from web.console.chats import labels as chats
from web.console.utterances import labels

PAGE = "/console/utterances"
GUESSES = [Guess("ask_service", 0.41), Guess("report_problem/garbage", 0.22)]


async def keep(town: Town, text: str) -> str:
    async with town.database.write() as session:
        kept = await utterance.collect(session, text, "line", GUESSES)
    assert kept is not None
    return kept


async def states(town: Town) -> dict[str, tuple[str, str | None]]:
    async with town.database.read() as session:
        return {row.id: (row.state, row.intent) for row in await session.scalars(select(Utterance))}


def test_the_intents_are_those_of_the_training_data() -> None:
    files = (yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / "nlu_data" / "nlu").glob("*.yml"))
    trained = {block["intent"] for file in files for block in file["nlu"] if "intent" in block}
    assert trained == {*labels.INTENTS, *labels.reports()}
    assert len(labels.INTENTS) == 25, "24 of citizens, and what means nothing"
    assert trained - set(labels.reports()) <= set(chats.INTENTS), "the chats name each of them, too"
    assert len(labels.reports()) == len(all_categories())


async def test_the_list_shows_masked_words_with_guesses_as_buttons(town: Town, console: Callable[..., Any]) -> None:
    curator = await console("curator")
    one = await keep(town, "ขอถังใบใหม่ <b>โทร</b> 081-234-5678")
    shown = await curator.get(PAGE)
    assert "081" not in shown
    assert "<b>โทร" not in shown
    assert f'value="{one} ask_service">{labels.INTENTS["ask_service"]} <small>41%' in shown
    assert f'value="{one} report_problem/garbage"' in shown
    assert "style=" not in shown
    rows = await curator.get(f"{PAGE}?text=ถัง&page=x&state=x", htmx=True)
    assert one in rows
    assert "<html" not in rows
    assert "ไม่มีข้อความในรายการนี้" in await curator.get(f"{PAGE}?state=rejected")


async def test_one_press_on_a_guess_accepts_and_the_page_tells_who(town: Town, console: Callable[..., Any]) -> None:
    curator = await console("curator", name="ผู้ดูแลคำตอบ ก")
    one = await keep(town, "ขอถังใบใหม่")
    answer = await curator.post(f"{PAGE}?text=ถัง", {"guess": f"{one} report_problem/garbage"}, status=303)
    assert "done=accept" in answer.headers["Location"]
    assert "text=" in answer.headers["Location"]
    assert await states(town) == {one: ("accepted", "report_problem/garbage")}
    shown = await curator.get(f"{PAGE}?state=accepted&done=accept")
    assert "ผู้ดูแลคำตอบ ก ตรวจเมื่อ" in shown
    assert labels.DONE["accept"] in shown
    await curator.post(f"{PAGE}?state=accepted", {"undo": one}, status=303)
    assert await states(town) == {one: ("new", None)}


async def test_another_intent_is_chosen_and_a_wrong_one_refused(town: Town, console: Callable[..., Any]) -> None:
    curator = await console("curator")
    one = await keep(town, "ขอถังใบใหม่")
    for intent in ("", "no_such_intent", "report_problem/no-such-category"):
        answer = await curator.post(PAGE, {"accept": one, f"intent-{one}": intent}, status=422)
        assert labels.CHOOSE_INTENT in await answer.text()
    assert await states(town) == {one: ("new", None)}
    await curator.post(PAGE, {"accept": one, f"intent-{one}": "chitchat"}, status=303)
    assert await states(town) == {one: ("accepted", "chitchat")}


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"do": "accept", "intent": "greet"}, [("accepted", "greet")] * 2),
        ({"do": "reject"}, [("rejected", None)] * 2),
        ({"do": "remove"}, []),
    ],
)
async def test_several_at_once(
    town: Town, console: Callable[..., Any], form: dict[str, str], expected: list[tuple[str, str | None]]
) -> None:
    curator = await console("curator")
    ids = [await keep(town, "หวัดดีจ้า"), await keep(town, "ดีค่ะน้อง")]
    await curator.post(PAGE, [*form.items(), *(("id", one) for one in ids)], status=303)
    assert list((await states(town)).values()) == expected


async def test_several_are_done_all_or_none(town: Town, console: Callable[..., Any]) -> None:
    curator, other = await console("curator"), await console("curator", name="ผู้ดูแลคำตอบ ข")
    first, second = await keep(town, "หวัดดีจ้า"), await keep(town, "ดีค่ะน้อง")
    await other.post(PAGE, {"reject": second}, status=303)
    form = [("do", "accept"), ("intent", "greet"), ("id", first), ("id", second)]
    assert "ผู้ดูแลคำตอบ ข ตรวจข้อความนี้ไปแล้ว" in await (await curator.post(PAGE, form, status=409)).text()
    assert await states(town) == {first: ("new", None), second: ("rejected", None)}


async def test_what_cannot_be_done_is_said(town: Town, console: Callable[..., Any]) -> None:
    curator = await console("curator")
    one = await keep(town, "หวัดดีจ้า")
    assert labels.CHOOSE in await (await curator.post(PAGE, {"do": "accept"}, status=422)).text()
    assert labels.GONE in await (await curator.post(PAGE, {"reject": "utt_none"}, status=409)).text()
    await curator.post(PAGE, {"do": "burn", "id": one}, status=400)
    async with town.database.write() as session:
        await labelling.accept(session, one, "greet", "staff:x")
        await labelling.exported(session, [one], "cli")
    assert labels.EXPORTED in await (await curator.post(PAGE, {"undo": one}, status=409)).text()


async def test_officers_do_not_enter(town: Town, console: Callable[..., Any]) -> None:
    await (await console("officer")).get(PAGE, status=403)
