"""Files of citizens: fetched from their platform and kept before the engine is asked, each once."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from channels import attempt
from channels.contract import Channel, File, MediaGone, MediaLater
from channels.inbox import InboxEvent
from conversations import file
from conversations.content import Inward, Text
from conversations.conversation import Conversation
from conversations.file import Stored
from conversations.picture import MEDIA_TYPE, NoPicture, readable
from core.database import Database
from core.settings import Settings

log = structlog.get_logger()
LONGEST_CALL = 60.0  # seconds for one file
AT_ONCE = 4  # files of one citizen fetched side by side

Item = dict[
    str, Any
]  # of ``content.details["media"]``; afterwards with ``kept`` (an attachment's id) or ``lost`` (a word of `_LOST`)
_FETCHED = {"image", "file", "audio", "video"}
_LOST = {
    "later": ("ขออภัยค่ะ ตอนนี้ยังรับ{what}ของคุณไม่ได้ กรุณาส่งใหม่อีกครั้งนะคะ", "Sorry, I could not get your {what}. Please send it again."),
    "gone": ("ขออภัยค่ะ เปิด{what}นี้ไม่ได้แล้ว กรุณาส่งใหม่อีกครั้งค่ะ", "Sorry, this {what} can no longer be opened. Please send it again."),
    "too_large": (
        "ขออภัยค่ะ {what}นี้ใหญ่เกิน {size} MB กรุณาย่อให้เล็กลงแล้วส่งใหม่ค่ะ",
        "Sorry, this {what} is larger than {size} MB. Please make it smaller and send it again.",
    ),
    "foreign": (
        "ขออภัยค่ะ รับ{what}จากลิงก์นี้ไม่ได้ กรุณาส่ง{what}ในแชตนี้โดยตรงค่ะ",
        "Sorry, I cannot take a {what} from this link. Please send it here in the chat.",
    ),
    "no_picture": (
        "ขออภัยค่ะ เปิดรูปนี้ไม่ได้ แต่เก็บไฟล์ไว้ให้เจ้าหน้าที่แล้ว กรุณาส่งเป็นรูปถ่าย (JPEG หรือ PNG) อีกครั้งค่ะ",
        "Sorry, I cannot open this picture, but I kept the file for the office. Please send a JPEG or PNG photo.",
    ),
}
_KINDS = {"image": ("รูป", "picture"), "video": ("วิดีโอ", "video"), "audio": ("ไฟล์เสียง", "recording"), "file": ("ไฟล์", "file")}


class _Overtaken(Exception):
    """Another worker wrote the row meanwhile; the files fetched here are not needed."""


@dataclass(frozen=True)
class _Fetched:
    """What became of one item: stored, lost for good, or to be asked for again (neither)."""

    stored: Stored | None = None
    lost: str | None = None


def missing(content: Mapping[str, Any]) -> bool:
    """Whether a row's content names files that were neither fetched nor given up."""
    return content.get("kind") in _FETCHED and any(_open(item) for item in _items(content))


