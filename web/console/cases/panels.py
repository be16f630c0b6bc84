"""Panels: what other areas of the console add to the page of a case.

A panel is a template ``web/templates/console/cases/_<name>.html`` and a function that reads what it shows. It gives None
where there is nothing to show to this member. In the template ``panel`` holds what the function gave, beside all that the
page knows. Its forms send to addresses of their own area.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.staff import Member
from web.console.agencies import panel as agency
from web.console.cases.sheet import Sheet

Reader = Callable[[AsyncSession, Member, Sheet], Awaitable[Mapping[str, Any] | None]]


@dataclass(frozen=True)
class Panel:
    """One panel: its template's path and what it shows."""

    template: str
    values: Mapping[str, Any]


async def _agency(session: AsyncSession, member: Member, sheet: Sheet) -> Mapping[str, Any]:
    return await agency.read(session, member, sheet.case)


PANELS: dict[str, Reader] = {"agency": _agency}
"""The panels by their template's name, in the order in which they are shown."""


async def of(session: AsyncSession, member: Member, sheet: Sheet) -> list[Panel]:
    """The panels of a case for a member."""
    read = {name: await reader(session, member, sheet) for name, reader in PANELS.items()}
    return [Panel(f"console/cases/_{name}.html", values) for name, values in read.items() if values is not None]
