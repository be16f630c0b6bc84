import io
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import ClientSession, FormData
from PIL import Image

from channels.web import session
from conversations import conversation as conversations
from conversations import file
from tests.unit.web.town import Town

Visit = Callable[..., Any]
TOKEN = session.new_token()


def form(data: bytes, name: str = "รูป.jpg", media_type: str = "image/jpeg", field: str = "file") -> FormData:
    made = FormData()
    made.add_field(field, data, filename=name, content_type=media_type)
    return made


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    return out.getvalue()


async def send(http: ClientSession, data: FormData | bytes, token: str = TOKEN) -> tuple[int, dict[str, Any]]:
    async with http.post("/chat/upload", data=data, headers={"X-Pracha-Token": token}) as answer:
        return answer.status, await answer.json()


async def test_a_photo_is_kept_and_shown_to_its_owner_only(town: Town, http: ClientSession) -> None:
    status, kept = await send(http, form(photo()))
    assert (status, kept["width"], kept["height"]) == (201, 60, 40)
    async with http.get(f"/media/{kept['id']}", headers={"X-Pracha-Token": TOKEN}) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "private" in answer.headers["Cache-Control"]
    async with http.get(f"/media/{kept['id']}", headers={"X-Pracha-Token": session.new_token()}) as answer:
        assert answer.status == 404
    async with http.get(f"/media/{kept['id']}") as answer:
        assert answer.status == 401


async def test_what_is_no_picture_is_handed_out_to_be_saved_and_never_shown(town: Town, http: ClientSession) -> None:
    stored = await file.store_file(town.settings.var / "media", b"%PDF-1.7\n<script>alert(1)</script>")
    async with town.database.write() as rows:
        own = await conversations.find_or_open(rows, "web", "default", session.external_id(TOKEN))
        kept = await file.record(rows, own.id, stored)
    async with http.get(f"/media/{kept.id}", headers={"X-Pracha-Token": TOKEN}) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_it_lies_under_a_name_nobody_can_guess(town: Town, http: ClientSession) -> None:
    await send(http, form(photo(), name="../../บัตรประชาชน.jpg"))
    (file,) = (town.settings.var / "media").iterdir()
    assert len(file.stem) == 32
    assert file.stat().st_mode & 0o077 == 0


async def test_it_can_be_sent_in_the_chat(town: Town, http: ClientSession, visit: Visit) -> None:
    town.work()
    visitor = await visit()
    _, kept = await send(http, form(photo()), visitor.token)
    await visitor.say("", "event-0001", kind="image", attachments=[kept["id"]])
    await visitor.until("accepted")
    assert "provide_photo" in (await visitor.answer())["content"]["text"]


async def test_another_visitors_photo_cannot_be_sent(http: ClientSession, visit: Visit) -> None:
    _, kept = await send(http, form(photo()))
    visitor = await visit()
    await visitor.say("", "event-0001", kind="image", attachments=[kept["id"]])
    assert (await visitor.until("error"))["code"] == "unknown_file"