def problems(content: Inward, language: str, limit: int) -> list[Text]:
    """What the citizen is told of files that could not be had or opened; ``limit`` is the largest size in bytes."""
    place = 1 if language == "en" else 0
    told = []
    for item in _items(content.model_dump()):
        code = item.get("lost") or item.get("odd")
        if code:
            what = _KINDS.get(str(item.get("kind")), _KINDS["file"])[place]
            told.append(_LOST.get(code, _LOST["gone"])[place].format(what=what, size=limit // (1024 * 1024)))
    return [Text(text=text) for text in dict.fromkeys(told)]


class Media:
    """Fetches through the channels' adapters and keeps below ``var/media``."""

    def __init__(self, database: Database, channels: Mapping[tuple[str, str], Channel], settings: Settings) -> None:
        """``channels`` holds the adapters by (channel, account)."""
        self._database = database
        self._channels = channels
        self.folder = settings.var / "media"
        self.limit = settings.upload_limit

    async def fetch(self, rows: Sequence[InboxEvent], conversation: Conversation) -> bool:
        """Fetch what the rows still miss and write it down in them; False when some of it must be asked for again."""
        return all(await asyncio.gather(*(self._row(row, conversation) for row in rows if missing(row.content))))

    async def _row(self, row: InboxEvent, conversation: Conversation) -> bool:
        channel = self._channels.get((conversation.channel, conversation.account))
        room = asyncio.Semaphore(AT_ONCE)
        items = _items(row.content)
        found = await asyncio.gather(*(self._item(channel, item, room) for item in items))
        if attempt.is_last(row):
            given_up = _Fetched(lost="later")
            found = [given_up if one == _Fetched() and _open(item) else one for one, item in zip(found, items, strict=True)]
        try:
            async with self._database.write() as session:
                return await _keep(session, row, conversation, found)
        except BaseException as error:
            for one in found:
                if one.stored is not None:
                    await file.discard(self.folder, one.stored.name)
            if isinstance(error, _Overtaken):
                return True  # the row is read again and tells what is left
            raise

    async def _item(self, channel: Channel | None, item: Item, room: asyncio.Semaphore) -> _Fetched:
        if not _open(item):
            return _Fetched()
        if channel is None:
            return _Fetched(lost="gone")
        async with room:
            try:
                async with asyncio.timeout(LONGEST_CALL):
                    got = await channel.fetch(item)
                return await self._stored(item, got)
            except MediaGone as gone:
                return _Fetched(lost=gone.code)
            except (MediaLater, TimeoutError):
                return _Fetched()
            except Exception as error:
                # A fault of the adapter must not hold the conversation for ever: it ends like a platform that is away.
                log.error("fetching_failed", channel=channel.name, error=type(error).__name__)
                return _Fetched()

    async def _stored(self, item: Item, got: File) -> _Fetched:
        if len(got.data) > self.limit:
            return _Fetched(lost="too_large")
        if not got.data:
            return _Fetched(lost="gone")
        if item.get("kind") == "image" or readable(got.data):
            with contextlib.suppress(NoPicture):
                return _Fetched(await file.store_picture(self.folder, got.data))
        return _Fetched(await file.store_file(self.folder, got.data))


async def _keep(session: AsyncSession, row: InboxEvent, conversation: Conversation, found: Sequence[_Fetched]) -> bool:
    """Write the files down in the row as it is now: another worker may have been faster, then its own count."""
    fresh = await session.get_one(InboxEvent, row.id, with_for_update=True)
    items, attachments = _items(fresh.content), list(fresh.content.get("attachments") or [])
    if len(items) != len(found) or [_open(item) for item in items] != [_open(item) for item in _items(row.content)]:
        raise _Overtaken
    for item, one in zip(items, found, strict=True):
        if one.stored is not None:
            attachments.append(await _own(session, item, conversation, one.stored))
        elif one.lost is not None:
            item["lost"] = one.lost
        if not _open(item):
            item.pop("url", None)  # it may open the file to whoever reads the record
    details = {**fresh.content.get("details", {}), "media": items}
    fresh.content = {**fresh.content, "kind": _kind(fresh.content, items), "attachments": attachments, "details": details}
    if missing(fresh.content):
        attempt.postpone(fresh, "media_later")
        return False
    attempt.begin_anew(fresh)
    return True


async def _own(session: AsyncSession, item: Item, conversation: Conversation, stored: Stored) -> str:
    kept = await file.record(session, conversation.id, stored)
    item |= {"kept": kept.id, "media_type": kept.media_type}
    if item.get("kind") == "image" and kept.media_type != MEDIA_TYPE:
        item["odd"] = "no_picture"
    return kept.id


def _kind(content: Mapping[str, Any], items: Sequence[Item]) -> str:
    """A photo that was sent as a file is a photo."""
    kind = str(content.get("kind"))
    return "image" if kind == "file" and items and all(item.get("media_type") == MEDIA_TYPE for item in items) else kind


def _items(content: Mapping[str, Any]) -> list[Item]:
    media = (content.get("details") or {}).get("media")
    return [dict(item) for item in media if isinstance(item, dict)] if isinstance(media, list) else []


def _open(item: Item) -> bool:
    return "kept" not in item and "lost" not in item
