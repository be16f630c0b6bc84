"""Files that staff add: pictures are drawn anew, others kept as they came and only ever saved, never shown."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aiohttp import web
from multidict import MultiMapping
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from conversations import file, picture
from conversations.attachment import Attachment
from conversations.picture import NoPicture
from core.database import Database
from helpdesk.error import CaseError
from web.console.cases import labels

MOST = 8
LARGEST = 10 * 1024 * 1024  # bytes of one file
LIMIT = MOST * LARGEST  # bytes of a form with files


class FileRefused(CaseError):
    """A file that cannot be taken; ``str(error)`` says why."""


async def keep(form: MultiMapping[Any], folder: Path, database: Database, *, pictures: bool) -> list[str]:
    """Store the files of a form's field ``file`` and give their ids, those of ``held`` first.

    ``held`` are files of an earlier try whose form was refused, so that nobody must choose them again.

    Raises:
        FileRefused: when one is too large, or no picture where pictures are asked for.
    """
    async with database.read() as session:
        kept = await _held(session, [str(one) for one in form.getall("held", [])][:MOST])
    chosen = [one for one in form.getall("file", []) if isinstance(one, web.FileField) and one.filename][: MOST - len(kept)]
    stored = [await _store(folder, one, pictures=pictures) for one in chosen]
    async with database.write() as session:
        return [*kept, *[(await file.record(session, None, one)).id for one in stored]]


async def _store(folder: Path, field: web.FileField, *, pictures: bool) -> file.Stored:
    data = field.file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise FileRefused(labels.FILE_LARGE)
    if not pictures and not picture.readable(data):
        return await file.store_file(folder, data)
    try:
        return await file.store_picture(folder, data)
    except NoPicture as no:
        raise FileRefused(labels.NO_PICTURE.format(name=field.filename[-60:])) from no


async def _held(session: AsyncSession, ids: Sequence[str]) -> list[str]:
    """Those of the ids that staff stored: a citizen's file is not attached by guessing its id."""
    query = select(Attachment.id).where(Attachment.id.in_(ids), Attachment.conversation_id.is_(None))
    there = set(await session.scalars(query))
    return [one for one in dict.fromkeys(ids) if one in there]
