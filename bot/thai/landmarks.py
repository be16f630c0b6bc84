"""Rules for phrases that say where: หน้าปากซอยลาดพร้าว 71, ต.ในเมือง อ.เมือง จ.ขอนแก่น, ตรงข้ามวัดใหม่."""

from __future__ import annotations

from collections.abc import Sequence

from bot.thai.gazetteer import Gazetteer

Word = tuple[str, int, int]  # the clean word, its start and its end in the text as it was typed
Span = tuple[int, int]

AREA_SIGNS = {
    "ตำบล": "subdistrict", "แขวง": "subdistrict", "ต": "subdistrict", "ต.": "subdistrict", "อำเภอ": "district",
    "เขต": "district", "อ": "district", "อ.": "district", "จังหวัด": "province", "จ": "province", "จ.": "province",
}  # fmt: skip
BESIDE = frozenset(
    "หน้า หลัง ข้าง ข้างๆ ตรงข้าม ใกล้ ใกล้ๆ แถว แถวๆ ปาก ท้าย ต้น กลาง ริม เลียบ ใต้ บริเวณ ระหว่าง เชิง หัวมุม มุม ทางเข้า ทางออก"
    " ปากซอย หน้าปากซอย ท้ายซอย กลางซอย ต้นซอย หน้าบ้าน ข้างบ้าน หลังบ้าน ริมถนน ริมคลอง ทางแยก ภายใน ด้านหน้า ด้านหลัง ด้านข้าง"
    " ฝั่ง ฝั่งตรงข้าม ติด เลย ก่อนถึง".split()
)
LANDMARKS = frozenset(
    "ซอย ซ ถนน ถ หมู่ ม หมู่ที่ หมู่บ้าน มบ บ้านเลขที่ เลขที่ กม กิโลเมตร หลักกิโล แยก สามแยก สี่แยก ห้าแยก วงเวียน สะพาน ตลาด วัด มัสยิด โบสถ์"
    " โรงเรียน รร โรงพยาบาล รพ รพสต อนามัย มหาวิทยาลัย วิทยาลัย เทคนิค ราชภัฏ คลอง สวน สวนสาธารณะ ห้าง เซเว่น โลตัส บิ๊กซี แม็คโคร ปั๊ม"
    " ปั๊มน้ำมัน สน สภ สถานี สถานีตำรวจ สถานีรถไฟ bts mrt ท่ารถ บขส ป้ายรถเมล์ คอนโด อาคาร ตึก ศาล ศาลเจ้า อบต เทศบาล ชุมชน สนามกีฬา"
    " สะพานลอย หอพัก แฟลต ทางหลวง มอเตอร์เวย์ เทสโก้ ธนาคาร ไปรษณีย์ ท่าเรือ ท่าน้ำ ด่าน เมือง ปากซอย หน้าปากซอย ท้ายซอย กลางซอย ต้นซอย"
    " ริมถนน ริมคลอง ศูนย์เด็กเล็ก ร้าน โรงงาน รีสอร์ท โรงแรม ที่ว่าการอำเภอ สำนักงานเขต อำเภอ ตำบล".split()
) - {"อำเภอ", "ตำบล"}
STOPS = frozenset(
    "มี ไม่ ดับ พัง ท่วม เสีย แตก ครับ คับ ค่ะ คะ นะ จ้า จ้ะ มา แล้ว เป็น ทำ ขอ ช่วย ฝาก หน่อย ที่ ตั้งแต่ เมื่อ วัน วันนี้ เมื่อวาน เมื่อคืน ตอน ทุก มาก"
    " เลย อยู่ โดน ถูก จน ยัง จะ ได้ ให้ รถ คน หมา แมว สุนัข ขยะ กลิ่น เสียง ฝา ฝาท่อ ท่อ สาย เสา ไฟ น้ำ หลุม พื้น ฝุ่น ควัน ล้ม หัก ขาด รั่ว ตัน ล้น เหม็น"
    " ไหล เต็ม ทั้ง ทั้งซอย ทั้งคืน หลาย บ่อย และ แต่ กับ เพราะ ถ้า แบบ ว่า ไป กัน จอด ขวาง วิ่ง เปิด ปิด ส่ง ชำรุด ทรุด ดำ เน่า สว่าง มืด ไฟดับ น้ำท่วม น้ำขัง"
    " เป็นหลุม จังเลย จัง อะ อ่ะ ครับผม ค่า งับ แจ้ง เรื่อง ตรวจสอบ ซ่อม ด้วย เข้า ออก นี้ นั้น แห่ง ของ ซึ่ง คือ ต้นไม้ กิ่ง กิ่งไม้ ใคร อะไร ไหม มั้ย ไหน".split()
)
_NAME_WORDS = 3  # Thai names are cut into about so many words when no dictionary has them


