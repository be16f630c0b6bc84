"""Citizens of the messaging platforms: what they do becomes a webhook, signed as their platform signs it."""

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp

from tests.proxy import Taken
from tests.standins import GRAM, LINE_SECRET, META_SECRET, PAGE, TELEGRAM_SECRET, Platforms

Webhook = tuple[str, bytes, dict[str, str]]  # path, body, headers
_numbers = itertools.count(1)
_last = 0
_SENT = re.compile(r"/send(?!ChatAction)\w+$")


class Citizen(ABC):
    """One person on one platform. ``event`` methods give the platform's own JSON; ``heard`` is what reached their screen."""

    channel: str
    platform: str  # the stand-in's name

    def __init__(self, name: str, platforms: Platforms) -> None:
        self.name = name
        self.platforms = platforms
        self._seen = 0

    @abstractmethod
    def text(self, words: str) -> dict[str, Any]: ...

    @abstractmethod
    def photo(self) -> dict[str, Any]: ...

    @abstractmethod
    def place(self, latitude: float, longitude: float) -> dict[str, Any]: ...

    @abstractmethod
    def press(self, title: str) -> dict[str, Any]: ...

    @abstractmethod
    def webhook(self, events: Sequence[dict[str, Any]]) -> Webhook: ...

    @abstractmethod
    def taken(self) -> list[tuple[Taken, Any]]:
        """Every payload that their platform took for them, in order, and the call it came with."""

    def heard(self) -> list[Any]:
        """Every payload on their screen, in order."""
        return [payload for _, payload in self.taken()]

    async def do(self, url: str, event: dict[str, Any]) -> str:
        """Have one event delivered, wait until something new was said, and give all that was said as one text."""
        await post(url, self.webhook([event]))
        return await self.answer()

    async def answer(self, *, quiet: float = 0.4, seconds: float = 30) -> str:
        """What is new on their screen, once nothing has come for a moment."""
        async with asyncio.timeout(seconds):
            while len(self.heard()) == self._seen:
                await asyncio.sleep(0.05)
        while True:
            before = len(self.heard())
            await asyncio.sleep(quiet)
            if len(self.heard()) == before:
                break
        new, self._seen = self.heard()[self._seen :], before
        return json.dumps(new, ensure_ascii=False)


class LineCitizen(Citizen):
    channel = platform = "line"

    def __init__(self, name: str, platforms: Platforms) -> None:
        super().__init__(name, platforms)
        self.id = "U" + hashlib.md5(name.encode()).hexdigest()
        self.asked: dict[str, float] = {}  # when each reply token was made, on the monotonic clock

    def event(self, kind: str, **more: Any) -> dict[str, Any]:
        token = f"reply-{next(_numbers)}-{self.name}"
        self.asked[token] = time.monotonic()
        return {
            "type": kind,
            "timestamp": _milliseconds(),
            "source": {"type": "user", "userId": self.id},
            "replyToken": token,
            "mode": "active",
            "webhookEventId": f"01{next(_numbers):024d}",
            "deliveryContext": {"isRedelivery": False},
            **more,
        }

    def text(self, words: str) -> dict[str, Any]:
        return self.event("message", message={"type": "text", "id": str(next(_numbers)), "quoteToken": "q", "text": words})

    def photo(self) -> dict[str, Any]:
        number = str(next(_numbers))
        self.platforms.judges["line"].post("/_content", {"id": number, "hex": self.platforms.proxies["line"].file.hex()})
        message = {"type": "image", "id": number, "quoteToken": "q", "contentProvider": {"type": "line"}}
        return self.event("message", message=message)

    def place(self, latitude: float, longitude: float) -> dict[str, Any]:
        message = {"type": "location", "id": str(next(_numbers)), "title": "ตำแหน่ง", "address": "ถนนสุขใจ"}
        return self.event("message", message={**message, "latitude": latitude, "longitude": longitude})

    def press(self, title: str) -> dict[str, Any]:
        action = _found(self.heard(), lambda one: one.get("type") == "postback" and one.get("label") == title)
        return self.event("postback", postback={"data": action["data"]})

    def webhook(self, events: Sequence[dict[str, Any]]) -> Webhook:
        return line_webhook(self.platforms, events)

    def taken(self) -> list[tuple[Taken, Any]]:
        return [
            (taken, message)
            for taken in self.platforms.proxies["line"].taken
            if taken.body.get("to") == self.id or str(taken.body.get("replyToken")).endswith(f"-{self.name}")
            for message in taken.body["messages"]
        ]


def line_webhook(platforms: Platforms, events: Sequence[dict[str, Any]]) -> Webhook:
    """A batch, with its reply tokens made known to the stand-in."""
    platforms.judges["line"].post("/_tokens", {"tokens": [event["replyToken"] for event in events if "replyToken" in event]})
    return _line_signed(json.dumps({"destination": "U" + "0" * 32, "events": list(events)}, ensure_ascii=False).encode())


def _line_signed(body: bytes) -> Webhook:
    signature = base64.b64encode(hmac.digest(LINE_SECRET.encode(), body, "sha256")).decode()
    return "/webhooks/line/main", body, {"X-Line-Signature": signature}


