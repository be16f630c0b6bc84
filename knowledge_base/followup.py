"""Follow-ups: "แล้วเสียค่าใช้จ่ายเท่าไหร่" asks for one part of the answer that was just given."""

import re
from typing import Literal

from knowledge_base.wording import Wording

Part = Literal["fee", "documents", "where", "hours", "steps", "time"]

# In the canonical wording (เท่าไร, อย่างไร, กี่บาท). The first that fits counts, so the narrower ones stand first.
_ASKS: tuple[tuple[Part, re.Pattern[str]], ...] = (
    (
        "hours",
        re.compile(
            r"กี่โมง|เวลาทำการ|เวลาเปิด|เปิดวัน(?:เสาร์|อาทิตย์|หยุด|ไหน)?|เปิดเสาร์(?:อาทิตย์)?|เปิดถึง|วันเสาร์|วันอาทิตย์|เสาร์อาทิตย์|วันหยุด|\bhours\b|\bopen\b"
        ),
    ),
    ("time", re.compile(r"กี่วัน|กี่เดือน|กี่ชั่วโมง|นาน(?:ไหม|เท่าไร|แค่ไหน|ปะ|มาก)?|ใช้เวลา|เมื่อไร|ภายในวันไหน|\bhow long\b|\bwhen\b")),
    ("documents", re.compile(r"เอกสาร|หลักฐาน|(?:ใช้|เตรียม|เอา|พก|มี)อะไร|(?:ใช้|เตรียม|เอา)ไร|\bdocuments?\b|\bbring\b|\bpapers?\b")),
    ("fee", re.compile(r"ค่าใช้จ่าย|ค่าธรรมเนียม|ค่าบริการ|ค่าปรับ|กี่บาท|ราคา|เสียเงิน|ฟรี|เท่าไร|\bhow much\b|\bcosts?\b|\bfees?\b|\bfree\b")),
    ("where", re.compile(r"ที่ไหน|ไปไหน|ตรงไหน|แถวไหน|สถานที่|เว็บ|ลิงก์|ลิ้ง|\bwhere\b|\bwebsite\b|\blink\b")),
    ("steps", re.compile(r"ขั้นตอน|วิธี|ทำอย่างไร|อย่างไร|เริ่ม|\bsteps?\b|\bhow do i\b|\bhow to\b|\bhow\b")),
)
_CARRY_NOTHING = """
    แล้ว เป็น ถ้า ต้อง จะ ค่ะ คะ ครับ คับ ฮะ จ้า จ้ะ จ๊ะ นะ น้า ล่ะ ละ เหรอ หรอ อะ อ่ะ บ้าง ไหม มี ได้ หรือ เปล่า หรือเปล่า
    ป่าว ปะ และ กับ ที่ ไป มา ใช้ เสีย จ่าย ค่า อะไร ไร เท่าไร กี่ บาท วัน เปิด ทำ อัน นี้ นี่ เรื่อง นั้น มัน ขอ ถาม สอบถาม อีก
    ด้วย เลย ก็ ต่อ ช่วย บอก หน่อย ที พวก ของ เตรียม เอา คือ อยู่ ประมาณ รวม ทั้งหมด ติดต่อ ยื่น ไหน แบบ ราย ละเอียด รายละเอียด
    the a an is it do does i to for what which need please and of there any much must should this that can my take get
"""
_FILLERS = frozenset(_CARRY_NOTHING.split())


def asked_part(canonical: str) -> Part | None:
    """Tell which part of an answer a question asks for: "ใช้เอกสารอะไรบ้าง" -> "documents"."""
    return next((part for part, pattern in _ASKS if pattern.search(canonical)), None)


def residue(canonical: str, wording: Wording) -> frozenset[str]:
    """The words that remain when those asking for a part and those that carry nothing are taken out.

    Args:
        canonical: A question such as "แล้วทำหนังสือเดินทางใช้เอกสารอะไรบ้าง".
        wording: Cuts the words.

    Returns:
        What it is about, here {"หนังสือเดินทาง"}; empty for a question that only makes sense after another.
    """
    for _, pattern in _ASKS:
        canonical = pattern.sub(" ", canonical)
    return frozenset(word for word in wording.words(canonical.strip()) if word not in _FILLERS)