def find_phrases(text: str, words: Sequence[Word], gazetteer: Gazetteer) -> list[Span]:
    """Find the phrases that name a place, each as long as it goes.

    Args:
        text: The text as it was typed.
        words: Its words with their places, as core.thai cuts them.
        gazetteer: The known names.

    Returns:
        The (start, end) of each phrase in the text as it was typed.
    """
    found: list[Span] = []
    place = 0
    while place < len(words):
        after = _phrase(text, words, place, gazetteer)
        if after:
            found.append((words[place][1], words[after - 1][2]))
            place = after
        else:
            place += 1
    return found


def _phrase(text: str, words: Sequence[Word], place: int, gazetteer: Gazetteer) -> int:
    """Return the end of the phrase that begins at a word, 0 if none does."""
    end = named = 0
    while place < len(words):
        word = words[place][0]
        unit = _unit(words, place, gazetteer)
        if unit:
            place = end = named = unit
        elif word in BESIDE and (not named or _touches(words, place)):
            place += 1
        elif named and word[0].isdigit() and not _counts(words, place):
            place = end = place + 1
        elif named and word in "./,-()":
            place += 1
        else:
            break
    return end


def _unit(words: Sequence[Word], place: int, gazetteer: Gazetteer) -> int:
    """Return the end of one part of a phrase: a sign or landmark with its name, or a name that needs no sign."""
    word = words[place][0]
    if word in AREA_SIGNS or (word in LANDMARKS and not _abbreviation_alone(words, place)):
        start = place + 1
        while start < len(words) and words[start][0] in ".":
            start += 1
        end = _name(words, start, gazetteer)
        return end if end > start or len(word) > 2 and word not in AREA_SIGNS else 0
    end = _known(words, place, gazetteer)
    name = "".join(words[at][0] for at in range(place, end))
    return end if end and gazetteer.level(name) == "province" and len(name) > 3 else 0


def _name(words: Sequence[Word], place: int, gazetteer: Gazetteer) -> int:
    """Return where a name that begins at a word ends: a known one, a number, or the next few words without a gap."""
    known = _known(words, place, gazetteer)
    if known:
        return known
    end = place
    while end < len(words) and end - place < _NAME_WORDS:
        word = words[end][0]
        if word in STOPS or word in BESIDE or word in LANDMARKS or word in AREA_SIGNS or not word[0].isalnum():
            break
        if end > place and not _touches(words, end) and not word[0].isdigit():
            break
        end += 1
    return end


def _known(words: Sequence[Word], place: int, gazetteer: Gazetteer) -> int:
    """Return the end of the longest known name that begins at a word, 0 if there is none."""
    name, longest = "", 0
    for end in range(place, min(place + 5, len(words))):
        if end > place and not _touches(words, end):
            break
        name += words[end][0]
        longest = end + 1 if gazetteer.level(name) else longest
    return longest


def _touches(words: Sequence[Word], place: int) -> bool:
    """Tell whether a word follows the one before it without a gap."""
    return place > 0 and words[place][1] == words[place - 1][2]


def _abbreviation_alone(words: Sequence[Word], place: int) -> bool:
    """Tell whether a letter such as ม is no sign here: a sign is followed by a dot or a number."""
    if len(words[place][0]) > 2:
        return False
    following = words[place + 1][0] if place + 1 < len(words) else ""
    return following != "." and not following[:1].isdigit()


def _counts(words: Sequence[Word], place: int) -> bool:
    """Tell whether a number counts something, as in "3 วัน" or "2 ดวง"."""
    following = words[place + 1][0] if place + 1 < len(words) else ""
    return following in {"วัน", "ดวง", "คน", "คัน", "ตัว", "ครั้ง", "เดือน", "ปี", "อาทิตย์", "โมง", "ทุ่ม", "ชั่วโมง", "นาที", "ต้น", "หลัง"}