async def test_a_pdf_in_a_pictures_clothes_is_refused(town: Town, http: ClientSession) -> None:
    status, answer = await send(http, form(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", name="บิลค่าน้ำ.jpg"))
    assert (status, answer["error"]["code"]) == (415, "unknown")
    assert "ไม่ใช่รูปภาพ" in answer["error"]["message_th"]
    assert not (town.settings.var / "media").exists()


async def test_twenty_megabytes_are_refused_before_they_are_read(http: ClientSession) -> None:
    status, answer = await send(http, form(b"\xff\xd8\xff" + b"0" * 20 * 1024 * 1024))
    assert (status, answer["error"]["code"]) == (413, "too_large")
    assert "10 MB" in answer["error"]["message_th"]


async def test_a_size_that_was_not_announced_is_measured(town: Town, http: ClientSession) -> None:
    async def pieces():
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        for _ in range(200):
            yield b"0" * 65536
        yield b"\r\n--x--\r\n"

    headers = {"X-Pracha-Token": TOKEN, "Content-Type": "multipart/form-data; boundary=x"}
    async with http.post("/chat/upload", data=pieces(), headers=headers) as answer:
        assert answer.status == 413


@pytest.mark.parametrize(
    ("data", "headers", "status"),
    [
        (b"no form", {"Content-Type": "text/plain"}, 415),
        (b"no form", {"Content-Type": "multipart/form-data"}, 400),
        (b"", {"Content-Type": "multipart/form-data; boundary=x"}, 400),
    ],
)
async def test_odd_forms(http: ClientSession, data: bytes, headers: dict[str, str], status: int) -> None:
    async with http.post("/chat/upload", data=data, headers={"X-Pracha-Token": TOKEN, **headers}) as answer:
        assert answer.status == status


async def test_the_field_must_be_the_file(http: ClientSession) -> None:
    assert (await send(http, form(photo(), field="other")))[0] == 400


async def test_without_a_token_nothing_is_taken(http: ClientSession) -> None:
    assert (await send(http, form(photo()), ""))[0] == 401


async def test_too_many_are_slowed_down(http: ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.chat.upload.RATE", "1/minute")
    await send(http, form(photo()))
    async with http.post("/chat/upload", data=form(photo()), headers={"X-Pracha-Token": TOKEN}) as answer:
        assert answer.status == 429
        assert int(answer.headers["Retry-After"]) >= 1


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.mark.parametrize(
    ("data", "media_type", "name"),
    [
        (SVG, "image/svg+xml", "a.svg"),
        (SVG, "image/jpeg", "a.jpg"),
        (b'<?xml version="1.0"?>' + SVG, "image/png", "a.png"),
        (HTML, "image/jpeg", "a.jpg"),
        (b"\x89PNG\r\n\x1a\n" + HTML, "image/png", "a.png"),
        (b"GIF89a=1;alert(1)", "image/gif", "a.gif"),
        (b"PK\x03\x04" + b"0" * 100, "image/jpeg", "a.jpg"),
        (b"MZ" + b"0" * 100, "image/jpeg", "a.jpg"),
        (b"", "image/jpeg", "a.jpg"),
    ],
)
async def test_the_kind_is_found_in_the_content(town: Town, http: ClientSession, data: bytes, media_type: str, name: str) -> None:
    status, _ = await send(http, form(data, name=name, media_type=media_type))
    assert status in {400, 415, 422}
    folder = town.settings.var / "media"
    assert not folder.exists() or not list(folder.iterdir())


@pytest.mark.parametrize("behind", [HTML, SVG, b"PK\x03\x04 a hidden archive", b"<?php system($_GET['a']); ?>"])
async def test_what_hides_behind_or_inside_a_picture_is_left_out(town: Town, http: ClientSession, behind: bytes) -> None:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG", comment=behind)
    status, _ = await send(http, form(out.getvalue() + behind))
    assert status == 201
    (kept,) = (town.settings.var / "media").iterdir()
    assert behind not in kept.read_bytes()
    assert kept.read_bytes().startswith(b"\xff\xd8\xff")


NAMES = ["../../evil.jpg", "/etc/passwd", "..\\..\\evil.jpg", "a.php", "a.jpg%00.html", "ก" * 300 + ".jpg"]


@pytest.mark.parametrize("name", NAMES)
async def test_a_files_name_decides_nothing(town: Town, http: ClientSession, name: str) -> None:
    status, _ = await send(http, form(photo(), name=name))
    assert status == 201
    (kept,) = (town.settings.var / "media").iterdir()
    assert (len(kept.stem), kept.suffix) == (32, ".jpg")


async def test_a_name_longer_than_a_line_is_refused_and_no_failure_of_ours(town: Town, http: ClientSession) -> None:
    status, answer = await send(http, form(photo(), name="ก" * 3000 + ".jpg"))
    assert (status, answer["error"]["code"]) == (400, "bad_request")
    assert not (town.settings.var / "media").exists()
