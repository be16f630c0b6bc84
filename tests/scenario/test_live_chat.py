"""A citizen on LINE is put through to a person and comes back, over the whole running system."""

import re

from aiohttp import ClientSession, CookieJar
from redis.asyncio import Redis

from tests.citizens import LineCitizen
from tests.staff import Member
from tests.standins import Platforms
from tests.system import RunningSystem

CHAT = re.compile(r"/console/chats/(cnv_\w+)")


async def test_from_the_queue_to_a_person_and_back(system: RunningSystem, platforms: Platforms, desk: Redis) -> None:
    await system.until_ready()
    citizen, url = LineCitizen("live-chat", platforms), system.url
    async with ClientSession(url, cookie_jar=CookieJar(unsafe=True)) as http:
        officer = await Member(http).enter("officer@demo", system.password("officer@demo"))
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
