"""Sending: by the free reply token while it lives, else by a push, which counts against the month's quota."""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import aiohttp

from channels.contract import Envelope, Outcome, Retry, Sent, Stop
from channels.line.api import PATIENCE, Api
from channels.line.choices import joined
from channels.line.refusal import message, refused
from channels.line.render import MOST, render
from core import clock

if TYPE_CHECKING:
    from linebot.v3.messaging import ApiResponse

TOKEN_LIFE = timedelta(seconds=55)  # LINE promises a minute from the event on
TOKEN_FRESH = timedelta(seconds=20)  # a first try leaves time to repeat it while the token can still tell whether it arrived
SOON = 1.0  # seconds: as long as the token lives a repeat tells whether the reply had arrived
INVALID_TOKEN = "invalid reply token"  # noqa: S105 - LINE's words for a token that is used or too old
MALFORMED = Stop("ข้อความนี้ไม่อยู่ในรูปแบบที่ LINE รับได้")
PUSH_NEXT = Retry("reply token ใช้ไม่ได้แล้ว ส่งแบบพุชแทน", after=0, notes={"push": True})
STALE = Retry("reply token เก่าเกินไป ส่งแบบพุชแทน", after=0, asked=False, notes={"push": True})
_KEYS = uuid.UUID("2c7bbd6c-7a9c-4f0e-9d6e-7a4d2f8f1b55")  # ours alone, so that our retry keys meet nobody else's


async def send(api: Api, envelopes: Sequence[Envelope]) -> Outcome:
    """Send as many of the first messages as one call takes.

    A reply is never followed by a push in the same call: a process that dies between them would not know what had left. For
    the same reason the choice of a push although there is a token is written down before it is made (`STALE`): the repeat of a
    push whose answer was lost must not try the unused token.
    """
    taken, payloads = fitting(envelopes)
    token = _reply_token(taken)
    if not token:
        return await _push(api, taken, payloads)
    age = clock.now() - (taken[0].event_at or clock.now())
    if not taken[0].uncertain and age >= TOKEN_FRESH:
        return STALE
    return await (_reply(api, token, taken, payloads) if age < TOKEN_LIFE else _push(api, taken, payloads))


def fitting(envelopes: Sequence[Envelope]) -> tuple[list[Envelope], list[dict[str, Any]]]:
    """The leading messages that fit into one call, and their payloads with all quick replies on the last.

    It depends on nothing but the messages, so a batch that is repeated after a crash is the same again. What may have
    arrived before is never mixed with what certainly has not.
    """
    alike = takewhile(lambda one: one.uncertain == envelopes[0].uncertain, envelopes)
    taken: list[Envelope] = []
    payloads: list[dict[str, Any]] = []
    for envelope in alike:
        made = render(envelope.content)
        if taken and len(payloads) + len(made) > MOST:
            break
        taken.append(envelope)
        payloads += made
    return taken, _last_has_all(payloads)


def retry_key(taken: Sequence[Envelope]) -> str:
    """The key by which LINE knows a push that it took already."""
    return str(uuid.uuid5(_KEYS, taken[0].outbox_id))


def _last_has_all(payloads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = [one["quickReply"]["items"] for one in reversed(payloads) if "quickReply" in one]
    bare = [{key: value for key, value in one.items() if key != "quickReply"} for one in payloads]
    if rows:
        bare[-1]["quickReply"] = {"items": joined(rows)}
    return bare


def _reply_token(taken: Sequence[Envelope]) -> str:
    """The token these messages may be sent with, however old; none where a push was chosen before."""
    first = taken[0]
    token = first.event.get("reply_token")
    spoilt = first.event_at is None or first.answered or any(one.notes.get("push") for one in taken)
    return token if isinstance(token, str) and not spoilt else ""


async def _reply(api: Api, token: str, taken: Sequence[Envelope], payloads: list[dict[str, Any]]) -> Outcome:
    calls = await api.calls()
    from linebot.v3.messaging import ReplyMessageRequest

    def used(status: int, body: Any) -> Outcome | None:
        if status != 400 or INVALID_TOKEN not in message(body).lower():
            return None
        if taken[0].uncertain:
            return Sent(len(taken))  # a token works once, and an earlier attempt of this very batch had it
        return PUSH_NEXT

    try:
        wanted = ReplyMessageRequest.from_dict({"replyToken": token, "messages": payloads})
        call = calls.reply_message_with_http_info(wanted, _request_timeout=PATIENCE)
    except ValueError:
        return MALFORMED
    return await _outcome(call, taken, used)


async def _push(api: Api, taken: Sequence[Envelope], payloads: list[dict[str, Any]]) -> Outcome:
    calls = await api.calls()
    from linebot.v3.messaging import PushMessageRequest

    def accepted_before(status: int, body: Any) -> Outcome | None:
        return Sent(len(taken)) if status == 409 else None

    try:
        wanted = PushMessageRequest.from_dict({"to": taken[0].external_id, "messages": payloads})
        call = calls.push_message_with_http_info(wanted, retry_key(taken), _request_timeout=PATIENCE)
    except ValueError:
        return MALFORMED
    return await _outcome(call, taken, accepted_before)


async def _outcome(
    call: Awaitable["ApiResponse"], taken: Sequence[Envelope], known: Callable[[int, Any], Outcome | None]
) -> Outcome:
    """Call LINE and classify what came of it. Nothing of what was sent gets into a reason."""
    from linebot.v3.messaging import ApiException

    try:
        answer = await call
    except ApiException as error:
        status = error.status or 0
        return known(status, error.body) or refused(status, error.body, error.headers or {})
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        return Retry("ต่อถึง LINE ไม่ได้", broken=True)  # nothing was sent
    except (aiohttp.ClientError, TimeoutError, OSError):
        return Retry("LINE ไม่ตอบ", after=SOON, uncertain=True, broken=True)
    except ValueError:  # an answer that is none of LINE's: taken or not, the next attempt will know
        return Retry("อ่านคำตอบของ LINE ไม่ได้", uncertain=True, broken=True)
    return Sent(len(taken), [one.id for one in answer.data.sent_messages] if answer.data else [])
