"""The web application: what citizens' browsers and other programs speak to."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

from aiohttp import web
from redis.asyncio import Redis

from channels import registry
from channels.engine import Engine
from channels.gateway import Gateway
from core.database import Database
from core.settings import Settings
from knowledge_base.reading import Catalogue
from knowledge_base.search import Search
from web import assets, failures, health, origins, requests, security, webhooks
from web.api import routes as api
from web.chat import routes as chat
from web.chat import socket
from web.chat.live import Live
from web.console import access, stream
from web.console import routes as console
from web.console.oidc import sign_in
from web.console.session import Sessions
from web.parts import PARTS, Parts
from web.portal import catalogue, sitemap
from web.portal import routes as portal
from web.portal.sitemap import Sitemaps
from web.rates import Rates

FORM_LIMIT = 256 * 1024  # bytes of any body that has no limit of its own


def make_app(
    settings: Settings,
    database: Database,
    valkey: Redis,
    *,
    search: Search | None = None,
    engine: Engine | None = None,
) -> web.Application:
    """Put the application together. Who passes a database, Valkey, search or engine in closes them again."""
    app = web.Application(middlewares=[requests.middleware, origins.middleware, failures.middleware], client_max_size=FORM_LIMIT)
    app[PARTS] = Parts(
        settings=settings,
        database=database,
        valkey=valkey,
        gateway=Gateway(database, valkey),
        search=search or Search(database, settings),
        engine=engine or Engine(settings.engine_url, settings.engine_timeout),
        rates=Rates(settings.valkey_url),
        live=Live(valkey),
        sessions=Sessions(valkey),
        platforms=registry.platforms(settings),
    )
    app[catalogue.CATALOGUE], app[sitemap.SITEMAPS] = Catalogue(database), Sitemaps()
    app[socket.SOCKETS], app[socket.ADDRESSES] = set(), Counter()
    security.guard(app, settings)
    access.guard(app)
    stream.prepare(app)
    sign_in.install(app)
    for room in (assets, health, chat, api, portal, console, webhooks):
        app.add_routes(room.routes())
    app.cleanup_ctx.append(_living)
    app.on_shutdown.append(socket.close_all)
    return app


async def _living(app: web.Application) -> AsyncIterator[None]:
    """Listen for live events for as long as the application runs, and have the search ready for its first question."""
    known = app[PARTS]
    tasks = [asyncio.create_task(known.live.run()), asyncio.create_task(known.search.ready())]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await known.gateway.close()
    await asyncio.gather(*(channel.close() for channel in known.platforms.values()))
