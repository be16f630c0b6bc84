from aiohttp import ClientSession

from core import heartbeat
from tests.unit.web.town import KEY, Town


async def test_alive(http: ClientSession) -> None:
    async with http.get("/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ok"})


async def test_ready_names_what_is_broken(town: Town, http: ClientSession) -> None:
    async with http.get("/readyz") as answer:
        assert answer.status == 503
        assert set((await answer.json())["broken"]) == {"model", "dispatcher", "sender", "desk"}


async def test_ready_when_everything_works(town: Town, http: ClientSession) -> None:
    town.settings.models.mkdir()
    (town.settings.models / "pracha.tar.gz").touch()
    for name in ("dispatcher-1", "sender-1", "desk-1"):
        await town.valkey.set(heartbeat.key(name), "1", ex=10)
    async with http.get("/readyz") as answer:
        assert (answer.status, (await answer.json())["broken"]) == (200, [])


async def test_a_dead_valkey_and_engine_are_named(town: Town, http: ClientSession) -> None:
    town.bundled.kill()
    await town.engine.stop()
    async with http.get("/readyz") as answer:
        assert {"valkey", "engine"} <= set((await answer.json())["broken"])
    async with http.get("/") as answer:
        assert answer.status == 200


async def test_numbers_of_use_are_not_for_everybody(http: ClientSession) -> None:
    async with http.get("/metrics") as answer:
        assert answer.status == 200
        assert "pracha_http_requests_total" in await answer.text()
    async with http.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}) as answer:
        assert answer.status == 401
    async with http.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9", "X-API-Key": KEY}) as answer:
        assert answer.status == 200
