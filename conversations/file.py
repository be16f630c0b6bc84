"""Files of citizens below `var/media`, under random names: pictures drawn anew, all others kept as they came."""

import asyncio
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import filetype
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from conversations.attachment import Attachment
from conversations.picture import MEDIA_TYPE, clean

UNKNOWN = "application/octet-stream"
AT_ONCE = asyncio.Semaphore(2)  # pictures being decoded: each may take a hundred megabytes for a moment


@dataclass(frozen=True)
class Stored:
    """A file that lies on disk and in no row yet. ``size`` is in bytes, width and height in pixels (pictures only)."""

    name: str
    media_type: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None


async def store_picture(folder: Path, data: bytes) -> Stored:
    """Clean a picture and write it.

    Raises:
        conversations.picture.NoPicture: when it is none that we take; nothing was written.
    """
    async with AT_ONCE:
        picture = await asyncio.to_thread(clean, data)
    name = await asyncio.to_thread(_write, folder, picture.data, "jpg")
    return Stored(name, MEDIA_TYPE, len(picture.data), _hash(picture.data), picture.width, picture.height)


async def store_file(folder: Path, data: bytes) -> Stored:
    """Write any file as it came. Its type is recognised by its content; the name and type that came with it are not believed."""
    kind = filetype.guess(data)
    name = await asyncio.to_thread(_write, folder, data, kind.extension if kind is not None else "")
    return Stored(name, kind.mime if kind is not None else UNKNOWN, len(data), _hash(data))


async def record(session: AsyncSession, conversation_id: str | None, stored: Stored) -> Attachment:
    """Write down in the caller's transaction whose file this is; without a conversation it is staff's own."""
    row = Attachment(
        conversation_id=conversation_id,
        media_type=stored.media_type,
        name=stored.name,
        size=stored.size,
        width=stored.width,
        height=stored.height,
        sha256=stored.sha256,
    )
    session.add(row)
    await session.flush()
    return row


async def discard(folder: Path, name: str) -> None:
    """Remove a file that no row needs; one that is gone already does no harm."""
    await asyncio.to_thread((folder / name).unlink, missing_ok=True)


async def remove(session: AsyncSession, folder: Path, attachment_id: str, conversation_id: str) -> bool:
    """Delete a conversation's attachment, row and file; False when it stays because a case holds it, or is not there."""
    found = await session.get(Attachment, attachment_id)
    if found is None or found.conversation_id != conversation_id:
        return False
    try:
        async with session.begin_nested():
            await session.delete(found)
    except IntegrityError:  # a row of another room refers to it, and what the office has on record stays
        return False
    # Before the transaction ends: after a crash the row is found again and deleted, a file without a row never would be.
    await discard(folder, found.name)
    return True


def _write(folder: Path, data: bytes, ending: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    name = secrets.token_hex(16) + (f".{ending}" if ending else "")
    descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return name


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
