import pytest
from aiohttp import ClientSession, WSServerHandshakeError

from core.settings import Settings
from tests.unit.web.town import Town
from web import origins

SETTINGS = Settings(public_url="https://city.example", embed_origins=["https://partner.example/"])


@pytest.mark.parametrize(
    ("origin", "good"),
    [
        (None, True),
        ("https://city.example", True),
        ("https://partner.example", True),
        ("http://127.0.0.1:8080", True),  # our own host, as the browser names it
        ("https://partner.example.evil.example", False),
        ("https://evil.example", False),
        ("http://partner.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_origins(origin: str | None, good: bool) -> None:
    assert origins.allowed(origin, "127.0.0.1:8080", SETTINGS) is good


async def test_another_sites_page_may_not_open_a_socket(http: ClientSession) -> None:
    with pytest.raises(WSServerHandshakeError) as refused:
        await http.ws_connect("/chat/socket", origin="https://evil.example")
    assert refused.value.status == 403


async def test_another_sites_page_may_not_upload(http: ClientSession) -> None:
    async with http.post("/chat/upload", headers={"Origin": "https://evil.example"}) as answer:
        assert answer.status == 403
        assert (await answer.json())["error"]["code"] == "origin_refused"


async def test_an_origin_that_is_none_is_refused(http: ClientSession) -> None:
    for origin in ("null", "http://[", "://", "http://", "http:// "):
        async with http.get("/chat/settings", headers={"Origin": origin}) as answer:
            assert answer.status == 403, origin


async def test_the_refusal_can_be_read_by_the_page_it_refuses(http: ClientSession) -> None:
    async with http.get("/chat/settings", headers={"Origin": "https://evil.example"}) as answer:
        assert answer.status == 403
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "PRACHA_EMBED_ORIGINS" in (await answer.json())["error"]["message"]


async def test_an_embedding_page_may_do_both(town: Town, http: ClientSession) -> None:
    headers = {"Origin": "https://partner.example", "Access-Control-Request-Headers": "x-pracha-token"}
    async with http.options("/chat/upload", headers=headers) as answer:
        assert answer.status == 204
        assert answer.headers["Access-Control-Allow-Origin"] == "https://partner.example"
        assert "X-Pracha-Token" in answer.headers["Access-Control-Allow-Headers"]
    async with http.ws_connect("/chat/socket", origin="https://partner.example") as socket:
        await socket.send_json({"type": "hello", "token": None, "after": 0})
        assert (await socket.receive_json())["type"] == "welcome"


async def test_an_error_can_be_read_by_an_embedding_page(http: ClientSession) -> None:
    async with http.post("/chat/upload", headers={"Origin": "https://partner.example"}) as answer:
        assert answer.status == 401
        assert answer.headers["Access-Control-Allow-Origin"] == "https://partner.example"
