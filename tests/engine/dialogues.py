"""Hundreds of dialogues: those of the project's own tests, and walks through everything a citizen may say or press.

A turn is what is said; what begins with a slash is pressed, `PHOTO` in it is a stored picture, and `LATER` lets thirteen hours
pass.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from rasa.shared.utils.io import read_yaml_file

from tests.engine.processes import ROOT

LATER = "LATER"
STORIES = ROOT / "nlu_data" / "tests"
SCENARIOS = ROOT / "tests" / "scenario" / "dialogues.yml"

OPENINGS = (
    "ไฟถนนดับหน้าวัดทอง ซอย 3", "น้ำท่วมซอยสุขใจ 5 โทร 0812345678", "ถนนเป็นหลุมใหญ่มาก", "อยากแจ้งเรื่องค่ะ", "ขยะไม่มาเก็บ 3 วันแล้ว",
    '/report_problem{"category":"garbage"}', "/contact_case", "ขอเพิ่มข้อมูลเรื่องเดิม", "อยากชมเจ้าหน้าที่ค่ะ", "/add_case_information",
    "/give_feedback", '/provide_photo{"photo":"PHOTO"}', '/provide_location{"latitude":13.7,"longitude":100.5,"label":"ตลาดสด"}',
)  # fmt: skip
ANSWERS = (
    "ใช่ค่ะ", "ไม่ใช่ค่ะ", "/affirm", "/deny", "/skip", "ข้าม", "ไม่รู้ค่ะ", "หน้าเซเว่นปากซอย 3", "หน้าบ้าน", "081-234-5678", "ไม่ระบุ",
    '/choose_category{"category":"flooding"}', '/choose_category{"page":2}', '/provide_photo{"photo":["PHOTO"]}', 
    "/refuse_consent", "/give_consent",
    "ยืนยันค่ะ", "ส่งเลยค่ะ", '/edit_field{"field":"place"}', '/edit_field{"field":"contact"}', "แก้สถานที่เป็นซอย 5",
    "ไม่ใช่ถนนพหลโยธิน เป็นวิภาวดี", "เปลี่ยนหมวดเป็นน้ำท่วม", "น้ำลดแล้วแต่ถนนยังพังอยู่", "/resume_report", "/report_next",
)  # fmt: skip
DIGRESSIONS = (
    "ขอเบี้ยผู้สูงอายุต้องทำยังไง", "เทศบาลเปิดกี่โมงคะ", "ขอบคุณค่ะ", "สวัสดีค่ะ", "บัตรประชาชนหายทำยังไง", "เรื่องที่แจ้งไปถึงไหนแล้วคะ",
    "ขอคุยกับเจ้าหน้าที่", "ไฟไหม้บ้านข้างๆ ช่วยด้วย", "คุณเป็นบอทหรือคน", "ยกเลิกค่ะ", 
    '/change_language{"language":"en"}',
    '/choose_faq{"faq":"id-card-lost"}', '/rate_answer{"faq":"id-card-lost","helpful":"yes"}', '/unsupported{"kind":"sticker"}',
    "/cancel",
    '/request_data_case{"kind":"copy"}', "ขอดูข้อมูลของฉัน", "เรื่องปิดแล้วแต่ยังไม่ได้ซ่อม", "อยากรับข่าวสาร", "แย่มาก บอทโง่", "ลาก่อน",
    '/check_case_status{"case_number":"P69-000001-6"}', "ช่วยอะไรได้บ้าง", "เล่านิทานให้ฟังหน่อย", "/session_started",
)  # fmt: skip
UNCLEAR = ("ฟหกด", "ฟหกดฟ", "???", "asdf qwer", "ๆๆๆ", "1", "👍")
RESTARTS = ("/restart", "/back", "/session_start", LATER)

Dialogue = list[str]


def told() -> list[Dialogue]:
    """The dialogues of nlu_data/tests and of tests/scenario."""
    stories = [story for path in sorted(STORIES.glob("*.yml")) for story in read_yaml_file(path)["stories"]]
    scenarios = read_yaml_file(SCENARIOS)
    return [
        *([said for step in story["steps"] if (said := _said(step))] for story in stories),
        *([turn["user"] for turn in scenario["turns"]] for scenario in scenarios),
    ]


def walks(count: int, seed: int) -> list[Dialogue]:
    """So many walks of four to nine turns; a fifth of them end a report, a fifth begin again in the middle."""
    chance = random.Random(seed)
    return [_walk(chance, number) for number in range(count)]


def long_walk(turns: int, seed: int) -> Dialogue:
    """One citizen who goes on and on."""
    chance = random.Random(seed)
    return [chance.choice(chance.choice((OPENINGS, ANSWERS, ANSWERS, DIGRESSIONS, UNCLEAR))) for _ in range(turns)]


def _walk(chance: random.Random, number: int) -> Dialogue:
    if number % 5 == 0:
        place = chance.choice(("หน้าวัดทอง ซอย 3", "ซอยสุขใจ 5"))
        straight = [chance.choice(OPENINGS[:5]), "/affirm", place, "/skip", "/refuse_consent", "/affirm"]
        straight.insert(chance.randrange(1, 6), chance.choice(DIGRESSIONS + UNCLEAR))
        return straight
    walk = [chance.choice(OPENINGS)]
    for _ in range(chance.randrange(3, 9)):
        walk.append(chance.choice(chance.choice((ANSWERS, ANSWERS, ANSWERS, DIGRESSIONS, UNCLEAR))))
    if number % 5 == 1:
        walk.insert(chance.randrange(1, len(walk)), chance.choice(RESTARTS))
    return walk


def _said(step: dict[str, Any]) -> str | None:
    if "user" in step:
        text: str = step["user"].strip()
        return _plain(text)
    if "intent" not in step:
        return None
    values: dict[str, Any] = {}
    for entity in step.get("entities") or []:
        values.update(entity)
    return f"/{step['intent']}" + (json.dumps(values, ensure_ascii=False) if values else "")


def _plain(text: str) -> str:
    from rasa.shared.nlu.training_data.entities_parser import replace_entities

    return replace_entities(text)


def project_files() -> list[Path]:
    """What these dialogues are read from."""
    return [*STORIES.glob("*.yml"), SCENARIOS]
