"""The rich menu: six fields that citizens press below the chat, and their picture."""

import hashlib
import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from core.settings import ROOT

WIDTH, HEIGHT = 2500, 1686
PREFIX = "pracha-"  # menus of ours; others' are left alone
BAR = "เมนูบริการ"  # 14 characters at most
_COLUMNS, _ROWS = 3, 2
_FONTS = ROOT / "node_modules" / "@fontsource-variable" / "noto-sans-thai-looped" / "files"
_THAI, _LATIN = "noto-sans-thai-looped-thai-wght-normal.woff2", "noto-sans-thai-looped-latin-wght-normal.woff2"
_WATER, _DEEP, _SHALLOW, _GOLD, _INK, _QUIET, _WHITE = "#0b5468", "#083f4f", "#e7f1f2", "#f2c14e", "#14292f", "#4b6067", "#ffffff"

Pen = Callable[[ImageDraw.ImageDraw, float, float, float], None]  # draws round (x, y) within a radius
Fonts = dict[bool, ImageFont.FreeTypeFont]


@dataclass(frozen=True)
class Field:
    """One field: what it says, large and small, what it does, and its sign."""

    title: str
    below: str
    action: dict[str, Any]
    sign: Pen


class FontMissing(Exception):
    """The font's npm package is not installed."""


def request() -> dict[str, Any]:
    """The menu as LINE is asked to make it. Its name tells what it holds, so that an unchanged one is known again."""
    made: dict[str, Any] = {
        "size": {"width": WIDTH, "height": HEIGHT},
        "selected": True,
        "chatBarText": BAR,
        "areas": [{"bounds": bounds(number), "action": one.action} for number, one in enumerate(FIELDS)],
    }
    return {**made, "name": PREFIX + hashlib.sha256(repr((made, _VERSION)).encode()).hexdigest()[:12]}


def bounds(number: int) -> dict[str, int]:
    """Where a field lies, in pixels; together they cover the picture."""
    column, row = number % _COLUMNS, number // _COLUMNS
    left, right = WIDTH * column // _COLUMNS, WIDTH * (column + 1) // _COLUMNS
    top, bottom = HEIGHT * row // _ROWS, HEIGHT * (row + 1) // _ROWS
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def picture() -> bytes:
    """The menu's picture, a PNG below LINE's megabyte.

    Raises:
        FontMissing: until `npm ci` has been run.
    """
    image = Image.new("RGB", (WIDTH, HEIGHT), _SHALLOW)
    pen = ImageDraw.Draw(image)
    large = {True: _font(_LATIN, 104, 600), False: _font(_THAI, 104, 600)}  # by whether the words are ASCII
    small = {True: _font(_LATIN, 56, 500), False: _font(_THAI, 56, 500)}
    for number, one in enumerate(FIELDS):
        _draw(image, pen, one, bounds(number), large, small)
    written = io.BytesIO()
    image.quantize(128).save(written, "PNG", optimize=True)
    return written.getvalue()


def _draw(image: Image.Image, pen: ImageDraw.ImageDraw, one: Field, place: dict[str, int], large: Fonts, small: Fonts) -> None:
    gap = 22
    left, top = place["x"] + gap, place["y"] + gap
    right, bottom = place["x"] + place["width"] - gap, place["y"] + place["height"] - gap
    pen.rounded_rectangle((left, top, right, bottom), 56, fill=_WHITE, outline="#cfdadb", width=3)
    middle = (left + right) / 2
    image.paste(_badge(one.sign), (round(middle) - 170, top + 90))
    pen.text((middle, top + 580), one.title, font=large[one.title.isascii()], fill=_INK, anchor="ms")
    pen.text((middle, top + 690), one.below, font=small[one.below.isascii()], fill=_QUIET, anchor="ms")


def _badge(sign: Pen) -> Image.Image:
    """A sign on its round ground, drawn four times as large so that its edges come out smooth."""
    big = Image.new("RGB", (1360, 1360), _WHITE)
    pen = ImageDraw.Draw(big)
    pen.ellipse((0, 0, 1359, 1359), fill=_WATER)
    sign(pen, 680, 680, 400)
    return big.resize((340, 340), Image.Resampling.LANCZOS)


def _font(name: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    path = _FONTS / name
    if not path.is_file():
        raise FontMissing(name)
    font = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.RAQM)
    font.set_variation_by_axes([weight])
    return font


