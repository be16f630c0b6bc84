"""Every answer reaches LINE by reply or push, in as few calls as the rules allow, and once."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from channels.contract import Envelope, Retry, Sent
from channels.line.channel import LineChannel
from channels.line.render import render
from channels.line.send import TOKEN_FRESH, TOKEN_LIFE, fitting
from conversations.content import Carousel, Choice, Outward, Text
from tests.answers import LONG, every
from tests.contract.line.samples import CITIZEN, envelope, paths, tokens
from tests.platforms import Platform

WORDS = {"text", "label", "data", "displayText", "uri", "altText", "url", "originalContentUrl", "previewImageUrl"}


async def send_all(line: LineChannel, envelopes: Sequence[Envelope]) -> list[Sent]:
    """As the sender does: up to a batch at a time, in order, until all have left."""
    outcomes: list[Sent] = []
    waiting = list(envelopes)
    while waiting:
        outcome = await line.send(waiting[: line.batch])
        assert isinstance(outcome, Sent), outcome
        outcomes.append(outcome)
        waiting = waiting[outcome.count :]
    return outcomes


def parts(value: Any) -> set[str]:
    """Every kind of part in a payload: its fields, and what they hold unless it is words."""
    if isinstance(value, list):
        return {part for one in value for part in parts(one)}
    if not isinstance(value, dict):
        return set()
    own = {key: one for key, one in value.items() if isinstance(one, str | int) and key not in WORDS}
    return {repr((sorted(value), sorted(own.items())))}.union(*(parts(one) for one in value.values()))


def answers() -> list[Outward]:
    """All answers, but of cards only as many as show every part that one can have: judging each takes half a second."""
    cards: list[tuple[Outward, set[str]]] = []
    plain: list[Outward] = []
    for _, content in every():
        if isinstance(content, Carousel):
            content = content.model_copy(update={"cards": content.cards[:2]})
        payloads = render(content)
        if any(payload["type"] == "flex" for payload in payloads):
            cards.append((content, parts(payloads)))
        else:
            plain.append(content)
    chosen: list[Outward] = []
    seen: set[str] = set()
    for content, found in sorted(cards, key=lambda pair: -len(pair[1])):
        if not found <= seen:
            chosen.append(content)
            seen |= found
    return [*plain, *chosen]


async def test_every_answer_leaves_by_reply_and_none_breaks_a_rule(line: LineChannel, line_platform: Platform) -> None:
    contents = answers()
    assert len(contents) > 150
    names = [f"r{number}" for number in range(len(contents))]
    await tokens(line_platform, *names)
    outcomes = await send_all(line, [envelope(content, token=name) for content, name in zip(contents, names, strict=True)])
    assert sum(outcome.count for outcome in outcomes) == len(contents)
    assert set(paths(line_platform)) == {"reply"}
    assert all(call["retry_key"] is None and len(call["body"]["messages"]) <= 5 for call in line_platform.calls())
    assert all(len(outcome.references) >= outcome.count for outcome in outcomes)


async def test_answers_leave_one_by_one_by_push_each_with_its_own_key(line: LineChannel, line_platform: Platform) -> None:
    known = dict(every())
    contents = [content for name, content in known.items() if name.startswith(("text-", "image", "location"))]
    contents += [known["card-bare"], known["card-plain-http"]]
    for content in contents:
        assert isinstance(await line.send([envelope(content)]), Sent)
    assert paths(line_platform) == ["push"] * len(contents)
    assert len({call["retry_key"] for call in line_platform.calls()}) == len(contents)
    assert all(call["body"]["to"] == CITIZEN for call in line_platform.calls())


async def test_a_batch_leaves_in_one_call_with_all_quick_replies_on_its_last_message(
    line: LineChannel, line_platform: Platform
) -> None:
    thumbs = [Choice(title="ช่วยได้", payload="/y"), Choice(title="ไม่ตรง", payload="/n")]
    first, second = Text(text="หนึ่ง", choices=thumbs), Text(text="สอง", choices=[Choice(title="ต่อ", payload="/go"), thumbs[0]])
    await tokens(line_platform, "batch")
    outcome = await line.send([envelope(content, token="batch") for content in (first, second, Text(text="สาม"))])
    assert isinstance(outcome, Sent)
    assert (outcome.count, len(outcome.references)) == (3, 3)
    (call,) = line_platform.calls()
    rows = [
        [item["action"]["data"] for item in message.get("quickReply", {}).get("items", [])]
        for message in call["body"]["messages"]
    ]
    assert rows == [[], [], ["/go", "/y", "/n"]]


async def test_what_does_not_fit_into_one_call_waits_for_the_next(line: LineChannel, line_platform: Platform) -> None:
    long = Text(text=LONG)  # three messages
    outcome = await line.send([envelope(long), envelope(long), envelope(Text(text="x"))])
    assert isinstance(outcome, Sent)
    assert (outcome.count, len(line_platform.calls()[0]["body"]["messages"])) == (1, 3)


def test_a_repeated_batch_is_the_same_and_does_not_take_in_what_was_never_sent() -> None:
    claimed = [envelope(Text(text=str(number)), uncertain=True) for number in range(2)]
    later = envelope(Text(text="later"))
    assert fitting([*claimed, later]) == fitting(claimed)
    assert [one.outbox_id for one in fitting([*claimed, later])[0]] == [one.outbox_id for one in claimed]


async def test_a_push_repeated_after_a_crash_is_taken_once(line: LineChannel, line_platform: Platform) -> None:
    batch = [envelope(Text(text="หนึ่ง")), envelope(Text(text="สอง"))]
    first, second = await line.send(batch), await line.send(batch)
    assert isinstance(first, Sent)
    assert len(first.references) == 2
    assert second == Sent(2)  # LINE knew the key
    one, other = line_platform.calls()
    assert one["retry_key"] == other["retry_key"] is not None


async def test_a_reply_repeated_after_a_crash_was_ours(line: LineChannel, line_platform: Platform) -> None:
    await tokens(line_platform, "once")
    batch = [envelope(Text(text="หนึ่ง"), token="once"), envelope(Text(text="สอง"), token="once")]
    assert isinstance(await line.send(batch), Sent)
    again = [dataclasses.replace(one, uncertain=True) for one in batch]
    assert await line.send(again) == Sent(2)
    assert paths(line_platform) == ["reply", "reply"]


async def test_more_answers_than_a_reply_takes_go_on_by_push_even_when_their_first_attempt_was_lost(
    line: LineChannel, line_platform: Platform
) -> None:
    await tokens(line_platform, "shared")
    first, second = envelope(Text(text=LONG), token="shared"), envelope(Text(text=LONG), token="shared")
    outcome = await line.send([first, second])
    assert isinstance(outcome, Sent)
    assert outcome.count == 1
    assert isinstance(await line.send([dataclasses.replace(second, uncertain=True, answered=True)]), Sent)
    assert paths(line_platform) == ["reply", "push"]


async def test_a_dead_token_is_told_and_the_next_attempt_pushes(line: LineChannel, line_platform: Platform) -> None:
    outcome = await line.send([envelope(Text(text="x"), token="never issued")])
    assert isinstance(outcome, Retry)
    assert (outcome.after, outcome.notes, outcome.uncertain, outcome.broken) == (0, {"push": True}, False, False)
    assert isinstance(await line.send([envelope(Text(text="x"), token="never issued", notes=outcome.notes, attempts=2)]), Sent)
    assert paths(line_platform) == ["reply", "push"]


async def test_a_reply_that_may_have_arrived_is_pushed_when_its_token_can_no_longer_tell(
    line: LineChannel, line_platform: Platform
) -> None:
    await tokens(line_platform, "old")
    old = envelope(Text(text="x"), token="old", age=TOKEN_LIFE.total_seconds() + 1, uncertain=True)
    assert isinstance(await line.send([old]), Sent)
    assert paths(line_platform) == ["push"]


async def test_a_push_in_place_of_an_old_token_is_noted_first_and_its_repeat_leaves_the_token_alone(
    line: LineChannel, line_platform: Platform
) -> None:
    await tokens(line_platform, "ageing")
    ageing = envelope(Text(text="x"), token="ageing", age=TOKEN_FRESH.total_seconds() + 1)
    outcome = await line.send([ageing])
    assert isinstance(outcome, Retry)
    assert (outcome.after, outcome.notes, outcome.uncertain, outcome.asked) == (0, {"push": True}, False, False)
    assert line_platform.calls() == []
    chosen = dataclasses.replace(ageing, notes=outcome.notes)
    assert isinstance(await line.send([chosen]), Sent)  # its answer is lost, and the token would still work
    assert await line.send([dataclasses.replace(chosen, uncertain=True)]) == Sent(1)
    assert paths(line_platform) == ["push", "push"]
