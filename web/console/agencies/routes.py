"""The addresses of agencies, rules, service levels, and what passes between agencies on a case."""

from web.console.access import Route
from web.console.agencies import levels, listing, one, panel, rules
from web.console.agencies.sheet import BASE, RIGHT

_ONE = BASE + "/{id}"

ROUTES: list[Route] = [
    Route("GET", BASE, listing.show, RIGHT),
    Route("POST", BASE, listing.add, RIGHT),
    Route("GET", rules.PATH, rules.show, RIGHT),
    Route("POST", rules.PATH, rules.add, RIGHT),
    Route("POST", f"{rules.PATH}/{{id}}/{{what:rank|remove}}", rules.change, RIGHT),
    Route("GET", _ONE, one.show, RIGHT),
    Route("POST", _ONE, one.change, RIGHT),
    Route("POST", f"{_ONE}/units", one.unit, RIGHT),
    Route("POST", f"{_ONE}/{{what:join|leave}}", one.member, RIGHT),
    Route("GET", levels.PATH, levels.show, RIGHT),
    Route("POST", f"{levels.PATH}/{{what:target|suggested}}", levels.target, RIGHT),
    Route("POST", f"{levels.PATH}/hours", levels.hours, RIGHT),
    Route("POST", f"{levels.PATH}/{{what:day|usual}}", levels.day, RIGHT),
    *panel.ROUTES,
]