def _warning(pen: ImageDraw.ImageDraw, x: float, y: float, r: float) -> None:
    corners = [(x, y - r), (x + r * 1.02, y + r * 0.78), (x - r * 1.02, y + r * 0.78)]
    pen.polygon(corners, fill=_GOLD)
    pen.line([*corners, corners[0], corners[1]], fill=_GOLD, width=80, joint="curve")
    pen.rounded_rectangle((x - 42, y - 190, x + 42, y + 110), 42, fill=_DEEP)
    pen.ellipse((x - 48, y + 170, x + 48, y + 266), fill=_DEEP)


def _glass(pen: ImageDraw.ImageDraw, x: float, y: float, r: float) -> None:
    pen.line((x + r * 0.25, y + r * 0.25, x + r * 0.85, y + r * 0.85), fill=_GOLD, width=130)
    pen.ellipse((x + r * 0.85 - 65, y + r * 0.85 - 65, x + r * 0.85 + 65, y + r * 0.85 + 65), fill=_GOLD)
    pen.ellipse((x - r * 0.95, y - r * 0.95, x + r * 0.45, y + r * 0.45), fill=_WATER, outline=_WHITE, width=90)


def _bubble(pen: ImageDraw.ImageDraw, x: float, y: float, r: float) -> None:
    pen.rounded_rectangle((x - r, y - r * 0.9, x + r, y + r * 0.5), 150, fill=_WHITE)
    pen.polygon([(x - r * 0.55, y + r * 0.4), (x - r * 0.05, y + r * 0.4), (x - r * 0.6, y + r)], fill=_WHITE)


def _question(pen: ImageDraw.ImageDraw, x: float, y: float, r: float) -> None:
    _bubble(pen, x, y, r)
    pen.text((x, y - r * 0.2), "?", font=_font(_LATIN, 520, 800), fill=_WATER, anchor="mm")


def _letters(pen: ImageDraw.ImageDraw, x: float, y: float, r: float) -> None:
    _bubble(pen, x, y, r)
    pen.text((x, y - r * 0.2), "EN", font=_font(_LATIN, 380, 800), fill=_WATER, anchor="mm")


def _clock(pen: ImageDraw.ImageDraw, x: float, y: float, r: float) -> None:
    pen.ellipse((x - r, y - r, x + r, y + r), fill=_WHITE)
    for hour in range(12):
        angle = math.tau * hour / 12
        far, size = r * 0.82, 30 if hour % 3 == 0 else 16
        dot = (x + far * math.sin(angle), y - far * math.cos(angle))
        pen.ellipse((dot[0] - size, dot[1] - size, dot[0] + size, dot[1] + size), fill=_WATER)
    pen.line((x, y, x, y - r * 0.58), fill=_DEEP, width=56)
    pen.line((x, y, x + r * 0.42, y + r * 0.2), fill=_GOLD, width=56)
    pen.ellipse((x - 50, y - 50, x + 50, y + 50), fill=_DEEP)


def _person(pen: ImageDraw.ImageDraw, x: float, y: float, r: float) -> None:
    pen.pieslice((x - r * 0.95, y + r * 0.12, x + r * 0.95, y + r * 1.9), 180, 360, fill=_WHITE)
    pen.ellipse((x - r * 0.5, y - r * 0.95, x + r * 0.5, y + r * 0.05), fill=_WHITE)
    pen.arc((x - r * 0.68, y - r * 1.12, x + r * 0.68, y + r * 0.24), 180, 360, fill=_GOLD, width=60)
    for side in (-1, 1):
        ear = x + side * r * 0.6
        pen.rounded_rectangle((ear - 62, y - r * 0.62, ear + 62, y - r * 0.18), 50, fill=_GOLD)


def _pressed(payload: str, words: str) -> dict[str, Any]:
    return {"type": "postback", "label": words, "data": payload, "displayText": words}


FIELDS = (
    Field("แจ้งปัญหา", "Report a problem", _pressed("/report_problem", "แจ้งปัญหา"), _warning),
    Field("ติดตามเรื่อง", "Follow a case", _pressed("/check_case_status", "ติดตามเรื่อง"), _glass),
    Field("ถามเรื่องบริการ", "Ask about services", _pressed("/ask_service", "ถามเรื่องบริการ"), _question),
    Field("เวลาทำการ", "Opening hours", _pressed("/ask_office_info", "เวลาทำการ"), _clock),
    Field("คุยกับเจ้าหน้าที่", "Talk to staff", _pressed("/talk_to_human", "คุยกับเจ้าหน้าที่"), _person),
    # A payload with values counts only where we offered it, so this field speaks: the engine knows the words.
    Field("English", "เปลี่ยนภาษา", {"type": "message", "label": "English", "text": "English please"}, _letters),
)
_VERSION = 1  # raise it when the drawing changes and menus in use are to be replaced
