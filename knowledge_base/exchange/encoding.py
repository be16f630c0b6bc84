"""Encoding: the text of a file, whichever of the usual ways it was saved in."""

import codecs

from knowledge_base.exchange.problem import whole

_THAI = range(0x0E01, 0x0E5C)
_MARKED = (  # the longer mark of UTF-32 begins like that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or, as Thai Windows saves CSV, TIS-620 (cp874); without its byte order mark.

    Raises:
        Refused: it is none of these.
    """
    for mark, name in _MARKED:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], name)
    if b"\x00" in data[:4096]:
        return _strictly(data, "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _thai(data)


def _strictly(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        raise whole(f"อ่านไฟล์ไม่ได้: ไฟล์ชำรุด ไม่ใช่ข้อความแบบ {name.upper()}") from None


def _thai(data: bytes) -> str:
    """TIS-620, if what is not ASCII is mostly Thai: a damaged UTF-8 file or a picture is not to become nonsense."""
    try:
        text = data.decode("cp874")
    except UnicodeDecodeError:
        raise whole("อ่านไฟล์ไม่ได้: ไม่ใช่ไฟล์ข้อความ หรือบันทึกด้วยรหัสอักษรอื่น กรุณาบันทึกเป็น UTF-8") from None
    foreign = [letter for letter in text if not letter.isascii()]
    if sum(ord(letter) in _THAI for letter in foreign) < 0.95 * len(foreign):
        raise whole("อ่านไฟล์ไม่ได้: รหัสอักษรเสียหรือปนกัน กรุณาบันทึกเป็น UTF-8 แล้วลองใหม่")
    return text
