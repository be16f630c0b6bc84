"""Delivery to the widget: the transcript holds the message already, open screens are told of it."""

from redis.asyncio import Redis

from channels.contract import Envelope, Outcome, Sent
from conversations import live
from conversations.message import Message
from core.database import Database


async def send(database: Database, valkey: Redis, envelope: Envelope) -> Outcome:
    """Tell open screens. A visitor who is away finds the message in the transcript, so this never fails."""
    async with database.read() as session:
        message = await session.get_one(Message, envelope.message_id)
    await live.publish(valkey, envelope.conversation_id, live.message_event(message))
    await live.publish(valkey, envelope.conversation_id, {"type": "typing", "on": False})
    return Sent()
