"""Which province, district and subdistrict a phrase names."""

from __future__ import annotations

import re

from bot.thai.gazetteer import Area, Gazetteer

_SIGNED = {
    "subdistrict": re.compile(r"(?:ตำบล|แขวง|(?<![ก-๎])ต\.)\s*(?P<name>[ก-๎]+)"),
    "district": re.compile(r"(?:อำเภอ|เขต|(?<![ก-๎])อ\.)\s*(?P<name>[ก-๎]+)"),
    "province": re.compile(r"(?:จังหวัด|(?<![ก-๎])จ\.)\s*(?P<name>[ก-๎.]+)"),
}
_LETTERS = re.compile(r"[ก-๎.]+")
_CAPITAL = "เมือง"  # อ.เมือง is the capital district of its province


def area_of(phrase: str, gazetteer: Gazetteer) -> dict[str, str]:
    """Read the areas out of a clean phrase.

    Args:
        phrase: Such as "หน้าตลาด ต.ในเมือง อ.เมือง จ.ขอนแก่น".
        gazetteer: The known names.

    Returns:
        The keys province, district and subdistrict as far as they are said or follow without doubt:
        {"subdistrict": "ในเมือง", "district": "เมืองขอนแก่น", "province": "ขอนแก่น"}.
    """
    said = {level: _signed(pattern, phrase, gazetteer, level) for level, pattern in _SIGNED.items()}
    said["province"] = said["province"] or _bare_province(phrase, gazetteer)
    if said["district"] == _CAPITAL and said["province"]:
        said["district"] = _CAPITAL + said["province"]
    area = _only(said, gazetteer)
    merged = {level: (getattr(area, level) if area else None) or said[level] for level in said}
    if merged["district"] == _CAPITAL:
        merged["district"] = None
    return {level: name for level, name in merged.items() if name}


def _signed(pattern: re.Pattern[str], phrase: str, gazetteer: Gazetteer, level: str) -> str | None:
    """Return the longest known name after a sign such as ต. or แขวง."""
    for match in pattern.finditer(phrase):
        name = match["name"]
        for end in range(len(name), 1, -1):
            known = _known(name[:end], gazetteer, level)
            if known:
                return known
    return None


def _known(name: str, gazetteer: Gazetteer, level: str) -> str | None:
    if level == "province":
        return gazetteer.province(name)
    if level == "district":
        return name if name == _CAPITAL or gazetteer.districts(name) else None
    return name if gazetteer.subdistricts(name) else None


def _bare_province(phrase: str, gazetteer: Gazetteer) -> str | None:
    """Return a province named without a sign, if it stands alone: "ขอนแก่น" but not "ซอยขอนแก่น 3"."""
    for letters in _LETTERS.findall(phrase):
        province = gazetteer.province(letters) or gazetteer.province(letters.strip("."))
        if province:
            return province
    return None


def _only(said: dict[str, str | None], gazetteer: Gazetteer) -> Area | None:
    """Return the one area that fits what was said, None if several do."""
    if said["subdistrict"]:
        candidates = gazetteer.subdistricts(said["subdistrict"])
    elif said["district"]:
        candidates = gazetteer.districts(said["district"])
    else:
        return None
    for level in ("district", "province"):
        if said[level] and said[level] != _CAPITAL:
            candidates = [area for area in candidates if getattr(area, level) == said[level]]
    return candidates[0] if len(candidates) == 1 else None
