"""An operation of the API: described once, for the router and for the OpenAPI file."""

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from core.settings import Settings
from web import parts
from web.failures import Failure
from web.parts import Parts

KEY = "X-API-Key"
BODY_LIMIT = 64 * 1024  # bytes; 4,000 Thai characters are 12,000, or 24,000 when escaped

REASONS = {
    "text_empty": "กรุณาใส่ข้อความค่ะ",
    "text_too_long": "ข้อความยาวเกิน 4,000 ตัวอักษร กรุณาย่อหรือแบ่งส่งค่ะ",
    "text_or_payload": "กรุณาส่ง text หรือ payload อย่างใดอย่างหนึ่งค่ะ",
}
"""Thai words for the mistakes that citizens' texts cause; other mistakes are the caller's own and named in English."""


Asked = TypeVar("Asked", bound=BaseModel)


@dataclass(frozen=True)
class Operation(Generic[Asked]):
    """``asked`` is read from ``place``; the handler's answer goes out as JSON.

    ``failures`` are the statuses besides 401, 422 and 429, which every operation may answer.
    """

    method: Literal["GET", "POST"]
    path: str
    name: str
    summary_th: str
    summary: str
    description_th: str
    description: str
    asked: type[Asked]
    place: Literal["body", "query", "path"]
    answer: type[BaseModel]
    handler: Callable[[Parts, Asked], Awaitable[BaseModel]]
    example: dict[str, Any]
    failures: tuple[int, ...] = ()

    async def serve(self, request: web.Request) -> web.Response:
        """Check the key and its rate, read, do, answer."""
        known = parts.of(request)
        await _admit(request, known)
        asked = self._read(await self._data(request))
        answer = await self.handler(known, asked)
        return web.json_response(text=answer.model_dump_json(), headers={"Cache-Control": "no-store"})

    async def _data(self, request: web.Request) -> Any:
        match self.place:
            case "query":
                return dict(request.query)
            case "path":
                return dict(request.match_info)
        if request.content_type != "application/json":
            raise Failure(415, "not_json", "กรุณาส่งข้อมูลเป็น application/json ค่ะ", "Send the body as application/json.")
        if (request.content_length or 0) > BODY_LIMIT:
            raise Failure(413)
        return _json(await _body(request))

    def _read(self, data: Any) -> Asked:
        try:
            return self.asked.model_validate(data)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            where = ".".join(str(step) for step in first["loc"])
            thai = REASONS.get(first["type"], "ข้อมูลไม่ครบหรือไม่ถูกต้องค่ะ")
            code = first["type"] if first["type"] in REASONS else "invalid"
            raise Failure(422, code, thai, f"{where}: {first['msg']}" if where else first["msg"]) from error


async def _admit(request: web.Request, known: Parts) -> None:
    key = request.headers.get(KEY, "")
    if not holds_key(request, known.settings):
        raise Failure(401, "no_key", "ต้องใช้กุญแจที่ถูกต้องในหัวข้อ X-API-Key ค่ะ", f"A valid key is needed in {KEY}.")
    name = hashlib.sha256(key.encode()).hexdigest()
    if wait := await known.rates.wait(known.settings.api_rate, "api", name):
        raise Failure(429, retry_after=wait)


def holds_key(request: web.Request, settings: Settings) -> bool:
    """Whether the caller has one of the keys. Every key is compared, each in constant time."""
    given = request.headers.get(KEY, "").encode()
    matches = [hmac.compare_digest(given, key.get_secret_value().encode()) for key in settings.api_keys if key.get_secret_value()]
    return any(matches)


async def _body(request: web.Request) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_chunked(16 * 1024):
        body += chunk
        if len(body) > BODY_LIMIT:
            raise Failure(413)
    return bytes(body)


def _json(body: bytes) -> Any:
    try:
        data = json.loads(body)
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:  # half of a character, such as "\\ud800"
        raise Failure(422, "invalid", en="The text is no valid Unicode.") from error
    except (ValueError, RecursionError) as error:
        raise Failure(400, "broken_json", "อ่าน JSON ที่ส่งมาไม่ได้ค่ะ", "The body is no valid JSON.") from error
    return data
