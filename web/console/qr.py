"""QR codes, drawn for pages: nothing is fetched and no style stands in the page, so that its strict policy holds."""

from collections.abc import Sequence
from typing import TypedDict

import qrcode

QUIET_ZONE = 4  # modules around a code, by its standard


class Code(TypedDict):
    """A QR code as an SVG path, and how many modules it is wide with the quiet zone around it."""

    size: int
    path: str


def drawn(text: str, quiet_zone: int = QUIET_ZONE) -> Code:
    """Draw a text: ``{"size": 45, "path": "M4 4h7v1h-7z…"}``, in modules."""
    code = qrcode.QRCode(border=quiet_zone)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    return {"size": len(matrix), "path": "".join(_runs(row, y) for y, row in enumerate(matrix))}


def _runs(row: Sequence[bool], y: int) -> str:
    """One row's dark modules, neighbours joined to one bar."""
    bars, start = [], 0
    for x, dark in enumerate([*row, False]):
        if dark and not (x and row[x - 1]):
            start = x
        elif not dark and x and row[x - 1]:
            bars.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
    return "".join(bars)
