"""Members of staff in scenario tests: a browser without scripts, which knows forms and pages only."""

import re
from typing import Any, Self

from aiohttp import ClientSession, FormData

_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


class Member:
    """Somebody at the console."""

    def __init__(self, http: ClientSession) -> None:
        self.http = http
        self.csrf = ""

    async def enter(self, login: str, password: str) -> Self:
        """Log in."""
        async with self.http.post("/console/login", data={"login": login, "password": password}) as answer:
            found = _TOKEN.search(await answer.text())
        assert found is not None, login
        self.csrf = found[1]
        return self

    async def get(self, path: str) -> str:
        """A page that must be there."""
        async with self.http.get(path) as answer:
            assert answer.status == 200, path
            return await answer.text()

    async def status(self, path: str) -> int:
        """How a page is answered."""
        async with self.http.get(path) as answer:
            return answer.status

    async def post(self, path: str, *, picture: bytes = b"", **form: str) -> str:
        """Send a form that must be taken, with a picture if one is given."""
        data: dict[str, Any] = {"csrf": self.csrf, **form}
        body: Any = data
        if picture:
            body = FormData(data)
            body.add_field("file", picture, filename="a.jpg", content_type="image/jpeg")
        async with self.http.post(path, data=body) as answer:
            assert answer.status == 200, (path, await answer.text())
            return await answer.text()

    async def fill(self, page: str, action: str, *, picture: bytes = b"", **form: str) -> str:
        """Send the form of a page whose address ends with ``action``, with its own hidden fields."""
        text = await self.get(page)
        found = re.search(rf'<form [^>]*action="([^"]*/{action})"[^>]*>(.*?)</form>', text, re.S)
        assert found is not None, (page, action)
        hidden = {name: value for name, value in _HIDDEN.findall(found[2]) if name != "csrf"}
        return await self.post(found[1], picture=picture, **(hidden | form))
