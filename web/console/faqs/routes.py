"""The addresses of the console's answers."""

from web.console.access import Route
from web.console.faqs import due, editor, listing, review, trial, versions
from web.console.faqs.sheet import BASE

_ONE = BASE + "/{id}"

ROUTES: list[Route] = [
    Route("GET", BASE, listing.show, "faq.read"),
    Route("GET", f"{BASE}/new", editor.new, "faq.write"),
    Route("POST", f"{BASE}/new", editor.create, "faq.write", editor.LIMIT),
    Route("POST", f"{BASE}/preview", editor.look, "faq.write", editor.LIMIT),
    Route("GET", f"{BASE}/try", trial.show, "faq.read"),
    Route("GET", f"{BASE}/due", due.show, "faq.read"),
    Route("GET", _ONE, editor.edit, "faq.read"),
    Route("POST", _ONE, editor.save, "faq.write", editor.LIMIT),
    Route("GET", f"{_ONE}/review", review.show, "faq.read"),
    Route("POST", f"{_ONE}/{{what:submit|archive}}", review.change, "faq.write"),
    Route("POST", f"{_ONE}/{{what:publish|return|confirm}}", review.change, "faq.publish"),
    Route("POST", f"{_ONE}/switch", review.switch, "faq.switch"),
    Route("GET", f"{_ONE}/versions", versions.show, "faq.read"),
    Route("POST", f"{_ONE}/restore", versions.restore, "faq.write"),
    Route("POST", f"{_ONE}/reviewed", due.reviewed, "faq.write"),
]
