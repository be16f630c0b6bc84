"""Updates as Telegram delivers them, with the secret."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.contract import Inbound, Unverified
from channels.telegram.channel import TelegramChannel
from channels.telegram.verify import secret
from tests.contract.telegram.samples import TOKEN, account
from tests.platforms import Platform
from tests.unit.channels.telegram.updates import EVERY


async def test_every_update_reaches_us_with_its_secret(telegram_platform: Platform) -> None:
    channel = TelegramChannel("main", account(telegram_platform.url), limit=2000)
    got: list[Inbound] = []

    async def receive(request: web.Request) -> web.Response:
        try:
            channel.verify(await request.read(), request.headers)
        except Unverified:
            return web.Response(status=401)
        got.extend(one for one in channel.parse(await request.json()) if isinstance(one, Inbound))
        return web.Response()

    app = web.Application()
    app.router.add_post("/webhook", receive)
    async with TestServer(app) as server:
        hook = {"url": str(server.make_url("/webhook")), "secret_token": secret(account(""))}
        await asyncio.to_thread(telegram_platform.post, f"/bot{TOKEN}/setWebhook", hook)
        for name, update, *_ in EVERY:
            answer = await asyncio.to_thread(telegram_platform.post, "/_update", update)
            assert answer == {"status": 200, "body": ""}, name
        wrong = {**hook, "secret_token": "x" * 43}
        await asyncio.to_thread(telegram_platform.post, f"/bot{TOKEN}/setWebhook", wrong)
        assert (await asyncio.to_thread(telegram_platform.post, "/_update", EVERY[0][1]))["status"] == 401
    assert [one.content.kind for one in got] == [kind for _, _, kind, _ in EVERY]
