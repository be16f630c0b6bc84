"""``POST /api/v1/chat``: a message goes the same way as on every channel, and its answer comes back in the response."""

import asyncio
import time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from channels.contract import Inbound
from channels.inbox import RECEIVED, InboxEvent
from channels.web import parse
from conversations.content import Card, Carousel, Choice, Image, Outward, outward, plain_text
from conversations.message import Message
from conversations.outbox import STOPPED, Outgoing
from core import ids
from web.api.models import Button, ChatAnswer, ChatMessage, ChatRequest, Intent
from web.failures import Failure
from web.parts import Parts

CHANNEL, ACCOUNT = "api", "default"
PATIENCE = 30.0  # seconds
LOOK_EVERY = 0.3  # seconds between looks at the rows, if no live event comes first


async def chat(known: Parts, asked: ChatRequest) -> ChatAnswer:
    """Have one message answered."""
    conversation, event_id = asked.conversation or ids.new_id("api"), asked.event_id or ids.new_id("evt")
    inbound = _inbound(asked, conversation, event_id)
    accepted = (await known.gateway.accept(CHANNEL, ACCOUNT, [inbound]))[0]
    if not await _handled(known, accepted.conversation_id, accepted.event_id):
        raise Failure(504, details={"conversation": conversation, "event_id": event_id})
    messages, intent = await _answer(known, accepted.conversation_id, accepted.event_id)
    return ChatAnswer(conversation=conversation, event_id=event_id, messages=messages, intent=intent)


def _inbound(asked: ChatRequest, conversation: str, event_id: str) -> Inbound:
    kind = "choice" if asked.payload else "text"
    frame = {"id": event_id, "kind": kind, "text": asked.text or "", "payload": asked.payload or ""}
    try:
        return parse.parse(frame, conversation, prefix=CHANNEL)
    except parse.BadFrame as bad:
        raise Failure(422, bad.code) from bad


async def _handled(known: Parts, conversation_id: str, event_id: str) -> bool:
    """Wait until the event has been handled. Live events only make it quicker: the row is looked at first and last."""
    end = time.monotonic() + PATIENCE
    async with known.live.listen(conversation_id) as events:
        while True:
            if await _is_done(known, event_id):
                return True
            if time.monotonic() >= end:
                return False
            await _next_sign(events, event_id)


async def _next_sign(events: asyncio.Queue[dict[str, object] | None], event_id: str) -> None:
    try:
        async with asyncio.timeout(LOOK_EVERY):
            while (event := await events.get()) is not None:
                if event.get("type") == "handled" and event.get("event_id") == event_id:
                    return
    except TimeoutError:
        return


async def _is_done(known: Parts, event_id: str) -> bool:
    async with known.database.read() as rows:
        state = await rows.scalar(
            select(InboxEvent.state).where(
                InboxEvent.channel == CHANNEL, InboxEvent.account == ACCOUNT, InboxEvent.event_id == event_id
            )
        )
    return state is not None and state != RECEIVED


async def _answer(known: Parts, conversation_id: str, event_id: str) -> tuple[list[ChatMessage], Intent]:
    async with known.database.read() as rows:
        said = await _messages(rows, conversation_id, event_id)
    own = next((one for one in said if one.author == "citizen"), None)
    understood = (own.understood if own is not None else None) or {}
    intent = Intent(name=understood.get("intent"), confidence=understood.get("confidence") or 0.0)
    return [_message(outward(one.content)) for one in said if one.author != "citizen"], intent


async def _messages(rows: AsyncSession, conversation_id: str, event_id: str) -> list[Message]:
    unsaid = select(Outgoing.message_id).where(Outgoing.conversation_id == conversation_id, Outgoing.state == STOPPED)
    query = select(Message).where(
        Message.conversation_id == conversation_id, Message.event_id == event_id, Message.id.not_in(unsaid)
    )
    return list(await rows.scalars(query.order_by(Message.sequence)))


def _message(content: Outward) -> ChatMessage:
    choices: list[Choice] = list(content.choices) if not isinstance(content, Image) else []
    if isinstance(content, Carousel):
        choices += [choice for card in content.cards for choice in card.choices]
    return ChatMessage(
        type=content.type,
        text=plain_text(content),
        buttons=[Button(title=choice.title, payload=choice.payload, kind=choice.kind) for choice in choices],
        faq_id=content.faq_id,
        case_number=content.case_number,
        image_url=content.url if isinstance(content, Image) else content.image_url if isinstance(content, Card) else None,
    )
