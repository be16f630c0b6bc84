"""What short Thai and English phrases mean, where the engine's intent alone is not enough."""

import re

_UNKNOWN = re.compile(
    r"^(?:(?:ก็|เอ่อ|อืม|คือ)\s*)?(?:ไม่(?:ค่อย)?(?:รู้|ทราบ|แน่ใจ|ชัวร์|มั่นใจ)|ไม่มี(?=\S{0,9}$|\s)|จำ(?:ไม่ได้|ไม่ค่อยได้)|บอกไม่ถูก|ไม่ได้(?:ถ่าย|ดู)|"
    r"(?:i\s+)?(?:do\s?n[o']t|dont)\s+(?:know|have|remember)|not\s+sure|no\s+idea|none|unknown)",
    re.IGNORECASE,
)
_SKIP = re.compile(r"^(?:ขอ)?(?:ข้าม|ผ่าน|ไม่ระบุ|ไม่ให้|ไม่สะดวก|ไม่ต้อง|ไม่ใส่|ไม่เอา|ไม่ขอ|skip|pass|no[,\s]+thank|no$)", re.IGNORECASE)
_QUESTION = re.compile(
    r"\?|(?:ไหม|มั้ย|มั๊ย|ไม๊|หรือเปล่า|รึเปล่า|หรือยัง|รึยัง|เหรอ|หรอ)\s*(?:คะ|ค่ะ|ครับ|คับ|จ๊ะ|จ้ะ|นะ|ล่ะ|อะ|อ่ะ)*\s*$"
    r"|เท่าไ[หร]ร?่?|ยังไง|อย่างไร|ทำไง|อะไรบ้าง|ที่ไหน|กี่(?:วัน|บาท|โมง|คน|ชั่วโมง)|เมื่อไ[หร]ร?่?|ทำไม|ใคร"
    r"|^(?:what|how|where|when|who|why|can|do|does|is|are)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"ซอย|ซ\.|ถนน|ถ\.|แยก|ปาก(?:ทาง|ซอย)|หน้า|หลัง|ข้าง|ตรง|ใกล้|แถว|บริเวณ|หมู่|ม\.\s?\d|ตำบล|ต\.|อำเภอ|อ\.|เขต|แขวง|จังหวัด|จ\."
    r"|ตลาด|วัด|โรงเรียน|รร\.|สะพาน|คลอง|หมู่บ้าน|ชุมชน|บ้าน(?:เลขที่)?|เซเว่น|ร้าน|ปั๊ม|สวน|โรงพยาบาล|รพ\.|สี่แยก|สามแยก|กม\.|หลัก"
    r"|soi|road|street|village|near|front|behind|opposite|beside|market|temple|school|bridge",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"^(?:ถนน|ซอย|ทางเข้า)?(?:แถว|หน้า|ข้าง|หลัง|ใน|ตรง|ที่|ใกล้|ปาก|กลาง|บริเวณ|ทาง|บน)*\s*(?:บ้าน(?:ผม|ฉัน|หนู|เรา|ดิฉัน|ป้า|ลุง|ยาย)?|นี้|นี่|นั้น|ซอย|ถนน|หมู่บ้าน|ชุมชน|เท้า)?$"
)
_BARE = re.compile(
    r"สวัสดี|หวัดดี|รบกวน|อยาก|ขอ|ต้องการ|จะ|มี|ช่วย|แจ้ง(?:เหตุ|ปัญหา)?|ร้องเรียน|ร้องทุกข์|เรื่อง|ปัญหา|เหตุ|หน่อย|ด้วย|ได้|ไหม|มั้ย"
    r"|ค่ะ|คะ|ครับ|คับ|จ้า|จ้ะ|นะ|ผม|ดิฉัน|หนู|เรา|ให้|ทราบ|ใหม่|สัก|อีก|เพิ่ม(?:เติม)?|ข้อมูล|เคส|เดิม|ที่|ไว้|ไป|แล้ว|ติชม|ความ(?:คิด)?เห็น"
    r"|ข้อเสนอแนะ|บริการ|การ|report|problem|issue|complain(?:t)?|feedback|add|more|information|case|some(?:thing)?|want|would|like|please"
    r"|hello|\b(?:i|a|an|to|the|my|of|give|make)\b|p\d{2}-\d{6,9}-\d|[\s\d\W]",
    re.IGNORECASE,
)
_SAYS = 4  # letters that must remain for words to say something


def unknown(words: str) -> bool:
    """Whether somebody says they do not know or have none: "ไม่รู้ค่ะ", "ไม่มีรูป"."""
    return len(words) <= 40 and _UNKNOWN.search(words) is not None


def skips(words: str) -> bool:
    """Whether somebody wants to leave a question out: "ข้ามค่ะ", "ไม่ระบุ"."""
    return len(words) <= 40 and _SKIP.search(words) is not None


def asks(words: str) -> bool:
    """Whether words look like a question: "ใช้เวลากี่วันคะ"."""
    return _QUESTION.search(words) is not None


def names_a_place(words: str) -> bool:
    """Whether words hold a sign of a place: "หน้าเซเว่นปากซอย 3"."""
    return _PLACE.search(words) is not None


def vague_place(words: str) -> bool:
    """Whether nobody could find the place by these words: "หน้าบ้าน", "ในซอย"."""
    return _VAGUE.match(words.strip()) is not None


def says_nothing(words: str) -> bool:
    """Whether only the wish is told, not the matter: "อยากแจ้งเรื่องค่ะ"."""
    return len(_BARE.sub("", words)) < _SAYS
