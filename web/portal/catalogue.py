"""The application's catalogue of live titles."""

from aiohttp import web

from knowledge_base.reading import Catalogue, Shelf

CATALOGUE: web.AppKey[Catalogue] = web.AppKey("catalogue", Catalogue)


async def shelf(request: web.Request) -> Shelf:
    """What is live at this moment."""
    return await request.config_dict[CATALOGUE].shelf()
