"""Failures: every error becomes a polite page or a small JSON object, and never shows what went wrong inside."""

from collections.abc import Mapping
from types import MappingProxyType

import structlog
from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler

from web import answer
from web.console import page as console
from web.portal import page

log = structlog.get_logger()

MACHINES = ("/api/", "/chat/", "/media/", "/webhooks/", "/healthz", "/readyz", "/metrics")
PEOPLE = ("/api/docs",)
STAFF = "/console/"

WORDS: dict[int, tuple[str, str, str]] = {
    400: ("bad_request", "อ่านคำขอนี้ไม่ได้ค่ะ", "The request could not be read."),
    401: ("unauthorised", "ต้องใช้กุญแจที่ถูกต้องค่ะ", "A valid key is needed."),
    403: ("forbidden", "ไม่มีสิทธิ์เข้าถึงค่ะ", "You may not do this."),
    404: ("not_found", "ไม่พบสิ่งที่ขอค่ะ", "There is nothing here."),
    405: ("method_not_allowed", "ใช้วิธีนี้กับที่อยู่นี้ไม่ได้ค่ะ", "This method is not allowed here."),
    409: ("conflict", "ขัดกับคำขอก่อนหน้าค่ะ", "This conflicts with an earlier request."),
    413: ("too_large", "ข้อมูลที่ส่งมาใหญ่เกินไปค่ะ", "The request is too large."),
    415: ("wrong_type", "ไม่รองรับข้อมูลชนิดนี้ค่ะ", "This type of content is not supported."),
    422: ("invalid", "ข้อมูลไม่ครบหรือไม่ถูกต้องค่ะ", "The data is incomplete or wrong."),
    429: ("slow_down", "มีคำขอถี่เกินไป กรุณารอสักครู่แล้วลองใหม่ค่ะ", "Too many requests; please wait a moment."),
    500: ("internal", "ระบบขัดข้องชั่วคราว กรุณาลองใหม่อีกครั้งค่ะ", "Something failed on our side; please try again."),
    503: ("unavailable", "ระบบยังไม่พร้อม กรุณาลองใหม่อีกครั้งค่ะ", "The service is not ready; please try again."),
    504: (
        "timeout",
        "ใช้เวลานานเกินไป ระบบยังทำงานอยู่ กรุณาถามซ้ำด้วย event_id เดิมค่ะ",
        "No answer yet; ask again with the same event_id.",
    ),
}


class Failure(Exception):
    """An error with words for people in both languages and a code for programs.

    ``status`` is the HTTP status; without own words those of the status are used.
    """

    def __init__(
        self,
        status: int,
        code: str = "",
        th: str = "",
        en: str = "",
        *,
        retry_after: int = 0,
        details: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Take the words, or those of the status where they are empty; ``details`` go along for programs."""
        usual = WORDS.get(status, WORDS[500 if status >= 500 else 400])
        super().__init__(code or usual[0])
        self.status, self.code, self.retry_after = status, code or usual[0], retry_after
        self.th, self.en = th or usual[1], en or usual[2]
        self.details = details

    def json(self) -> web.Response:
        """The failure for programs."""
        words = {"code": self.code, "message_th": self.th, "message": self.en, **self.details}
        return answer.json({"error": words}, status=self.status, headers=self.headers())

    def headers(self) -> dict[str, str]:
        """``Retry-After`` when waiting helps."""
        return {"Retry-After": str(self.retry_after)} if self.retry_after else {}


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Catch what handlers raise; redirects pass."""
    try:
        return await handler(request)
    except Failure as failure:
        return _answer(request, failure)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        response = _answer(request, Failure(error.status))
        if hdrs.ALLOW in error.headers:
            response.headers[hdrs.ALLOW] = error.headers[hdrs.ALLOW]
        return response
    except HttpProcessingError:  # a form's part with a line longer than any browser sends, or a header that is none
        return _answer(request, Failure(400))
    except ConnectionResetError:
        raise  # the visitor went away: there is nobody to answer
    except Exception as error:
        # The message of an exception may quote what a citizen wrote, so only its kind and place are logged.
        log.error("request failed", route=route(request), kind=type(error).__name__, place=_place(error))
        return _answer(request, Failure(500))


def route(request: web.Request) -> str:
    """The route's pattern such as ``/cases/{number}``: it names no person and no case."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unknown"


def _answer(request: web.Request, failure: Failure) -> web.Response:
    if _wants_json(request):
        return failure.json()
    if request.path.startswith(STAFF):
        response = console.failure(request, failure.status, failure.th)
    else:
        response = page.failure(request, failure.status, failure.th, failure.en)
    response.headers.update(failure.headers())
    return response


def _wants_json(request: web.Request) -> bool:
    if request.path.startswith(MACHINES) and not request.path.startswith(PEOPLE):
        return True
    accept = request.headers.get(hdrs.ACCEPT, "")
    return "application/json" in accept and "text/html" not in accept


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else ""
