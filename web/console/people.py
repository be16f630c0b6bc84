"""The console's people: administrators take staff in, lock them, give roles and passwords, and see to how they log in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from multidict import MultiDictProxy
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk import identity, second_factor, staff
from helpdesk import password as passwords
from helpdesk.role import RIGHTS, TITLES, Role
from helpdesk.staff import Member, StaffError
from web import parts
from web.console import access, page
from web.console.access import Route

PATH = f"{access.HOME}/staff"
TEMPLATE = "console/staff.html"
OFFERED = frozenset[Role]().union(*RIGHTS.values())  # a role that opens nothing yet is not offered, only kept


async def index(request: web.Request) -> web.Response:
    """Everybody, and the form that takes somebody in."""
    return await _page(request)


async def add(request: web.Request) -> web.Response:
    """Take somebody in; their first password is made here and shown once."""
    form = await request.post()
    password, asked = passwords.generate(), {name: str(form.get(name, "")) for name in ("login", "name")}
    roles, actor = [str(role) for role in form.getall("role", [])], access.staff(request).actor
    try:
        async with parts.of(request).database.write() as session:
            made = await staff.add(session, asked["login"], asked["name"], roles, password, actor=actor, temporary=True)
    except StaffError as error:
        return await _page(request, mistake=str(error), asked=asked | {"roles": roles}, status=422)
    return await _page(request, shown=(made.name, made.login, password))


async def change(request: web.Request) -> web.Response:
    """Lock, unlock, other roles, a new password, and more: ``/console/staff/{id}/{what}``."""
    staff_id, form, password = request.match_info["id"], await request.post(), passwords.generate()
    what, actor = CHANGES[request.match_info["what"]], access.staff(request).actor
    try:
        async with parts.of(request).database.write() as session:
            member = await what(session, staff_id, Asked(form, password, frozenset(parts.of(request).settings.oidc)), actor)
    except StaffError as error:
        return await _page(request, mistake=str(error), status=404 if error.code == "staff_unknown" else 422)
    if what is _password:
        return await _page(request, shown=(member.name, member.login, password))
    raise web.HTTPSeeOther(PATH)


@dataclass(frozen=True)
class Asked:
    """What came with a change: the form, a password in case one is needed, and the providers there are."""

    form: MultiDictProxy[str | bytes | bytearray | web.FileField]
    password: str
    providers: frozenset[str]

    def field(self, name: str) -> str:
        """A field's text."""
        return access.text(self.form.get(name)).strip()


async def _roles(session: AsyncSession, staff_id: str, asked: Asked, actor: str) -> Member:
    return await staff.set_roles(session, staff_id, [str(role) for role in asked.form.getall("role", [])], actor=actor)


async def _password(session: AsyncSession, staff_id: str, asked: Asked, actor: str) -> Member:
    return await staff.change_password(session, staff_id, asked.password, actor=actor, temporary=True)


async def _lock(session: AsyncSession, staff_id: str, _asked: Asked, actor: str) -> Member:
    return await staff.lock(session, staff_id, actor=actor)


async def _unlock(session: AsyncSession, staff_id: str, _asked: Asked, actor: str) -> Member:
    return await staff.unlock(session, staff_id, actor=actor)


async def _second_factor(session: AsyncSession, staff_id: str, _asked: Asked, actor: str) -> Member:
    return await second_factor.reset(session, staff_id, actor=actor)


async def _link(session: AsyncSession, staff_id: str, asked: Asked, actor: str) -> Member:
    provider = asked.field("provider")
    if provider not in asked.providers:
        raise StaffError("identity_unknown")
    return await identity.link(session, staff_id, provider, asked.field("subject"), actor=actor)


async def _unlink(session: AsyncSession, staff_id: str, asked: Asked, actor: str) -> Member:
    return await identity.unlink(session, staff_id, asked.field("provider"), actor=actor)


CHANGES: dict[str, Callable[[AsyncSession, str, Asked, str], Awaitable[Member]]] = {
    "lock": _lock,
    "unlock": _unlock,
    "roles": _roles,
    "password": _password,
    "second-factor": _second_factor,
    "link": _link,
    "unlink": _unlink,
}
ROUTES = [
    Route("GET", PATH, index, "staff.manage"),
    Route("POST", PATH, add, "staff.manage", fresh=True),
    Route("POST", f"{PATH}/{{id}}/{{what:{'|'.join(CHANGES)}}}", change, "staff.manage", fresh=True),
]


async def _page(
    request: web.Request,
    *,
    mistake: str = "",
    asked: dict[str, object] | None = None,
    shown: tuple[str, str, str] | None = None,
    status: int = 200,
) -> web.Response:
    async with parts.of(request).database.read() as session:
        rows = await staff.everybody(session)
        protected, identities = await second_factor.protected(session), await identity.everybodys(session)
    providers = {name: one.title for name, one in parts.of(request).settings.oidc.items()}
    values: dict[str, object] = {"protected": protected, "identities": identities, "providers": providers}
    values |= {"rows": rows, "roles": TITLES, "offered": OFFERED, "mistake": mistake, "shown": shown}
    return page.render(request, TEMPLATE, status=status, asked=asked or {"login": "", "name": "", "roles": []}, **values)
