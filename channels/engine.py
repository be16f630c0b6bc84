"""The dialogue engine, spoken to over HTTP on loopback."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from pydantic import ValidationError

from conversations.content import Outward, outward
from conversations.utterance import Guess

LONGEST_ID = 180  # characters of an event's id that the engine is given as it is
PHOTO = ":photo"  # ends the id of the photo that came with an event's words; the engine forgets both by the event's id


class EngineError(Exception):
    """The engine gave no usable answer. ``code`` says why in one word; the event may be asked again."""

    def __init__(self, code: str) -> None:
        """Keep the code; the body of what went wrong may hold a citizen's words and is not kept."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Reply:
    """What the assistant says to one event, and how it understood it (``confidence`` 0 to 1).

    ``guesses`` are the likeliest intents, best first; ``form`` is the form that had asked for it ("report_form"), if one had.
    """

    messages: list[Outward]
    intent: str | None
    confidence: float
    guesses: Sequence[Guess] = ()
    form: str | None = None


class Engine:
    """The HTTP client of `bot/`."""

    def __init__(self, url: str, timeout: float) -> None:
        """Speak to ``url`` (``http://127.0.0.1:5005``); every call ends after ``timeout`` seconds."""
        self._url = f"{url}/webhooks/pracha"
        self._timeout = aiohttp.ClientTimeout(total=timeout, connect=3)
        self._session: aiohttp.ClientSession | None = None

    async def ask(
        self,
        conversation: str,
        event_id: str,
        *,
        text: str | None = None,
        payload: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Have one event answered. Asking again with the same ``event_id`` gives the same answer and runs nothing twice.

        Raises:
            EngineError: no answer, a failed action, or an empty answer where there must be one.
        """
        data = await self._post(
            "webhook",
            {
                "conversation": conversation,
                "event_id": _short(event_id),
                "text": text,
                "payload": payload,
                "metadata": dict(metadata or {}),
            },
        )
        try:
            messages = [outward(message) for message in data["messages"]]
            intent = data["intent"]
            guesses = [Guess(str(one["intent"]), float(one["confidence"])) for one in data.get("guesses") or []]
            sure = float(intent.get("confidence") or 0.0)
            reply = Reply(messages, intent.get("name"), sure, guesses, data.get("active_loop"))
        except (KeyError, TypeError, ValueError, ValidationError) as error:
            raise EngineError("malformed_answer") from error
        if not messages:
            raise EngineError("empty_answer")
        return reply

    async def forget(self, conversation: str, event_id: str) -> bool:
        """Blank in the dialogue's memory what an event said; False when it is not there. Asking again does no harm.

        Raises:
            EngineError: no answer.
        """
        answer = await self._post("forget", {"conversation": conversation, "event_id": _short(event_id)})
        return answer.get("forgotten") is True

    async def parse(self, text: str, now: str | None = None) -> dict[str, Any]:
        """How the engine reads a text (intent, category, entities); no conversation is touched.

        Raises:
            EngineError: no answer.
        """
        return await self._post("parse", {"text": text, "now": now})

    async def healthy(self) -> bool:
        """Whether the engine answers and has its model loaded."""
        try:
            async with self._http().get(f"{self._url}/", timeout=aiohttp.ClientTimeout(total=2)) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            # A new connection for each message: it goes to a worker of the engine that has nothing to do.
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True), timeout=self._timeout)
        return self._session

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            async with self._http().post(f"{self._url}/{path}", json=body) as response:
                if response.status != 200:
                    raise EngineError(f"status_{response.status}")
                data = await response.json()
        except TimeoutError as error:
            raise EngineError("timeout") from error
        except aiohttp.ClientError as error:
            raise EngineError("unreachable") from error
        except json.JSONDecodeError as error:
            raise EngineError("malformed_answer") from error
        if not isinstance(data, dict):
            raise EngineError("malformed_answer")
        return data


def _short(event_id: str) -> str:
    """An id that the engine takes: Instagram's are longer at times."""
    base, photo = (event_id.removesuffix(PHOTO), PHOTO) if event_id.endswith(PHOTO) else (event_id, "")
    return event_id if len(base) <= LONGEST_ID else f"{base[:80]}#{hashlib.sha256(base.encode()).hexdigest()}{photo}"
