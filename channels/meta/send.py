"""Sending one message's payloads, one call each, and remembering how far it came."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import aiohttp

from channels.contract import Envelope, Outcome, Retry, Sent, Stop
from channels.meta import window
from channels.meta.event import PART
from channels.meta.graph import Graph
from channels.meta.refusal import Answer, judge
from channels.meta.value import words

ECHO_SECONDS = 5.0  # within which the webhook tells us of a message that did arrive

Payload = dict[str, Any]


async def send(graph: Graph, envelope: Envelope, payloads: Sequence[Payload], now: datetime) -> Outcome:
    """Send what has not gone yet. The notes of a `Retry` hold how many payloads have gone, and their ids.

    Meta knows no idempotency key. When an earlier attempt may have arrived, the echo webhook says so within seconds, by the
    metadata of the last payload; so a repeat leaves only after the time for that.
    """
    notes = envelope.notes
    if envelope.uncertain and not notes.get("waited"):
        reason = "รอ Meta แจ้งว่าข้อความถึงแล้วหรือไม่ (echo)"
        return Retry(reason, after=ECHO_SECONDS, uncertain=True, notes={**notes, "waited": True})
    terms = window.terms(envelope, now)
    if isinstance(terms, Stop):
        return terms
    gone, references = int(notes.get("gone", 0)), list(notes.get("references", []))
    for place in range(gone, len(payloads)):
        mark = envelope.outbox_id if place == len(payloads) - 1 else PART + envelope.outbox_id
        body = {"recipient": {"id": envelope.external_id}, **terms}
        outcome, mid = await _deliver(graph, body, {**payloads[place], "metadata": mark})
        if isinstance(outcome, Retry):
            return _remembering(outcome, {"gone": place, "references": references})
        if outcome is not None:
            return outcome
        references += [mid] if mid else []
    return Sent(references=tuple(references))


def _remembering(outcome: Retry, notes: dict[str, Any]) -> Retry:
    if not outcome.uncertain:
        return replace(outcome, notes=notes)
    return replace(outcome, after=max(outcome.after or 0.0, ECHO_SECONDS), notes={**notes, "waited": True})


async def _deliver(graph: Graph, body: Payload, message: Payload) -> tuple[Retry | Stop | None, str]:
    """One payload; a picture that Meta refuses (it could not fetch it) is named by its address instead."""
    outcome, mid = await _post(graph, {**body, "message": message})
    url = _picture(message)
    if url and isinstance(outcome, Stop) and not outcome.blocked:
        rest = {key: value for key, value in message.items() if key != "attachment"}
        outcome, mid = await _post(graph, {**body, "message": {"text": url, **rest}})
    return outcome, mid


def _picture(message: Payload) -> str:
    attachment = message.get("attachment", {})
    return words(attachment["payload"]["url"]) if attachment.get("type") == "image" else ""


async def _post(graph: Graph, body: Payload) -> tuple[Retry | Stop | None, str]:
    try:
        answer = await graph.post("messages", body)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        return Retry("ต่อถึง Meta ไม่ได้ (connection)", broken=True), ""
    except (aiohttp.ClientError, OSError) as error:  # a time-out is an OSError too
        return Retry(f"Meta ไม่ตอบ ({type(error).__name__})", uncertain=True, broken=True), ""
    return judge(answer), _mid(answer)


def _mid(answer: Answer) -> str:
    return words(answer.body.get("message_id"))
