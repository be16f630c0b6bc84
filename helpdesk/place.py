"""A place as a citizen gives it: words, a position on the map, or both."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is: ``Place("หน้าตลาดสด ซอยเทศบาล 3")``. Degrees are WGS 84; names of areas are Thai, without จังหวัด or อำเภอ."""

    text: str = ""
    latitude: float | None = None
    longitude: float | None = None
    province: str | None = None
    district: str | None = None
    subdistrict: str | None = None

    @property
    def known(self) -> bool:
        """Whether it says anything at all."""
        return bool(self.text.strip() or self.subdistrict or self.district or self.province or self.position)

    @property
    def position(self) -> tuple[float, float] | None:
        """Latitude and longitude, if both are there."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    def words(self) -> str:
        """The place as a line to read: its text, else the area's names, else that it was pinned on the map."""
        if self.text.strip():
            return self.text.strip()
        areas = (("ตำบล/แขวง", self.subdistrict), ("อำเภอ/เขต", self.district), ("จังหวัด", self.province))
        named = " ".join(f"{kind} {name}" for kind, name in areas if name)
        return named or ("ตามตำแหน่งบนแผนที่" if self.position else "")
