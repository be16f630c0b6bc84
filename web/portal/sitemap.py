"""What search engines should read: the sitemap of all public pages in both languages, and robots.txt that names it."""

import asyncio
import gzip
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from xml.sax.saxutils import escape

from aiohttp import hdrs, web

from knowledge_base.reading import Shelf
from web import parts
from web.portal import catalogue, language

MOST = 50_000  # addresses in one file: sitemaps.org's limit
SECONDS = 300  # for which a search engine may keep a file
PAGES = ("/", "/services", "/cases", "/api/docs")
_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_ROBOTS = """\
User-agent: *
Disallow: /cases/
Disallow: /en/cases/
Disallow: /services?q=
Disallow: /en/services?q=
Disallow: /chat/
Disallow: /media/
Disallow: /console
Disallow: /api/v1/

Sitemap: {base}/sitemap.xml
"""


class Sitemaps:
    """The files of the newest shelf, packed; they are written once for each change of the catalogue."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._shelf: Shelf | None = None
        self._files: list[bytes] = []
        self._writing = asyncio.Lock()

    async def files(self, shelf: Shelf, base: str) -> list[bytes]:
        """The sitemap as one gzipped file, or as several that an index has to name. Other work goes on meanwhile."""
        async with self._writing:
            if shelf is not self._shelf:
                self._files = await asyncio.to_thread(lambda: [gzip.compress(file.encode(), 6) for file in written(shelf, base)])
                self._shelf = shelf
            return self._files


SITEMAPS: web.AppKey[Sitemaps] = web.AppKey("sitemaps", Sitemaps)


async def show(request: web.Request) -> web.Response:
    """``/sitemap.xml``: the addresses themselves, or the index of the files that hold them."""
    files = await _files(request)
    if len(files) == 1:
        return _answer(request, files[0])
    base = parts.of(request).settings.base_url
    pieces = "".join(
        f"<sitemap><loc>{escape(base)}/sitemap-{number}.xml</loc></sitemap>\n" for number in range(1, len(files) + 1)
    )
    return _answer(request, gzip.compress(_document("sitemapindex", _SITEMAP, pieces).encode()))


async def piece(request: web.Request) -> web.Response:
    """``/sitemap-2.xml``: one of the files that the index names."""
    files = await _files(request)
    number = int(request.match_info["number"])
    if len(files) == 1 or not 1 <= number <= len(files):
        raise web.HTTPNotFound
    return _answer(request, files[number - 1])


async def robots(request: web.Request) -> web.Response:
    """What search engines should leave alone, and where the sitemap is."""
    text = _ROBOTS.format(base=parts.of(request).settings.base_url)
    return web.Response(text=text, content_type="text/plain", charset="utf-8", headers={hdrs.CACHE_CONTROL: f"max-age={SECONDS}"})


def written(shelf: Shelf, base: str, most: int = MOST) -> Iterator[str]:
    """The sitemap's files with at most ``most`` addresses each. ``base`` is the site's address without a slash at the end."""
    entries = _entries(shelf, base)
    namespaces = f'{_SITEMAP} xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    while urls := list(islice(entries, most)):
        yield _document("urlset", namespaces, "".join(urls))


def _entries(shelf: Shelf, base: str) -> Iterator[str]:
    for path in PAGES:
        yield from _both(base, path, None)
    for group, titles in shelf.groups.items():
        yield from _both(base, f"/services/group/{group}", max(title.changed for title in titles))
    for title in shelf.titles.values():
        yield from _both(base, f"/services/{title.id}", title.changed)


def _both(base: str, path: str, changed: datetime | None) -> Sequence[str]:
    """A page's entries in Thai and English; each names both."""
    addresses = {spoken: escape(base + language.path(spoken, path)) for spoken in (language.THAI, language.ENGLISH)}
    known = {**addresses, "x-default": addresses[language.THAI]}
    links = "".join(f'<xhtml:link rel="alternate" hreflang="{spoken}" href="{known[spoken]}"/>' for spoken in known)
    moment = f"<lastmod>{changed:%Y-%m-%dT%H:%M:%S+00:00}</lastmod>" if changed else ""
    return [f"<url><loc>{address}</loc>{moment}{links}</url>\n" for address in addresses.values()]


def _document(element: str, namespaces: str, content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{element} {namespaces}>\n{content}</{element}>\n'


async def _files(request: web.Request) -> list[bytes]:
    shelf = await catalogue.shelf(request)
    return await request.config_dict[SITEMAPS].files(shelf, parts.of(request).settings.base_url)


def _answer(request: web.Request, packed: bytes) -> web.Response:
    headers = {hdrs.CACHE_CONTROL: f"public, max-age={SECONDS}", hdrs.VARY: hdrs.ACCEPT_ENCODING}
    if "gzip" not in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
        return web.Response(body=gzip.decompress(packed), content_type="application/xml", charset="utf-8", headers=headers)
    headers[hdrs.CONTENT_ENCODING] = "gzip"
    return web.Response(body=packed, content_type="application/xml", charset="utf-8", headers=headers)
