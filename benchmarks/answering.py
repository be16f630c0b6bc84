"""Telegram and Meta on loopback, who take everything at once: ``python benchmarks/answering.py 14000``."""

import sys
import time

import uvloop
from aiohttp import web

BOT = {"id": 123456, "is_bot": True, "first_name": "Pracha", "username": "pracha_bot"}


async def telegram(request: web.Request) -> web.Response:
    match request.match_info["method"].lower():
        case "getme":
            result: object = BOT
        case "sendmessage":
            chat = {"id": 1, "type": "private", "first_name": "ประชาชน"}
            result = {"message_id": 1, "date": int(time.time()), "chat": chat, "text": "-"}
        case _:
            result = True
    return web.json_response({"ok": True, "result": result})


async def graph(_request: web.Request) -> web.Response:
    return web.json_response({"recipient_id": "1", "message_id": "m_1"})


def main() -> None:
    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", telegram)
    app.router.add_route("*", "/{path:.*}", graph)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None, loop=uvloop.new_event_loop())


if __name__ == "__main__":
    main()
