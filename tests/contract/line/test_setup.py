"""`pracha line setup`: the webhook is registered, the menu shown, and what is wrong is said."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from channels.line import richmenu
from channels.line.channel import LineChannel
from channels.line.setup import setup
from channels.setup import SetupFailed
from tests.contract.line.samples import TOKEN, WEBHOOK, account, script
from tests.platforms import Platform

BOT = {"userId": "U1", "basicId": "@pracha", "displayName": "ธาราใส", "chatMode": "bot", "markAsReadMode": "auto"}
TESTED = {"success": True, "timestamp": "2026-11-22T00:00:00Z", "statusCode": 200, "reason": "OK", "detail": "200"}


async def ready(platform: Platform, *, menus: Sequence[dict[str, Any]] = (), shown: str = "", **more: dict[str, Any]) -> None:
    """Let the stand-in answer a set-up as LINE would, with these menus made before."""
    default = (
        {"status": 200, "body": {"richMenuId": shown}} if shown else {"status": 404, "body": {"message": "no default richmenu"}}
    )
    endpoint = {"status": 200, "body": {"endpoint": WEBHOOK, "active": True}}
    for path, answers in {
        "/v2/bot/info": [more.get("info", {"status": 200, "body": BOT})],
        "/v2/bot/channel/webhook/endpoint": [{"status": 200, "body": {}}, more.get("endpoint", endpoint)],
        "/v2/bot/channel/webhook/test": [more.get("test", {"status": 200, "body": TESTED})],
        "/v2/bot/richmenu/list": [{"status": 200, "body": {"richmenus": list(menus)}}],
        "/v2/bot/user/all/richmenu": [default],
        "/v2/bot/richmenu": [{"status": 200, "body": {"richMenuId": "richmenu-new"}}],
    }.items():
        await script(platform, path, *answers)


@pytest.fixture
async def uploads() -> AsyncIterator[tuple[str, list[tuple[str, str, bytes]]]]:
    """LINE's host for files, by its address, and what was uploaded: the judge takes no picture whose type it can name."""
    taken: list[tuple[str, str, bytes]] = []

    async def take(request: web.Request) -> web.Response:
        taken.append((request.path, request.content_type, await request.read()))
        return web.json_response({}, status=200 if request.headers["Authorization"] == f"Bearer {TOKEN}" else 401)

    app = web.Application(client_max_size=2_000_000)
    app.router.add_post("/v2/bot/richmenu/{id}/content", take)
    async with TestServer(app) as server:
        yield str(server.make_url("")), taken


def menu(menu_id: str, name: str) -> dict[str, Any]:
    return {**richmenu.request(), "richMenuId": menu_id, "name": name}


async def test_setup_registers_the_webhook_and_shows_the_menu(
    line: LineChannel, line_platform: Platform, uploads: tuple[str, list[tuple[str, str, bytes]]]
) -> None:
    host, uploaded = uploads
    await ready(line_platform, menus=[menu("richmenu-old", "pracha-0"), menu("richmenu-other", "ของแผนกอื่น")])
    lines = await setup(account(line_platform.url).model_copy(update={"data_url": host}), WEBHOOK, "เทศบาลเมืองธาราใส")
    assert lines[0] == "The token is good: ธาราใส (@pracha), for เทศบาลเมืองธาราใส."
    assert lines[1:] == [
        f"Webhook: {WEBHOOK}",
        "LINE reached the webhook.",
        "A new rich menu is shown to everybody.",
        "Deleted 1 older rich menu.",
    ]
    assert uploaded == [("/v2/bot/richmenu/richmenu-new/content", "image/png", richmenu.picture())]
    assert [(call["method"], call["path"]) for call in line_platform.calls()][-3:] == [
        ("POST", "/v2/bot/richmenu"),
        ("POST", "/v2/bot/user/all/richmenu/richmenu-new"),
        ("DELETE", "/v2/bot/richmenu/richmenu-old"),
    ]


async def test_setup_again_changes_nothing(line: LineChannel, line_platform: Platform) -> None:
    await ready(line_platform, menus=[menu("richmenu-1", richmenu.request()["name"])], shown="richmenu-1")
    assert (await setup(account(line_platform.url), WEBHOOK, "x"))[-1] == "The rich menu is in place."
    writes = [call["path"] for call in line_platform.calls() if call["method"] != "GET"]
    assert writes == ["/v2/bot/channel/webhook/endpoint", "/v2/bot/channel/webhook/test"]


async def test_setup_warns_of_what_the_operator_has_to_do(
    line: LineChannel, line_platform: Platform, uploads: tuple[str, list[tuple[str, str, bytes]]]
) -> None:
    inactive = {"status": 200, "body": {"endpoint": WEBHOOK, "active": False}}
    untested = {"status": 200, "body": {**TESTED, "success": False, "statusCode": 0, "reason": "COULD_NOT_CONNECT"}}
    chat = {"status": 200, "body": {**BOT, "chatMode": "chat"}}
    await ready(line_platform, endpoint=inactive, test=untested, info=chat)
    lines = await setup(account(line_platform.url).model_copy(update={"data_url": uploads[0]}), WEBHOOK, "x")
    assert [line.split(":")[0] for line in lines[1:5]] == ["Note", "Webhook", "Warning", "Warning"]
    assert "Use webhook" in lines[3]
    assert "COULD_NOT_CONNECT" in lines[4]


async def test_a_wrong_token_ends_the_setup_with_advice_and_without_the_token(line: LineChannel, line_platform: Platform) -> None:
    await script(line_platform, "/v2/bot/info", {"status": 401, "body": {"message": "Authentication failed"}})
    with pytest.raises(SetupFailed, match="Issue a long-lived one") as failed:
        await setup(account(line_platform.url), WEBHOOK, "x")
    assert TOKEN not in str(failed.value)


@pytest.mark.parametrize(
    ("change", "address", "words"),
    [
        ({}, "http://city.example/x", "https"),
        ({}, "https:///x", "https"),
        ({}, "https://[x", "PRACHA_PUBLIC_URL"),
        ({}, "https://city.example/" + "x" * 500, "500 characters"),
        ({"access_token": SecretStr("")}, WEBHOOK, "access token"),
        ({"channel_secret": SecretStr("")}, WEBHOOK, "channel secret"),
        ({"api_url": "http://127.0.0.1:9"}, WEBHOOK, "cannot be reached"),
    ],
)
async def test_setup_says_what_is_missing(change: dict[str, Any], address: str, words: str) -> None:
    with pytest.raises(SetupFailed, match=words):
        await setup(account("http://127.0.0.1:9").model_copy(update=change), address, "x")
