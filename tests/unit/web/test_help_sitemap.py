"""What search engines are told: robots.txt and the sitemap."""

import gzip
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession

from knowledge_base.reading import Shelf, Title
from tests.unit.web.test_help_search import switch
from tests.unit.web.test_portal import text
from tests.unit.web.town import ENTRIES, Town
from web.portal import sitemap

XML = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def addresses(document: str) -> list[str]:
    return [found.text or "" for found in ElementTree.fromstring(document).findall(".//s:loc", XML)]


async def test_robots_name_the_sitemap(town: Town, http: ClientSession) -> None:
    robots = await text(http, "/robots.txt")
    assert f"Sitemap: {town.url}/sitemap.xml" in robots.splitlines()
    for closed in ("/cases/", "/console", "/services?q=", "/en/services?q="):
        assert f"Disallow: {closed}" in robots.splitlines()


async def test_every_address_of_the_sitemap_can_be_opened(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    document = await text(http, "/sitemap.xml")
    found = addresses(document)
    assert len(found) == len(set(found)) == 2 * (len(sitemap.PAGES) + 6 + len(ENTRIES))
    for address in found:
        await text(http, address.removeprefix(town.url))


async def test_each_address_names_both_languages_and_its_last_change(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    tree = ElementTree.fromstring(await text(http, "/sitemap.xml"))
    by_address = {url.findtext("s:loc", "", XML): url for url in tree.findall("s:url", XML)}
    page = by_address[f"{town.url}/en/services/land-tax"]
    known = {link.get("hreflang"): link.get("href") for link in page.findall("x:link", XML)}
    thai, english = f"{town.url}/services/land-tax", f"{town.url}/en/services/land-tax"
    assert known == {"th": thai, "en": english, "x-default": thai}
    changed = datetime.fromisoformat(page.findtext("s:lastmod", "", XML))
    assert abs((datetime.now(UTC) - changed).total_seconds()) < 120


async def test_the_sitemap_follows_the_curators(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    assert f"{town.url}/services/land-tax" in addresses(await text(http, "/sitemap.xml"))
    await switch(town, "land-tax", on=False)
    found = addresses(await text(http, "/sitemap.xml"))
    assert f"{town.url}/services/land-tax" not in found
    assert f"{town.url}/services/group/tax" not in found


async def test_a_large_sitemap_is_an_index_of_pieces(town: Town, http: ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap.written, "__defaults__", (10,))
    await town.publish(ENTRIES)
    index = await text(http, "/sitemap.xml")
    assert "<sitemapindex" in index
    pieces = addresses(index)
    assert pieces == [f"{town.url}/sitemap-{number}.xml" for number in (1, 2, 3, 4)]
    found = [address for piece in pieces for address in addresses(await text(http, piece.removeprefix(town.url)))]
    assert len(found) == len(set(found)) == 38
    for missing in ("/sitemap-0.xml", "/sitemap-5.xml", "/sitemap-x.xml"):
        await text(http, missing, 404)


async def test_one_file_has_no_pieces(town: Town, http: ClientSession) -> None:
    await text(http, "/sitemap-1.xml", 404)


async def test_it_comes_packed_only_to_those_who_can_unpack(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    async with http.get("/sitemap.xml", headers={"Accept-Encoding": "identity"}) as answer:
        assert "Content-Encoding" not in answer.headers
        assert (await answer.text()).startswith("<?xml")
    async with http.get("/sitemap.xml", headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert (await answer.text()).startswith("<?xml")


def test_fifty_thousand_answers_fit_the_rules_of_sitemaps() -> None:
    now = datetime.now(UTC)
    titles = {
        name: Title(name, "tax", "ก", "a", None, now, "") for name in (f"{'long-' * 15}{number:05}" for number in range(50_000))
    }
    files = list(sitemap.written(Shelf(titles, {"tax": list(titles.values())}), "https://chat.some-long-city.example"))
    assert [file.count("<url>") for file in files] == [50_000, 50_000, 10]
    assert all(len(file.encode()) < 50 * 1024 * 1024 for file in files)
    assert all(len(gzip.compress(file.encode(), 1)) < 8 * 1024 * 1024 for file in files)
