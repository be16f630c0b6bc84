"""Two officers and the bot at once: one owner at every moment, and only the owner's sentences arrive."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from channels import reasons
from conversations import handover, outbox, ownership, waiting
from conversations.content import Text
from conversations.conversation import Conversation
from conversations.handover import OwnerChanged
from conversations.outbox import SENT, STOPPED
from conversations.ownership import BOT, QUEUE
from core.audit import AuditEntry
from tests.unit.channels.sender.post import Post

ATTEMPTS = 80  # of each of the three
ANNA, BOON = "staff:stf_anna", "staff:stf_boon"


async def test_a_persons_sentence_does_not_leave_after_they_gave_the_talk_away(post: Post) -> None:
    line = post.platform()
    talk = await post.citizen(line)
    async with post.database.write() as session:
        await handover.take(session, talk, actor=ANNA, expected=BOT)
        await handover.say(session, talk, Text(text="ยังไม่ได้ส่ง"), actor=ANNA, key="k1")
        await handover.pass_on(session, talk, BOON, actor=ANNA, unsent=True)
        await handover.say(session, talk, Text(text="ต่อเองค่ะ"), actor=BOON, key="k2")
    post.start()
    await post.settled()
    sent = [text for call in line.texts() for text in call]
    assert sent[1:] == ["เจ้าหน้าที่ของเทศบาลเมืองธาราใสอีกคนมาดูแลต่อแล้วค่ะ ไม่ต้องเล่าใหม่นะคะ", "ต่อเองค่ะ"]
    assert [(row.state, row.reason) for row in await post.rows()][1] == (STOPPED, reasons.NOT_THEIRS)


@pytest.mark.parametrize("version", [None, 0])
async def test_a_persons_sentence_without_their_ownership_never_leaves(post: Post, version: int | None) -> None:
    line = post.platform()
    talk = await post.citizen(line)
    async with post.database.write() as session:
        conversation = await session.get_one(Conversation, talk)
        await outbox.put(session, conversation, ANNA, Text(text="แอบส่ง"), key="k1", owner_version=version)
    post.start()
    await post.settled()
    assert line.texts() == []


class Contest:
    """Three who want one conversation; each attempt is a door of the real house, in a transaction of its own."""

    def __init__(self, post: Post, talk: str) -> None:
        self.post, self.talk = post, talk
        self.won = 0
        self.numbers = iter(range(10_000))

    async def owner(self) -> Conversation:
        async with self.post.database.read() as session:
            return await session.get_one(Conversation, self.talk)

    async def officer(self, me: str, times: int) -> None:
        for _ in range(times):
            seen = (await self.owner()).owner
            try:
                await self._step(me, seen)
                self.won += 1
            except (OwnerChanged, handover.StillSending):
                pass
            await asyncio.sleep(random.random() / 500)

    async def _step(self, me: str, seen: str) -> None:
        async with self.post.database.write() as session:
            if seen != me or random.random() < 0.1:
                await handover.take(session, self.talk, actor=me, expected=seen if seen != me else QUEUE)
            elif random.random() < 0.7:
                number = next(self.numbers)
                await handover.say(session, self.talk, Text(text=f"{me} {number}"), actor=me, key=f"s{number}")
            elif random.random() < 0.5:
                await handover.give_back(session, self.talk, actor=me, unsent=random.random() < 0.5)
            else:
                await handover.requeue(session, self.talk, owner=me, actor=me, unsent=True)

    async def bot(self, times: int) -> None:
        """What the dispatcher does: read, think, write under the ownership that was read; now and then ask for a person."""
        for _ in range(times):
            seen = await self.owner()
            if seen.owner != BOT:
                await asyncio.sleep(0.001)
                continue
            await asyncio.sleep(random.random() / 200)
            number = next(self.numbers)
            async with self.post.database.write() as session:
                if random.random() < 0.3:
                    asked = await handover.ask(session, self.talk, f"e{number}", reason=waiting.ASKED, actor="citizen:x")
                    self.won += asked is not None
                    continue
                conversation = await handover.locked(session, self.talk)
                text = Text(text=f"bot {number}")
                await outbox.put(session, conversation, "bot", text, key=f"s{number}", owner_version=seen.owner_version)


async def test_two_hundred_attempts_of_two_officers_and_the_bot(post: Post) -> None:
    await compete(post)


async def compete(post: Post) -> None:
    """Have all three try, 240 times together, and look at what came of it."""
    random.seed(20261129)
    line = post.platform()
    talk = await post.citizen(line)
    contest = Contest(post, talk)
    post.start()
    await asyncio.gather(contest.officer(ANNA, ATTEMPTS), contest.officer(BOON, ATTEMPTS), contest.bot(ATTEMPTS))
    await post.settled(40)
    owners = await _owners(post)
    assert contest.won > ATTEMPTS / 2
    assert len(owners) > ATTEMPTS / 4
    assert (await contest.owner()).owner_version == len(owners) - 1  # no change was lost, none counted twice
    rows = {row.message_id: row for row in await post.rows(talk)}
    delivered = [envelope for call in line.calls for envelope in call]
    spoken = [one for one in delivered if one.author != "system"]
    assert {rows[one.message_id].state for one in delivered} == {SENT}
    for one in spoken:
        version = rows[one.message_id].owner_version
        assert version is not None
        assert owners[version] == one.author  # who spoke had owned it when it was written
    _within_their_terms(delivered, rows)
    assert any(row.state == STOPPED for row in rows.values())  # and others were held back, so the check had work to do


async def _owners(post: Post) -> list[str]:
    """The owner of each version, from the audit log; each change must start from the owner before."""
    async with post.database.read() as session:
        query = select(AuditEntry).where(AuditEntry.action == "conversation.owner")
        rows = sorted((await session.scalars(query)).all(), key=lambda row: int(row.detail["version"]))
    owners = [BOT]
    for number, row in enumerate(rows, 1):
        assert row.detail["version"] == number
        assert row.detail["old"] == owners[-1]
        owners.append(str(row.detail["new"]))
    assert all(owner in {BOT, QUEUE} or ownership.is_person(owner) for owner in owners)
    return owners


def _within_their_terms(delivered: Sequence[Any], rows: Any) -> None:
    """What arrives never goes back to an earlier owner: the citizen hears one after the other, with the marks between."""
    last = 0
    for one in delivered:
        version = rows[one.message_id].owner_version
        if version is not None:
            assert version >= last
            last = version
