"""Assets: our own scripts, styles and pictures, and the few files of npm packages that pages may load."""

from pathlib import Path

from aiohttp import hdrs, web

from core.settings import ROOT

STATIC = Path(__file__).resolve().parent / "static"
MODULES = ROOT / "node_modules"
_FONT = "@fontsource-variable/noto-sans-thai-looped"

# Only these leave node_modules: a package may hold anything.
PACKAGES = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "sse.js": "htmx-ext-sse/dist/sse.min.js",
    "uplot.js": "uplot/dist/uPlot.iife.min.js",
    "uplot.css": "uplot/dist/uPlot.min.css",
    "fonts/noto-sans-thai-looped-thai.woff2": f"{_FONT}/files/noto-sans-thai-looped-thai-wght-normal.woff2",
    "fonts/noto-sans-thai-looped-latin.woff2": f"{_FONT}/files/noto-sans-thai-looped-latin-wght-normal.woff2",
}
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".txt": "text/plain",
}
MONTH, SHORT = 2_592_000, 300  # seconds a browser may keep a file


def routes() -> list[web.RouteDef]:
    """``/static`` for our own files, ``/assets`` for packages', and the names that browsers ask for themselves."""
    return [
        web.get("/static/{name:.+}", own),
        web.get("/assets/{name:.+}", package),
        web.get("/widget.js", widget),
        web.get("/favicon.ico", favicon),
        web.get("/favicon.svg", favicon),
    ]


async def own(request: web.Request) -> web.StreamResponse:
    """A file of ``web/static``."""
    return _file(STATIC, request.match_info["name"], SHORT)


async def package(request: web.Request) -> web.StreamResponse:
    """A file of an npm package, if it is on the list."""
    path = PACKAGES.get(request.match_info["name"])
    if path is None:
        raise web.HTTPNotFound
    return _file(MODULES, path, MONTH)


async def widget(_request: web.Request) -> web.StreamResponse:
    """The widget's loader under a short name, for the embedding page's script element."""
    return _file(STATIC, "widget.js", SHORT)


async def favicon(_request: web.Request) -> web.StreamResponse:
    """The mark of the site."""
    return _file(STATIC, "favicon.svg", MONTH)


def _file(folder: Path, name: str, seconds: int) -> web.FileResponse:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or path.suffix not in TYPES or not path.is_file():
        raise web.HTTPNotFound
    # Public files that embedding pages load too. Scripts are modules, and modules and fonts are always fetched with CORS.
    headers = {
        hdrs.CACHE_CONTROL: f"public, max-age={seconds}",
        hdrs.ACCESS_CONTROL_ALLOW_ORIGIN: "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        hdrs.CONTENT_TYPE: TYPES[path.suffix] + ("" if path.suffix in {".woff2", ".png"} else "; charset=utf-8"),
    }
    return web.FileResponse(path, headers=headers)
