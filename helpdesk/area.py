"""An area of Thailand as it is governed: a province, a district of it, a subdistrict of that, or the whole country."""

from dataclasses import dataclass

BANGKOK = "กรุงเทพมหานคร"
_PREFIXES = (
    ("จังหวัด", "จ."),
    ("อำเภอ", "อ.", "เขต"),
    ("ตำบล", "ต.", "แขวง"),
)


@dataclass(frozen=True, slots=True)
class Area:
    """``Area("นนทบุรี", "ปากเกร็ด", "บางพูด")``; names are Thai, without จังหวัด, อำเภอ, ตำบล. ``Area()`` is the country."""

    province: str | None = None
    district: str | None = None
    subdistrict: str | None = None

    @property
    def depth(self) -> int:
        """How narrow it is: 0 the country, 1 a province, 2 a district, 3 a subdistrict."""
        names = (self.province, self.district, self.subdistrict)
        return max((place for place, name in enumerate(names, 1) if name), default=0)

    def covers(self, other: "Area") -> bool:
        """Whether all of the other lies inside, as far as the names say: an unknown place lies in the country only."""
        mine = (self.province, self.district, self.subdistrict)
        theirs = (other.province, other.district, other.subdistrict)
        return all(name is None or name == place for name, place in zip(mine, theirs, strict=True))

    def words(self) -> str:
        """Its narrowest name as Thais write it: ``ต.บางพูด``, in Bangkok ``แขวงบางรัก``; of the country ``ทั่วประเทศ``."""
        capital = self.province == BANGKOK
        if self.subdistrict:
            return ("แขวง" if capital else "ต.") + self.subdistrict
        if self.district:
            return ("เขต" if capital else "อ.") + self.district
        if self.province:
            return self.province if capital else f"จ.{self.province}"
        return "ทั่วประเทศ"


def read(province: str = "", district: str = "", subdistrict: str = "") -> Area:
    """An area from names as people type them: ``read("จ.นนทบุรี", "อำเภอปากเกร็ด")``; empty names are left out."""
    names = zip((province, district, subdistrict), _PREFIXES, strict=True)
    return Area(*(_bare(name, prefixes) for name, prefixes in names))


def _bare(name: str, prefixes: tuple[str, ...]) -> str | None:
    kept = " ".join(name.split())
    for prefix in prefixes:
        if kept.startswith(prefix) and len(kept) > len(prefix):
            return kept.removeprefix(prefix).strip()
    return kept or None