class TelegramCitizen(Citizen):
    channel = platform = "telegram"

    def __init__(self, name: str, platforms: Platforms) -> None:
        super().__init__(name, platforms)
        self.id = 10_000_000 + int(hashlib.md5(name.encode()).hexdigest()[:6], 16)

    def event(self, **message: Any) -> dict[str, Any]:
        person = {"id": self.id, "is_bot": False, "first_name": "ประชาชน"}
        chat = {"id": self.id, "type": "private", "first_name": "ประชาชน"}
        base = {"message_id": next(_numbers), "date": int(time.time()), "chat": chat, "from": person}
        return {"update_id": next(_numbers), "message": {**base, **message}}

    def text(self, words: str) -> dict[str, Any]:
        return self.event(text=words)

    def photo(self) -> dict[str, Any]:
        size = len(self.platforms.proxies["telegram"].file)
        sizes = [{"file_id": f"f{n}", "file_unique_id": f"u{n}", "width": n, "height": n, "file_size": size} for n in (90, 320)]
        return self.event(photo=sizes)

    def place(self, latitude: float, longitude: float) -> dict[str, Any]:
        return self.event(location={"latitude": latitude, "longitude": longitude})

    def press(self, title: str) -> dict[str, Any]:
        button = _found(self.heard(), lambda one: one.get("text") == title and "callback_data" in one)
        person = {"id": self.id, "is_bot": False, "first_name": "ประชาชน"}
        chat = {"id": self.id, "type": "private"}
        message = {"message_id": 77, "date": int(time.time()), "chat": chat, "text": "…"}
        query = {"id": str(next(_numbers)), "from": person, "chat_instance": "1", "message": message}
        return {"update_id": next(_numbers), "callback_query": {**query, "data": button["callback_data"]}}

    def webhook(self, events: Sequence[dict[str, Any]]) -> Webhook:
        (update,) = events
        body = json.dumps(update, ensure_ascii=False).encode()
        return "/webhooks/telegram/main", body, {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET}

    def taken(self) -> list[tuple[Taken, Any]]:
        return [
            (taken, {key: _read(value) for key, value in taken.body.items()})
            for taken in self.platforms.proxies["telegram"].taken
            if _SENT.search(taken.path) and str(taken.body.get("chat_id")) == str(self.id)
        ]


class MetaCitizen(Citizen):
    """``channel`` is ``messenger`` or ``instagram``."""

    platform = "graph"

    def __init__(self, name: str, platforms: Platforms, channel: str = "messenger") -> None:
        super().__init__(name, platforms)
        self.channel = channel
        self.id = str(int(hashlib.md5(f"{channel}{name}".encode()).hexdigest()[:12], 16))
        self.page = PAGE if channel == "messenger" else GRAM
        platforms.judges["graph"].post("/_person", {"id": self.id, "platform": channel, "hours_since_last_message": 0})

    def event(self, **more: Any) -> dict[str, Any]:
        return {"sender": {"id": self.id}, "recipient": {"id": self.page}, "timestamp": _milliseconds(), **more}

    def message(self, **message: Any) -> dict[str, Any]:
        return self.event(message={"mid": f"m_{next(_numbers)}", **message})

    def text(self, words: str) -> dict[str, Any]:
        return self.message(text=words)

    def photo(self) -> dict[str, Any]:
        url = self.platforms.proxies["graph"].url + "/photo.jpg"
        return self.message(attachments=[{"type": "image", "payload": {"url": url}}])

    def place(self, latitude: float, longitude: float) -> dict[str, Any]:
        where = {"coordinates": {"lat": latitude, "long": longitude}}
        return self.message(attachments=[{"type": "location", "title": "ตำแหน่ง", "payload": where}])

    def press(self, title: str) -> dict[str, Any]:
        button = _found(self.heard(), lambda one: one.get("title") == title and "payload" in one)
        return self.message(text=title, quick_reply={"payload": button["payload"]})

    def webhook(self, events: Sequence[dict[str, Any]]) -> Webhook:
        return meta_webhook(self.channel, events)

    def taken(self) -> list[tuple[Taken, Any]]:
        return [
            (taken, taken.body["message"])
            for taken in self.platforms.proxies["graph"].taken
            if "message" in taken.body and taken.body["recipient"]["id"] == self.id
        ]


def meta_webhook(channel: str, events: Sequence[dict[str, Any]]) -> Webhook:
    """One entry with all events."""
    page = PAGE if channel == "messenger" else GRAM
    entry = {"id": page, "time": _milliseconds(), "messaging": list(events)}
    body = json.dumps({"object": "page" if channel == "messenger" else "instagram", "entry": [entry]}).encode()
    signature = "sha256=" + hmac.new(META_SECRET.encode(), body, "sha256").hexdigest()
    return f"/webhooks/{channel}/main", body, {"X-Hub-Signature-256": signature}


async def post(url: str, webhook: Webhook, session: aiohttp.ClientSession | None = None) -> None:
    """Deliver until it is answered 200, as platforms do."""
    path, body, headers = webhook
    own = session or aiohttp.ClientSession()
    try:
        for _ in range(100):
            try:
                async with own.post(url + path, data=body, headers={**headers, "Content-Type": "application/json"}) as answer:
                    if answer.status == 200:
                        return
                    assert answer.status >= 500, answer.status
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.3)
        raise AssertionError("never accepted")
    finally:
        if session is None:
            await own.close()


def _milliseconds() -> int:
    """The time now, and never the same twice: platforms stamp two messages of one person differently."""
    global _last
    _last = max(_last + 1, time.time_ns() // 1_000_000)
    return _last


def _read(value: Any) -> Any:
    """A form's field, which may hold JSON."""
    if isinstance(value, str) and value[:1] in "{[":
        return json.loads(value)
    return value


def _found(payloads: Any, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The newest button anywhere in the payloads."""
    if isinstance(payloads, dict):
        if wanted(payloads):
            return payloads
        payloads = list(payloads.values())
    if isinstance(payloads, list):
        for one in reversed(payloads):
            if isinstance(one, dict | list):
                try:
                    return _found(one, wanted)
                except LookupError:
                    continue
    raise LookupError("no such button")
