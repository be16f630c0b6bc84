"""A page: a template filled in and sent."""

from pathlib import Path
from typing import Any

from aiohttp import hdrs, web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core import clock
from web import parts
from web.portal import language as languages

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
TITLES = {
    403: ("ไม่มีสิทธิ์เข้าถึง", "Not allowed"),
    404: ("ไม่พบหน้านี้", "Page not found"),
    429: ("กรุณารอสักครู่", "Please wait a moment"),
    500: ("ระบบขัดข้องชั่วคราว", "Something went wrong"),
}

LOST = ("ลิงก์อาจเก่าหรือพิมพ์ผิด ลองเริ่มจากหน้าแรกนะคะ", "The link may be old or mistyped. Please start from the front page.")


def render(request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
    """Fill ``template`` in, in the request's language, and answer with it."""
    language = languages.of(request)
    settings = parts.of(request).settings
    say = languages.say(language)
    plain = languages.plain(request.path)
    text = _ENVIRONMENT.get_template(template).render(
        language=language,
        say=say,
        city=say(settings.city_th, settings.city_en),
        second=say(settings.city_en, settings.city_th),
        base=settings.base_url,
        plain=plain,
        other=languages.path("th" if language == "en" else "en", plain),
        path=lambda address: languages.path(language, address),
        date=lambda moment: languages.date(moment, language),
        date_and_time=lambda moment: languages.date_and_time(moment, language),
        year=clock.local(clock.now()).year + (0 if language == "en" else 543),
        **values,
    )
    headers = {hdrs.CONTENT_LANGUAGE: language, hdrs.CACHE_CONTROL: "no-cache"}
    return web.Response(text=text, content_type="text/html", charset="utf-8", status=status, headers=headers)


def failure(request: web.Request, status: int, thai: str, english: str) -> web.Response:
    """A polite page for an error."""
    title = TITLES.get(status, TITLES[500] if status >= 500 else ("ทำรายการนี้ไม่ได้", "This did not work"))
    say = languages.say(languages.of(request))
    words = LOST if status == 404 else (thai, english)
    return render(request, "failure.html", status=status, title=say(*title), words=say(*words), code=status)
