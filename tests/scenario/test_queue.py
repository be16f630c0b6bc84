"""A citizen on LINE who does not want to wait for a person, over the whole running system."""

from aiohttp import ClientSession, CookieJar
from redis.asyncio import Redis

from tests.citizens import LineCitizen
from tests.staff import Member
from tests.standins import Platforms
from tests.system import RunningSystem


async def test_whoever_does_not_want_to_wait_goes_on_with_the_assistant(
    system: RunningSystem, platforms: Platforms, desk: Redis
) -> None:
    await system.until_ready()
    citizen, url = LineCitizen("impatient", platforms), system.url
    async with ClientSession(url, cookie_jar=CookieJar(unsafe=True)) as http:
        officer = await Member(http).enter("officer@demo", system.password("officer@demo"))
        await officer.get("/console/chats")
        assert "คิวที่ 1" in await citizen.do(url, citizen.text("ขอคุยกับเจ้าหน้าที่"))
        assert "ออกจากคิวแล้วค่ะ" in await citizen.do(url, citizen.press("กลับไปคุยกับบอท"))
        assert "บัตรประจำตัวประชาชน" in await citizen.do(url, citizen.text("บัตร ปชช หาย ทำไง"))
    assert not platforms.judges["line"].violations()
