"""The operations of the API, in the order of its documentation."""

from typing import Any

from aiohttp import web

from helpdesk.public import PublicCase
from web import answer, parts
from web.api import cases, chat, faqs, models, openapi
from web.api.operation import Operation

OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        method="POST",
        path="/api/v1/chat",
        name="chat",
        summary_th="คุยกับผู้ช่วย",
        summary="Talk with the assistant",
        description_th=(
            "ส่งหนึ่งข้อความ แล้วได้คำตอบทั้งหมดกลับมา ใช้ conversation เดิมกับข้อความถัดไป หากได้ 504 หรือการเชื่อมต่อขาด "
            "ให้ถามซ้ำด้วย event_id เดิม จะได้คำตอบเดิมและไม่มีอะไรถูกทำซ้ำ"
        ),
        description=(
            "Send one message and get the whole answer. Keep using the same conversation for the next message. "
            "After a 504, or when the connection broke, ask again with the same event_id: the answer is the same and "
            "nothing is done twice."
        ),
        asked=models.ChatRequest,
        place="body",
        answer=models.ChatAnswer,
        handler=chat.chat,
        failures=(400, 413, 415, 504),
        example={
            "request": {"conversation": "counter-7", "event_id": "msg-2569-0001", "text": "ไฟถนนดับหน้าวัดธาราราม"},
            "answer": {
                "conversation": "counter-7",
                "event_id": "msg-2569-0001",
                "messages": [
                    {
                        "type": "text",
                        "text": "รับแจ้งเรื่องไฟถนนค่ะ สถานที่คือหน้าวัดธารารามใช่ไหมคะ",
                        "buttons": [{"title": "ใช่", "payload": "/affirm", "kind": "reply"}],
                        "faq_id": None,
                        "case_number": None,
                        "image_url": None,
                    }
                ],
                "intent": {"name": "report_problem", "confidence": 0.97},
            },
        },
    ),
    Operation(
        method="GET",
        path="/api/v1/faqs/search",
        name="searchFaqs",
        summary_th="ค้นคำตอบที่เผยแพร่แล้ว",
        summary="Search the published answers",
        description_th="ค้นตามความหมายและถ้อยคำ พิมพ์ภาษาไทยแบบที่พูดได้ ก่อนแสดงคำตอบให้ดูค่า decision",
        description="Finds answers by meaning and by words, in Thai as people type it. Look at decision before showing one.",
        asked=models.SearchRequest,
        place="query",
        answer=models.SearchAnswer,
        handler=faqs.search,
        example={
            "request": {"q": "บัตรประชาชนหายทำยังไง", "limit": 3},
            "answer": {
                "decision": "answer",
                "results": [
                    {
                        "id": "id-card-lost",
                        "title": "บัตรประชาชนหาย ต้องทำอย่างไร",
                        "title_en": "I lost my ID card",
                        "score": 0.93,
                        "answer": "ทำบัตรใหม่ได้ที่สำนักทะเบียนทุกแห่งภายใน 60 วันค่ะ",
                        "answer_en": "Any registration office makes a new one, within 60 days.",
                        "details": {
                            "steps": ["ไปที่สำนักทะเบียนแห่งใดก็ได้", "ถ่ายรูปและรับบัตร"],
                            "documents": ["ทะเบียนบ้าน"],
                            "fee": "20 บาท",
                            "time": None,
                            "where": "สำนักทะเบียนทุกแห่ง",
                            "hours": None,
                            "link": None,
                        },
                        "agency": "กรมการปกครอง",
                        "source": "กรมการปกครอง",
                        "verified": False,
                    }
                ],
            },
        },
    ),
    Operation(
        method="POST",
        path="/api/v1/cases/draft",
        name="draftCase",
        summary_th="อ่านคำแจ้งปัญหา",
        summary="Read a report",
        description_th="บอกประเภท สถานที่ และเวลาที่คำแจ้งกล่าวถึง ไม่มีการเปิดเรื่องและไม่มีการเก็บข้อมูล",
        description="Says which category, place and time a report speaks of. Nothing is opened and nothing is stored.",
        asked=models.DraftRequest,
        place="body",
        answer=models.DraftAnswer,
        handler=cases.draft,
        failures=(400, 413, 415, 503),
        example={
            "request": {"text": "เมื่อคืนไฟถนนดับหน้าโรงเรียนบ้านหนองบัว", "now": "2026-11-22T10:00:00+07:00"},
            "answer": {
                "category": "street-light",
                "category_title": "ไฟส่องสว่างสาธารณะ",
                "category_confidence": 0.95,
                "place": "หน้าโรงเรียนบ้านหนองบัว",
                "when": "2026-11-21",
            },
        },
    ),
    Operation(
        method="GET",
        path="/api/v1/cases/{number}",
        name="showCase",
        summary_th="ดูสถานะเรื่อง",
        summary="Show a case",
        description_th="สิ่งที่ทุกคนดูได้ของเรื่องหนึ่ง คือสถานะและความคืบหน้า ข้อมูลส่วนบุคคลถูกปิดบัง",
        description="What everybody may see of a case: state and time line, with personal data masked.",
        asked=models.CaseRequest,
        place="path",
        answer=PublicCase,
        handler=cases.show,
        failures=(404,),
        example={
            "request": {"number": "P69-000123-8"},
            "answer": {
                "number": "P69-000123-8",
                "state": "accepted",
                "state_label": "รับเรื่องแล้ว",
                "opened": "21 พฤศจิกายน 2569",
                "changed": "22 พฤศจิกายน 2569",
                "confidential": False,
                "category": "ไฟส่องสว่างสาธารณะ",
                "unit": "กองช่าง",
                "place": "หน้าวัดธาราราม",
                "description": "ไฟถนนดับสามดวง",
                "timeline": [
                    {
                        "at": "2026-11-22T02:30:00Z",
                        "date": "22 พฤศจิกายน 2569 เวลา 09.30 น.",
                        "kind": "state",
                        "state": "accepted",
                        "label": "รับเรื่องแล้ว",
                        "text": "",
                        "public": True,
                    }
                ],
            },
        },
    ),
)


def routes() -> list[web.RouteDef]:
    """The operations, and the file that describes them."""
    served = [web.route(operation.method, operation.path, operation.serve) for operation in OPERATIONS]
    return [*served, web.get("/api/v1/openapi.json", file)]


async def file(request: web.Request) -> web.Response:
    """The OpenAPI file; it is no secret."""
    described = openapi.document(OPERATIONS, parts.of(request).settings)
    return answer.json(described, headers={"Access-Control-Allow-Origin": "*"})
