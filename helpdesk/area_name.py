"""The names of Thailand's provinces, districts and subdistricts: whether an area that somebody typed exists."""

from collections.abc import Sequence
from functools import cache

from helpdesk import area as areas
from helpdesk.area import Area
from helpdesk.error import CaseError

_KINDS = ("จังหวัด", "อำเภอหรือเขต", "ตำบลหรือแขวง")


class UnknownArea(CaseError):
    """There is no such place, or the wider one it lies in is missing."""


def check(area: Area) -> None:
    """Let an area pass that exists.

    Raises:
        UnknownArea: "ไม่พบตำบลหรือแขวง “บางพู” ใน อ.ปากเกร็ด" and the like.
    """
    names = (area.province, area.district, area.subdistrict)
    for level, name in enumerate(names):
        if name is None:
            if any(names[level:]):
                raise UnknownArea(f"กรุณาใส่{_KINDS[level]}ด้วยค่ะ")
            return
        wider = Area(*names[:level])
        if name not in inside(wider):
            raise UnknownArea(f"ไม่พบ{_KINDS[level]} “{name}”{f' ใน {wider.words()}' if level else ''} ค่ะ")


def provinces() -> Sequence[str]:
    """All provinces, in the order of their codes."""
    return inside(Area())


@cache
def inside(area: Area) -> Sequence[str]:
    """The names of what lies directly inside an area: the districts of a province; nothing where the area does not exist."""
    import geothai

    codes = [(province.code, province.name_th) for province in geothai.provinces()]
    for name, below in ((area.province, geothai.districts), (area.district, geothai.subdistricts)):
        if name is None:
            break
        codes = [(one.code, _bare(one.name_th)) for code, known in codes if known == name for one in below(code)]
    return tuple(name for _, name in codes)


def _bare(name: str) -> str:
    """A district's name without its title: the list has ``เขตบางรัก`` but ``ปากเกร็ด``."""
    return areas.read(district=name).district or name
