"""A visit: one open socket of one visitor, who may have several."""

import asyncio
from typing import Any

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from channels.web import parse, session
from conversations import attachment
from conversations import conversation as conversations
from conversations.conversation import Conversation
from web.chat import frames, transcript
from web.chat.live import ROOM, SLOW, Listener
from web.parts import Parts

log = structlog.get_logger()
CHANNEL, ACCOUNT = "web", "default"
ADDRESS_RATE = "600/minute"  # all visitors of one address: mobile networks put a whole district behind one


class Visit:
    """Reads the visitor's frames and tells them what happens in their conversation."""

    def __init__(self, parts: Parts, socket: web.WebSocketResponse, address: str) -> None:
        """Nothing is known of the visitor before their ``hello``."""
        self._parts = parts
        self._socket = socket
        self._address = address
        self._visitor = ""
        self._conversation: Conversation | None = None
        self._last = 0
        self._events: Listener = asyncio.Queue(ROOM)
        self._turn = asyncio.Lock()  # one reader of the rows at a time, so that nothing is shown twice

    async def welcome(self, frame: dict[str, Any]) -> None:
        """Answer ``hello``: who the visitor is to us, and what they have not seen."""
        given = frame.get("token")
        token = given if isinstance(given, str) and session.valid(given) else session.new_token()
        self._visitor = session.external_id(token)
        after = frames.number(frame, "after") if token == given else 0
        await self._find()
        answer: dict[str, Any] = {"type": "welcome", "token": token, "conversation": None, "messages": [], "waiting": []}
        if self._conversation is not None:
            async with self._turn, self._parts.database.read() as rows:
                messages = await transcript.missed(rows, self._conversation, after)
                waiting = await transcript.waiting(rows, self._conversation)
            self._last = max([after, *(said["sequence"] for said in messages)])
            answer |= {"conversation": self._conversation.id, "messages": messages, "waiting": waiting}
        await self._socket.send_json(answer)

    async def receive(self, frame: dict[str, Any]) -> None:
        """Take one frame after ``hello``. Unknown types are ignored: an older server must survive a newer widget."""
        match frame["type"]:
            case "send":
                await self._send(frame)
            case "earlier":
                await self._earlier(frames.number(frame, "before"))

    async def follow(self) -> None:
        """Pass on what happens, until cancelled. Events come quickly, rows surely."""
        while True:
            wait = self._parts.live.interval if self._conversation is not None else SLOW
            try:
                event = await asyncio.wait_for(self._events.get(), wait)
            except TimeoutError:
                event = None
            if event is None:
                await self._look()
            else:
                await self._pass_on(event)

    def leave(self) -> None:
        """Stop listening."""
        if self._conversation is not None:
            self._parts.live.leave(self._conversation.id, self._events)

    async def _send(self, frame: dict[str, Any]) -> None:
        frame_id = frame.get("id")
        try:
            inbound = parse.parse(frame, self._visitor)
        except parse.BadFrame as bad:
            await frames.refuse(self._socket, bad.code, frame_id)
            return
        if wait := await self._must_wait():
            await frames.refuse(self._socket, "slow_down", frame_id, after=wait)
            return
        try:
            if not await self._owns(inbound.content.attachments):
                await frames.refuse(self._socket, "unknown_file", frame_id)
                return
            await self._parts.gateway.accept(CHANNEL, ACCOUNT, [inbound])
        except (SQLAlchemyError, OSError) as error:
            log.error("message not taken", kind=type(error).__name__)
            await frames.refuse(self._socket, "try_again", frame_id, after=3)
            return
        await self._socket.send_json({"type": "accepted", "id": frame_id})
        if self._conversation is None:
            await self._find()
            self._wake()

    async def _must_wait(self) -> int:
        rates = self._parts.rates
        own = await rates.wait(self._parts.settings.citizen_rate, "visitor", self._visitor)
        return own or await rates.wait(ADDRESS_RATE, "chat", self._address)

    async def _owns(self, attachments: list[str]) -> bool:
        if not attachments:
            return True
        if self._conversation is None:
            await self._find()
        if self._conversation is None:
            return False
        async with self._parts.database.read() as rows:
            found = [await attachment.owned(rows, one, self._conversation.id) for one in attachments]
        return all(found)

    async def _earlier(self, before: int) -> None:
        messages: list[dict[str, Any]] = []
        if self._conversation is not None and before > 1:
            async with self._parts.database.read() as rows:
                messages = await transcript.earlier(rows, self._conversation, before)
        await self._socket.send_json({"type": "earlier", "messages": messages})

    async def _find(self) -> None:
        async with self._parts.database.read() as rows:
            found = await conversations.find(rows, CHANNEL, ACCOUNT, self._visitor)
        if found is not None and self._conversation is None:
            self._conversation = found
            self._parts.live.join(found.id, self._events)

    def _wake(self) -> None:
        if not self._events.full():
            self._events.put_nowait(None)

    async def _look(self) -> None:
        """Read what the rows hold and no event has told us."""
        try:
            if self._conversation is None:
                await self._find()
            if self._conversation is None:
                return
            async with self._turn, self._parts.database.read() as rows:
                messages = await transcript.missed(rows, self._conversation, self._last)
                await self._say(messages)
        except (SQLAlchemyError, OSError) as error:
            log.error("transcript not read", kind=type(error).__name__)

    async def _pass_on(self, event: dict[str, Any]) -> None:
        if self._conversation is None:
            return
        match event.get("type"):
            case "message":
                said = transcript.seen(self._conversation, event["message"])
                if said["sequence"] == self._last + 1:
                    await self._say([said])
                elif said["sequence"] > self._last:
                    await self._look()  # something between was not told to us
            case "typing":
                await self._socket.send_json({"type": "typing", "on": bool(event.get("on"))})
            case "handled":
                own = transcript.own_id(self._conversation, event.get("event_id"))
                await self._socket.send_json({"type": "handled", "event_id": own})

    async def _say(self, messages: list[dict[str, Any]]) -> None:
        for said in messages:
            if said["sequence"] > self._last:
                self._last = said["sequence"]
                await self._socket.send_json({"type": "message", "message": said})
