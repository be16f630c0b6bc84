"""Files that citizens sent, fetched from Meta's servers and from nowhere else."""

from collections.abc import Mapping
from typing import Any

import aiohttp
from yarl import URL

from channels.contract import File, MediaGone, MediaLater
from channels.download import gathered

HOSTS = ("fbcdn.net", "fbsbx.com", "facebook.com", "cdninstagram.com", "instagram.com")
HOPS = 4  # requests for one file, redirects included
_CHUNK = 64 * 1024


async def fetch(http: aiohttp.ClientSession, media: Mapping[str, Any], api: URL, limit: int) -> File:
    """The file at ``media["url"]``, at most ``limit`` bytes. Also from the host of ``api``, where a test serves it.

    Raises:
        MediaLater: when the server fails or is slow.
        MediaGone: when the address is not Meta's, the file is too large or no longer there.
    """
    address = _checked(_url(media.get("url")), api)
    try:
        for _ in range(HOPS):
            async with http.get(address, allow_redirects=False) as response:
                if target := _target(response):
                    address = _checked(address.join(target), api)
                    continue
                _check(response, limit)
                data = await gathered(response.content.iter_chunked(_CHUNK), limit)
                return File(data, response.content_type, str(media.get("name") or ""))
    except (aiohttp.InvalidURL, ValueError) as error:
        raise MediaGone("foreign") from error
    except (aiohttp.ClientError, OSError) as error:
        raise MediaLater from error
    raise MediaGone


def _url(value: Any) -> URL:
    try:
        return URL(value)
    except (TypeError, ValueError) as error:
        raise MediaGone("foreign") from error


def _checked(address: URL, api: URL) -> URL:
    host = (address.host or "").lower()
    meta = address.scheme == "https" and any(host == known or host.endswith(f".{known}") for known in HOSTS)
    own = address.absolute and address.scheme in {"http", "https"} and address.origin() == api.origin()
    if not (meta or own):
        raise MediaGone("foreign")
    return address


def _target(response: aiohttp.ClientResponse) -> URL | None:
    location = response.headers.get("Location")
    return URL(location) if location and 300 <= response.status < 400 else None


def _check(response: aiohttp.ClientResponse, limit: int) -> None:
    if response.status >= 500 or response.status in {408, 425, 429}:
        raise MediaLater
    if response.status != 200:
        raise MediaGone
    if (response.content_length or 0) > limit:
        raise MediaGone("too_large")
