"""Who reaches what, and what is refused before a handler runs."""

from collections.abc import Callable
from typing import Any

Console = Callable[..., Any]


async def test_the_start_page_leads_to_what_the_member_may_do(console: Console) -> None:
    page = await (await console("curator")).get("/console/")
    assert 'href="/console/faqs"' in page
    assert 'href="/console/staff"' not in page
    assert 'href="/console/staff"' in await (await console("administrator")).get("/console/")
