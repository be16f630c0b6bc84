"""The console's people: administrators take staff in, lock them, give roles and new passwords."""

from aiohttp import web

from helpdesk import password as passwords
from helpdesk import staff
from helpdesk.role import RIGHTS, TITLES, Role
from helpdesk.staff import StaffError
from web import parts
from web.console import access, page
from web.console.access import Route

PATH = f"{access.HOME}/staff"
TEMPLATE = "console/staff.html"
OFFERED = frozenset[Role]().union(*RIGHTS.values())  # a role that opens nothing yet is not offered, only kept
CHANGES = {"lock": staff.lock, "unlock": staff.unlock}


async def index(request: web.Request) -> web.Response:
    """Everybody, and the form that takes somebody in."""
    return await _page(request)


async def add(request: web.Request) -> web.Response:
    """Take somebody in; their first password is made here and shown once."""
    form = await request.post()
    password, asked = passwords.generate(), {name: str(form.get(name, "")) for name in ("login", "name")}
    roles = [str(role) for role in form.getall("role", [])]
    try:
        async with parts.of(request).database.write() as session:
            made = await staff.add(session, asked["login"], asked["name"], roles, password, actor=access.staff(request).actor)
    except StaffError as error:
        return await _page(request, mistake=str(error), asked=asked | {"roles": roles}, status=422)
    return await _page(request, shown=(made.name, made.login, password))


async def change(request: web.Request) -> web.Response:
    """Lock, unlock, other roles or a new password: ``/console/staff/{id}/{what}``."""
    staff_id, what = request.match_info["id"], request.match_info["what"]
    actor, form, password = access.staff(request).actor, await request.post(), passwords.generate()
    try:
        async with parts.of(request).database.write() as session:
            if what == "roles":
                member = await staff.set_roles(session, staff_id, [str(role) for role in form.getall("role", [])], actor=actor)
            elif what == "password":
                member = await staff.change_password(session, staff_id, password, actor=actor)
            else:
                member = await CHANGES[what](session, staff_id, actor=actor)
    except StaffError as error:
        return await _page(request, mistake=str(error), status=404 if error.code == "staff_unknown" else 422)
    if what == "password":
        return await _page(request, shown=(member.name, member.login, password))
    raise web.HTTPSeeOther(PATH)


ROUTES = [
    Route("GET", PATH, index, "staff.manage"),
    Route("POST", PATH, add, "staff.manage"),
    Route("POST", f"{PATH}/{{id}}/{{what:lock|unlock|roles|password}}", change, "staff.manage"),
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
    values = {"rows": rows, "roles": TITLES, "offered": OFFERED, "mistake": mistake, "shown": shown}
    return page.render(request, TEMPLATE, status=status, asked=asked or {"login": "", "name": "", "roles": []}, **values)
