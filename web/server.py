"""The web server: ``python -m web.server --host 127.0.0.1 --port 8080``."""

import argparse
import asyncio
import gc
from collections.abc import AsyncIterator

import uvloop
from aiohttp import web

from core import log, valkey
from core.database import Database
from core.settings import Settings, settings
from knowledge_base.search import Search
from web.app import make_app
from web.parts import PARTS

GRACE = 5.0  # seconds open requests get when the server ends
LINGER = 2.0  # seconds in which the rest of a refused body may still come, so that its sender gets to read the refusal


def main() -> None:
    """Serve until told to stop."""
    known = settings()
    reader = argparse.ArgumentParser(prog="web.server", description="Pages, chat widget and JSON API of Pracha.")
    reader.add_argument("--host", default=known.host)
    reader.add_argument("--port", type=int, default=known.port)
    asked = reader.parse_args()
    log.configure(known.log_level, "web")
    web.run_app(
        _application(known.model_copy(update={"host": asked.host, "port": asked.port})),
        host=asked.host,
        port=asked.port,
        access_log=None,  # `web.requests` writes a line that names no query and no address
        print=None,
        shutdown_timeout=GRACE,
        lingering_time=LINGER,
        loop=uvloop.new_event_loop(),
        auto_decompress=False,  # nobody who speaks with us compresses, and what unpacks may be a thousand times as large
    )


async def _application(known: Settings) -> web.Application:
    database, client = Database(known.database), valkey.connect(known.valkey_url)
    app = make_app(known, database, client)

    async def close(app: web.Application) -> None:
        await app[PARTS].search.close()
        await app[PARTS].engine.close()
        await client.aclose()
        await database.close()

    app.cleanup_ctx.append(_settle)
    app.on_cleanup.append(close)
    return app


async def _settle(app: web.Application) -> AsyncIterator[None]:
    """What is loaded once the search is ready stays: the garbage collector need not walk it, 0.4 s long, again and again."""
    task = asyncio.create_task(_freeze(app[PARTS].search))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _freeze(search: Search) -> None:
    await search.ready()
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    main()
