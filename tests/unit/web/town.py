"""A small town for tests: the web application over a real database and Valkey, with real workers and a stand-in engine."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr
from redis.asyncio import Redis

from channels import registry
from channels.dispatcher import Dispatcher
from channels.engine import Engine
from channels.handler import Handler
from channels.sender import Sender
from conversations import conversation as conversations
from core import clock, valkey
from core.database import Database
from core.settings import Settings
from helpdesk import case as cases
from helpdesk.case import Case, Place
from knowledge_base import faq
from knowledge_base.entry import Bilingual, Entry
from knowledge_base.search import Search
from tests.engine_server import EngineServer
from tests.ports import free_port
from tests.valkey import BundledValkey
from web.app import make_app

KEY = "a-key-for-tests"


class TownEngine(EngineServer):
    """Speaks the engine's HTTP contract. What it answers hangs on a word of the question; see `ANSWERS`."""

    def __init__(self) -> None:
        super().__init__()
        self.wait = 0.0
        self.read: dict[str, Any] = {"intent": {"name": "report_problem", "confidence": 0.9}, "category": None, "entities": []}

    def routes(self, app: web.Application) -> None:
        super().routes(app)
        app.router.add_post("/webhooks/pracha/webhook", self._webhook)
        app.router.add_post("/webhooks/pracha/parse", self._parse)

    async def _parse(self, request: web.Request) -> web.Response:
        self.asked.append(await request.json())
        return web.json_response(self.read)

    async def _webhook(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.asked.append(body)
        await asyncio.sleep(self.wait)
        said = body["text"] or body["payload"]
        messages = next((answer for word, answer in ANSWERS.items() if word in said), None)
        messages = messages or [{"type": "text", "text": f"รับทราบค่ะ: {said[:200]}"}]
        return web.json_response({"messages": messages, "intent": {"name": "chitchat", "confidence": 0.9}, "repeated": False})


def _card(title: str, text: str) -> dict[str, Any]:
    return {
        "type": "card",
        "title": title,
        "text": text,
        "fields": [{"label": "ค่าธรรมเนียม", "value": "ไม่เสีย"}, {"label": "ใช้เวลา", "value": "15 นาที"}],
        "choices": [
            {"title": "ดูเว็บไซต์", "payload": "https://www.bora.dopa.go.th", "kind": "link"},
            {"title": "ตอบตรงคำถาม", "payload": "/affirm"},
        ],
    }


ANSWERS: dict[str, list[dict[str, Any]]] = {
    "ตัวเลือก": [
        {
            "type": "text",
            "text": "ต้องการให้ส่งเรื่องไฟถนนดับหน้าวัดธารารามไหมคะ",
            "choices": [
                {"title": "ส่งเรื่อง", "payload": "/affirm"},
                {"title": "แก้ไข", "payload": "/deny"},
                {"title": "ส่งรูป", "kind": "photo"},
                {"title": "ส่งตำแหน่ง", "kind": "location"},
            ],
        }
    ],
    "บัตร": [_card("ทำบัตรประชาชนใบใหม่เมื่อบัตรหาย", "ไปที่สำนักทะเบียนแห่งใดก็ได้ภายใน 60 วัน\nไม่ต้องแจ้งความก่อนค่ะ")],
    "หลายเรื่อง": [
        {
            "type": "carousel",
            "text": "หมายถึงเรื่องไหนคะ",
            "cards": [_card(f"เรื่องที่ {number}", "คำอธิบายสั้น ๆ ของเรื่องนี้ค่ะ") for number in (1, 2, 3)],
        }
    ],
    "ที่ไหน": [{"type": "location_request", "text": "อยู่ตรงไหนคะ พิมพ์ชื่อถนนหรือจุดสังเกต หรือส่งตำแหน่งก็ได้ค่ะ"}],
    "อันตราย": [
        {
            "type": "text",
            "text": "<img src=x onerror=alert(1)> <script>alert(1)</script> javascript:alert(1) ดูที่https://example.go.th/a?b=1ได้ค่ะ",
            "choices": [{"title": "ลิงก์ร้าย", "payload": "javascript:alert(1)", "kind": "link"}],
        }
    ],
    "ยาว": [{"type": "text", "text": "ข้อความยาวที่มีรายละเอียดหลายอย่าง " * 40}],
}


class Town:
    """Everything a test of the web needs; parts may be ended and begun while it lives."""

    def __init__(self, database: Database, bundled: BundledValkey, folder: Path) -> None:
        self.database, self.bundled = database, bundled
        self.engine = TownEngine()
        self.settings = Settings(
            host="127.0.0.1",
            port=free_port(),
            var=folder,
            models=folder / "models",
            redis_url=SecretStr(bundled.url),
            engine_port=self.engine.port,
            api_keys=[SecretStr(KEY)],
            embed_origins=["https://partner.example"],
            city_th="เทศบาลเมืองธาราใส",
            city_en="Thara Sai Town Municipality",
            dense=False,
        )
        self.search = Search(database, self.settings)
        self.valkey: Redis = valkey.connect(bundled.url)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._engine_client = Engine(self.engine.url, 10)
        self.server: TestServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    async def start(self) -> None:
        await self.engine.start()
        await self.start_web()

    def application(self, **changes: Any) -> web.Application:
        settings = self.settings.model_copy(update=changes)
        return make_app(settings, self.database, self.valkey, search=self.search, engine=self._engine_client)

    async def start_web(self, **changes: Any) -> None:
        self.server = TestServer(self.application(**changes), host="127.0.0.1", port=self.settings.port)
        await self.server.start_server(access_log=None)

    async def stop_web(self) -> None:
        if self.server is not None:
            await self.server.close()
            self.server = None

    def work(self) -> None:
        """Begin dispatcher and sender."""
        channels = registry.configured(self.database, self.valkey, self.settings)
        handler = Handler(self.database, self.valkey, self._engine_client, channels, self.settings)
        dispatcher = Dispatcher(self.database, self.valkey, handler, name="dispatcher-1", workers=2)
        sender = Sender(self.database, self.valkey, channels, name="sender-1", workers=2)
        self._tasks = {"dispatcher": asyncio.create_task(dispatcher.run()), "sender": asyncio.create_task(sender.run())}

    async def rest(self) -> None:
        """End dispatcher and sender."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks = {}

    async def stop(self) -> None:
        await self.rest()
        await self.stop_web()
        await self.engine.stop()
        await self.search.close()
        await self._engine_client.close()
        with contextlib.suppress(OSError):
            await self.valkey.aclose()

    async def open_case(self, **changes: Any) -> Case:
        """A report of a dark lamp, whose contact nobody may see in public."""
        async with self.database.write() as session:
            told = await conversations.find_or_open(session, "web", "default", "reporter")
            report: dict[str, Any] = {
                "key": f"evt-{clock.now().timestamp()}",
                "conversation": told,
                "category": "street-light",
                "description": "ไฟถนนดับ 3 ดวง มืดมาก โทร 081-234-5678",
                "place": Place("หน้าวัดธาราราม ถนนริมน้ำ"),
                "photos": [],
                "contact": "0812345678",
                "consent": True,
                "happened_at": None,
                "actor": f"citizen:{told.person_id}",
            } | changes
            return await cases.open_case(session, **report)

    async def move_case(self, case: Case, *states: str) -> Case:
        for state in states:
            async with self.database.write() as session:
                note = "ช่างเปลี่ยนหลอดไฟครบทั้งสามดวงแล้ว" if state in {"done", "rejected"} else ""
                case = await cases.change(session, case, state, key=f"{case.version}-{state}", actor="staff:1", note=note)
        return case

    async def publish(self, entries: Sequence[Entry]) -> None:
        async with self.database.write() as session:
            for entry in entries:
                await faq.seed_entry(session, entry, "system", state="published", reason="for tests")
        await self.search.ready()  # it may have looked at the empty town a moment ago


def entry(faq_id: str, group: str, thai: str, english: str) -> Entry:
    """A published answer."""
    return Entry(
        id=faq_id,
        group=group,
        agency="กรมการปกครอง",
        question=Bilingual(th=thai, en=english),
        summary=Bilingual(th="ทำได้ที่สำนักทะเบียนทุกแห่งในวันเดียว ไม่ต้องจองคิวค่ะ", en="Any registration office can do it the same day."),
        steps=["ยื่นเอกสารที่สำนักทะเบียน", "ถ่ายรูปและรับบัตร"],
        documents=["บัตรประชาชนใบเดิม (ถ้ามี)", "ทะเบียนบ้าน"],
        fee="ไม่เสียค่าธรรมเนียม",
        where="สำนักทะเบียนเทศบาล ชั้น 1",
        hours="วันจันทร์–ศุกร์ 08.30–16.30 น.",
        link="https://www.bora.dopa.go.th",
        source="กรมการปกครอง",
        review_by=(clock.now() + timedelta(days=180)).date(),
    )


ENTRIES = [
    entry("id-card-renewal", "civil-registration", "บัตรประชาชนหมดอายุ ต่ออายุอย่างไร", "How do I renew my ID card?"),
    entry("id-card-lost", "civil-registration", "บัตรประชาชนหาย ต้องทำอย่างไร", "I lost my ID card. What now?"),
    entry("house-move", "civil-registration", "ย้ายเข้าทะเบียนบ้านต้องใช้เอกสารอะไร", "Which papers do I need to move house?"),
    entry("garbage-fee", "local-environment", "ค่าเก็บขยะเดือนละเท่าไร จ่ายที่ไหน", "What does garbage collection cost?"),
    entry("tree-cutting", "local-environment", "ขอให้ตัดกิ่งไม้หน้าบ้าน", "Ask for a tree to be trimmed"),
    entry("elder-allowance", "welfare", "ลงทะเบียนเบี้ยผู้สูงอายุ", "Register for the old-age allowance"),
    entry("land-tax", "tax", "ภาษีที่ดินและสิ่งปลูกสร้างจ่ายเมื่อไร", "When is the land tax due?"),
    entry("building-permit", "land-building", "ขออนุญาตก่อสร้างบ้าน", "Apply for a building permit"),
    entry("water-meter", "utilities", "ขอติดตั้งมิเตอร์น้ำประปา", "Apply for a water meter"),
]
