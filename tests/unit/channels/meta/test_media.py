"""Files that citizens sent."""

import pytest

from channels.contract import File, MediaGone, MediaLater
from channels.meta.channel import MetaChannel
from tests.unit.channels.meta.conftest import Server
from tests.unit.channels.meta.samples import LIMIT


async def test_a_file_comes_with_its_type_and_without_our_token(meta: Server, messenger: MetaChannel) -> None:
    meta.serve(b"\xff\xd8jpeg")
    found = await messenger.fetch({"kind": "image", "url": f"{meta.url}/1.jpg?oh=a%2Fb", "name": "1.jpg"})
    assert found == File(b"\xff\xd8jpeg", "image/jpeg", "1.jpg")
    ((path, _, headers),) = meta.calls
    assert path == "/1.jpg?oh=a/b"
    assert "Authorization" not in headers


@pytest.mark.parametrize(
    "url",
    [
        *("https://evil.example/a", "https://fbcdn.net.evil.example/a", "https://evilfbcdn.net/a", "http://x.fbcdn.net/a"),
        *("https://fbcdn.net@evil.example/a", "file:///etc/passwd", "http://127.0.0.1:9/a", "//x.fbcdn.net/a", "/a", ""),
        *("https://[::1", "http://169.254.169.254/latest", None, 7, ["x"], "https://x.fbcdn.net:99999/"),
    ],
)
async def test_other_hosts_are_not_asked(messenger: MetaChannel, url: object) -> None:
    with pytest.raises(MediaGone) as gone:
        await messenger.fetch({"url": url})
    assert gone.value.code == "foreign"


async def test_redirects_are_followed_on_metas_hosts_only(meta: Server, messenger: MetaChannel) -> None:
    meta.serve(status=302, Location="/moved")
    meta.serve(b"x")
    assert (await messenger.fetch({"url": f"{meta.url}/1"})).data == b"x"
    meta.serve(status=302, Location="http://127.0.0.1:9/inside")
    with pytest.raises(MediaGone) as gone:
        await messenger.fetch({"url": f"{meta.url}/1"})
    assert gone.value.code == "foreign"


async def test_redirects_end(meta: Server, messenger: MetaChannel) -> None:
    for _ in range(9):
        meta.serve(status=302, Location="/again")
    with pytest.raises(MediaGone):
        await messenger.fetch({"url": f"{meta.url}/1"})
    assert len(meta.calls) == 4


@pytest.mark.parametrize("status", [204, 400, 403, 404, 410])
async def test_what_is_no_longer_there(meta: Server, messenger: MetaChannel, status: int) -> None:
    meta.serve(status=status)
    with pytest.raises(MediaGone) as gone:
        await messenger.fetch({"url": f"{meta.url}/1"})
    assert gone.value.code == "gone"


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_what_may_come_later(meta: Server, messenger: MetaChannel, status: int) -> None:
    meta.serve(status=status)
    with pytest.raises(MediaLater):
        await messenger.fetch({"url": f"{meta.url}/1"})


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("trouble", ["be_slow", "hang_up"])
async def test_trouble_on_the_way_is_for_later(meta: Server, messenger: MetaChannel, trouble: str) -> None:
    getattr(meta, trouble)()
    getattr(meta, trouble)()  # a lost GET is repeated by the client
    with pytest.raises(MediaLater):
        await messenger.fetch({"url": f"{meta.url}/1"})


async def test_the_limit_holds_whether_the_size_is_told_or_not(meta: Server, messenger: MetaChannel) -> None:
    meta.serve(b"x" * LIMIT)
    assert len((await messenger.fetch({"url": f"{meta.url}/1"})).data) == LIMIT
    meta.serve(b"x" * (LIMIT + 1))
    meta.stream(b"x" * (LIMIT + 1))
    for _ in range(2):
        with pytest.raises(MediaGone) as gone:
            await messenger.fetch({"url": f"{meta.url}/1"})
        assert gone.value.code == "too_large"
