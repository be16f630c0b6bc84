"""A citizen on LINE is put through to a person and comes back, over the whole running system."""

import json
import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, CookieJar
from redis.asyncio import Redis

from core import valkey
from tests.citizens import LineCitizen
from tests.standins import Platforms
from tests.system import RunningSystem

CHAT = re.compile(r"/console/chats/(cnv_\w+)")
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


class Officer:
    """An officer's browser without scripts: forms and pages only."""

    def __init__(self, http: ClientSession) -> None:
        self.http = http
        self.csrf = ""

    async def enter(self, system: RunningSystem) -> None:
        logins = {one["login"]: one["password"] for one in json.loads((system.folder / "demo.json").read_text())["logins"]}
        form = {"login": "officer@demo", "password": logins["officer@demo"]}
        async with self.http.post("/console/login", data=form) as answer:
            found = TOKEN.search(await answer.text())
        assert found is not None
        self.csrf = found[1]

    async def get(self, path: str) -> str:
        async with self.http.get(path) as answer:
            assert answer.status == 200, path
            return await answer.text()

    async def post(self, path: str, **form: str) -> str:
        async with self.http.post(path, data={"csrf": self.csrf, **form}) as answer:
            assert answer.status == 200, (path, await answer.text())
            return await answer.text()


@pytest.fixture
async def desk(system: RunningSystem) -> AsyncIterator[Redis]:
    """The desk is left empty behind the test: others rely on nobody being there."""
    client = valkey.connect(system.valkey_url())
    yield client
    await client.delete("presence:desk")
    await client.aclose()


async def test_from_the_queue_to_a_person_and_back(system: RunningSystem, platforms: Platforms, desk: Redis) -> None:
    await system.until_ready()
    citizen, url = LineCitizen("live-chat", platforms), system.url
    async with ClientSession(url, cookie_jar=CookieJar(unsafe=True)) as http:
        officer = Officer(http)
        await officer.enter(system)
        await officer.get("/console/chats")  # from here on somebody may come

        await citizen.do(url, citizen.text("น้ำท่วมซอยสุขใจ 5"))
        queued = await citizen.do(url, citizen.text("ขอคุยกับเจ้าหน้าที่"))
        assert "ส่งต่อให้เจ้าหน้าที่แล้วค่ะ" in queued
        assert "คิวที่ 1" in queued
        assert "ใช่ไหม" not in queued  # the report's question does not follow
        assert "คิวที่ 1" in await citizen.do(url, citizen.text("น้ำสูงถึงเข่าแล้วค่ะ"))

        listed = await officer.get("/console/chats")
        (chat,) = set(CHAT.findall(listed))
        assert "น้ำสูงถึงเข่าแล้วค่ะ" in listed
        await officer.post(f"/console/chats/{chat}/take", expected="queue")
        assert "คุณกำลังคุยกับเจ้าหน้าที่ของเทศบาลเมืองธาราใสแล้วค่ะ" in await citizen.answer()
        await officer.post(f"/console/chats/{chat}/say", text="กำลังส่งรถสูบน้ำไปค่ะ", key="k1")
        assert "กำลังส่งรถสูบน้ำไปค่ะ" in await citizen.answer()

        await officer.post(f"/console/chats/{chat}/give_back")
        assert "กลับมาคุยกับผู้ช่วยอัตโนมัติแล้วค่ะ" in await citizen.answer()
        assert "น้ำท่วม" in await citizen.do(url, citizen.text("แจ้งต่อ"))  # the report was not forgotten
        assert not platforms.judges["line"].violations()


async def test_whoever_does_not_want_to_wait_goes_on_with_the_assistant(
    system: RunningSystem, platforms: Platforms, desk: Redis
) -> None:
    await system.until_ready()
    await desk.zadd("presence:desk", {"staff:stf_somebody": 4_000_000_000})
    citizen, url = LineCitizen("impatient", platforms), system.url
    assert "คิวที่ 1" in await citizen.do(url, citizen.text("ขอคุยกับเจ้าหน้าที่"))
    assert "ออกจากคิวแล้วค่ะ" in await citizen.do(url, citizen.press("คุยกับผู้ช่วยอัตโนมัติต่อ"))
    assert "บัตรประจำตัวประชาชน" in await citizen.do(url, citizen.text("บัตร ปชช หาย ทำไง"))
