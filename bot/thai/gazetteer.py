"""The names of Thailand's provinces, districts and subdistricts."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

GAZETTEER_FILE = Path(__file__).resolve().parents[2] / "var" / "gazetteer.json"

_OTHER_NAMES = {
    "กทม": "กรุงเทพมหานคร", "กทม.": "กรุงเทพมหานคร", "กรุงเทพ": "กรุงเทพมหานคร", "กรุงเทพฯ": "กรุงเทพมหานคร",
    "บางกอก": "กรุงเทพมหานคร", "โคราช": "นครราชสีมา", "แปดริ้ว": "ฉะเชิงเทรา", "อยุธยา": "พระนครศรีอยุธยา",
    "เมืองคอน": "นครศรีธรรมราช", "เมืองกาญ": "กาญจนบุรี", "อุบล": "อุบลราชธานี", "อุดร": "อุดรธานี", "สุราษฎร์": "สุราษฎร์ธานี",
    "สุราษ": "สุราษฎร์ธานี", "ประจวบ": "ประจวบคีรีขันธ์", "โคราด": "นครราชสีมา",
}  # fmt: skip


class Area(NamedTuple):
    """What a name stands for; a part that the name leaves open is None."""

    province: str | None
    district: str | None = None
    subdistrict: str | None = None


class Gazetteer:
    """Looks names up: "ลาดยาว" is a subdistrict of จตุจักร and another of a district called ลาดยาว."""

    def __init__(self, content: dict[str, Any]) -> None:
        """Take the content of the exported file."""
        self.content = content
        self.provinces = set(content["provinces"])
        self._districts: dict[str, list[Area]] = defaultdict(list)
        self._subdistricts: dict[str, list[Area]] = defaultdict(list)
        areas = [Area(content["provinces"][place], _bare(name)) for name, place in content["districts"]]
        for area in areas:
            self._districts[area.district or ""].append(area)
        for name, place in content["subdistricts"]:
            self._subdistricts[name].append(areas[place]._replace(subdistrict=name))

    @classmethod
    def read(cls, path: Path = GAZETTEER_FILE) -> Gazetteer:
        """Read an exported file; a missing one gives a gazetteer without names."""
        if not path.is_file():
            return cls({"provinces": [], "districts": [], "subdistricts": []})
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def write(self, path: Path) -> None:
        """Write what was read, for the model archive."""
        path.write_text(json.dumps(self.content, ensure_ascii=False), encoding="utf-8")

    def province(self, name: str) -> str | None:
        """Return the province of a name or nickname: "โคราช" is นครราชสีมา."""
        official = _OTHER_NAMES.get(name, name)
        return official if official in self.provinces else None

    def districts(self, name: str) -> list[Area]:
        """Return the districts of a name, without the word อำเภอ or เขต; "เมือง" alone is none of them."""
        return self._districts.get(name, [])

    def subdistricts(self, name: str) -> list[Area]:
        """Return the subdistricts of a name, without the word ตำบล or แขวง."""
        return self._subdistricts.get(name, [])

    def names(self) -> set[str]:
        """Return all names, for the patterns and for cutting words."""
        return {*self.provinces, *_OTHER_NAMES, *self._districts, *self._subdistricts}

    def level(self, name: str) -> str | None:
        """Return the highest level that has a name: province, district or subdistrict."""
        if self.province(name):
            return "province"
        if name in self._districts:
            return "district"
        return "subdistrict" if name in self._subdistricts else None


def _bare(district: str) -> str:
    return district[3:] if district.startswith("เขต") else district
