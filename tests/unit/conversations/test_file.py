"""Files on disk and the rows that know them."""

import asyncio
import io
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select

from conversations import conversation as conversations
from conversations import file
from conversations.attachment import Attachment
from conversations.picture import NoPicture
from core.database import Database

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    return out.getvalue()


async def test_a_picture_is_drawn_anew_under_a_name_nobody_can_guess(tmp_path: Path) -> None:
    stored = await file.store_picture(tmp_path / "media", photo())
    written = tmp_path / "media" / stored.name
    assert (stored.media_type, stored.width, stored.height, stored.size) == ("image/jpeg", 60, 40, written.stat().st_size)
    assert len(written.stem) == 32
    assert written.stat().st_mode & 0o077 == 0


async def test_what_is_no_picture_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NoPicture):
        await file.store_picture(tmp_path / "media", PDF)
    assert not (tmp_path / "media").exists()


@pytest.mark.parametrize(
    ("data", "media_type", "ending"), [(PDF, "application/pdf", ".pdf"), (b"<html>", "application/octet-stream", "")]
)
async def test_other_files_stay_as_they_came(tmp_path: Path, data: bytes, media_type: str, ending: str) -> None:
    stored = await file.store_file(tmp_path, data)
    assert (tmp_path / stored.name).read_bytes() == data
    assert (stored.media_type, Path(stored.name).suffix, stored.width) == (media_type, ending, None)


async def test_a_file_is_removed_with_its_row_by_its_own_conversation_only(database: Database, tmp_path: Path) -> None:
    stored = await file.store_file(tmp_path, PDF)
    async with database.write() as session:
        own = await conversations.find_or_open(session, "line", "main", "U1")
        other = await conversations.find_or_open(session, "line", "main", "U2")
        kept = await file.record(session, own.id, stored)
    async with database.write() as session:
        assert not await file.remove(session, tmp_path, kept.id, other.id)
        assert (tmp_path / stored.name).is_file()
        assert await file.remove(session, tmp_path, kept.id, own.id)
        assert not await file.remove(session, tmp_path, kept.id, own.id)
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Attachment)) == 0
    assert not (tmp_path / stored.name).exists()


async def test_discarding_twice_does_no_harm(tmp_path: Path) -> None:
    stored = await file.store_file(tmp_path, PDF)
    await asyncio.gather(*(file.discard(tmp_path, stored.name) for _ in range(3)))
    assert not list(tmp_path.iterdir())
