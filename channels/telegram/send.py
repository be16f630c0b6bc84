"""Delivery: the calls of one message, one after the other, and what Telegram said to them."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from channels.contract import Envelope, Outcome, Retry, Sent, Stop
from channels.telegram import refusal
from channels.telegram.render import Call, render, simpler

BURST = 5  # calls to one chat without a breath between them


async def send(bot: Bot, envelope: Envelope, *, breath: float) -> Outcome:
    """Deliver one message. ``breath`` is the pause between calls, in seconds, once there were `BURST` of them.

    Telegram knows no idempotency key. So a message whose answer was lost is sent again and may be there twice; calls that
    were answered are counted in the notes (``gone``) and not repeated.
    """
    try:
        chat = int(envelope.external_id)
    except ValueError:
        return Stop("หมายเลขห้องสนทนาของ Telegram ไม่ถูกต้อง")
    calls = render(envelope.content, envelope.message_id)
    references = [one for one in envelope.notes.get("references", []) if isinstance(one, str)]
    gone = min(int(envelope.notes.get("gone", 0)), len(calls))
    for number, call in enumerate(calls[gone:]):
        if number >= BURST:
            await asyncio.sleep(breath)
        try:
            references.append(await _call(bot, chat, call))
        except (TelegramError, *refusal.UNREADABLE) as error:
            return _left_at(refusal.outcome(error), gone + number, references)
    return Sent(references=references)


def _left_at(outcome: Retry | Stop, gone: int, references: Sequence[str]) -> Outcome:
    if isinstance(outcome, Stop) or not gone:
        return outcome
    return replace(outcome, notes={"gone": gone, "references": list(references)})


async def _call(bot: Bot, chat: int, call: Call) -> str:
    """Make one call; if it was refused for an address in it, make it with the address in words. Gives the message's id."""
    try:
        return await _plainly(bot, chat, call)
    except BadRequest as error:
        other = simpler(call)
        if other is None or refusal.no_chat(error):
            raise
    return await _plainly(bot, chat, other)


async def _plainly(bot: Bot, chat: int, call: Call) -> str:
    arguments = {name: value for name, value in call.items() if name != "method"}
    if chat < 0 and "inline_keyboard" not in arguments.get("reply_markup", {}):
        arguments.pop("reply_markup", None)  # channels refuse keyboards in place of the letters, groups asking for a position
    method = bot.send_photo if call["method"] == "sendPhoto" else bot.send_message
    sent = await method(chat_id=chat, **arguments)
    return f"{chat}:{sent.message_id}"
