"""The addresses of the cases. The fixed ones come first: a case's number stands in the same place."""

from web.console.access import Route
from web.console.cases import bulk, called, counter, files, listing, looking, one, upload, views, work
from web.console.cases.listing import BASE

_ONE = BASE + "/{number}"

ROUTES: list[Route] = [
    Route("GET", BASE, listing.show, "case.read"),
    Route("POST", BASE, bulk.change, "case.work"),
    Route("GET", called.PATH, called.show, "case.read"),
    Route("POST", called.PATH, called.read, "case.read"),
    Route("POST", f"{BASE}/views", views.save, "case.read"),
    Route("POST", f"{BASE}/views/{{id}}/remove", views.remove, "case.read"),
    Route("GET", counter.PATH, counter.show, "case.work"),
    Route("POST", counter.PATH, counter.add, "case.work", upload.LIMIT),
    Route("GET", _ONE, one.show, "case.read"),
    Route("GET", f"{_ONE}/print", one.print_out, "case.read"),
    Route("GET", f"{_ONE}/slip", counter.slip, "case.work"),
    Route("GET", f"{_ONE}/looking", looking.show, "case.read"),
    Route("GET", f"{_ONE}/files/{{id}}", files.show, "case.read"),
    Route("POST", f"{_ONE}/{{what:state|note}}", work.change, "case.work", upload.LIMIT),
    Route("POST", f"{_ONE}/{{what:assign|priority|labels|merge|split|relate}}", work.change, "case.work"),
]
