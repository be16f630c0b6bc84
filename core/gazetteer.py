"""The list of Thailand's provinces, districts and subdistricts that the dialogue engine reads.

geothai needs Python 3.11, the engine runs on 3.10: set-up exports the names once into `var/gazetteer.json`.
"""

import json
import os
from pathlib import Path
from typing import Any

FORMAT = 1


def export(path: Path | str) -> bool:
    """Write the gazetteer, unless the file there is already the one of this geothai.

    The file is {"format", "source", "provinces": [name], "districts": [[name, province index]],
    "subdistricts": [[name, district index]]}, names in Thai and in the order of their official codes.

    Args:
        path: Where to write, usually `var/gazetteer.json`.

    Returns:
        True if the file was written, False if it was up to date.
    """
    from geothai import DATA_VERSION

    target = Path(path)
    source = f"geothai {DATA_VERSION}"
    if _source_of(target) == source:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    content = {"format": FORMAT, "source": source, **_areas()}
    fresh.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    os.replace(fresh, target)
    return True


def _areas() -> dict[str, Any]:
    import geothai

    provinces = geothai.provinces()
    districts = [(index, area) for index, p in enumerate(provinces) for area in geothai.districts(p.code)]
    subdistricts = [(index, area) for index, (_, d) in enumerate(districts) for area in geothai.subdistricts(d.code)]
    return {
        "provinces": [province.name_th for province in provinces],
        "districts": [[area.name_th, index] for index, area in districts],
        "subdistricts": [[area.name_th, index] for index, area in subdistricts],
    }


def _source_of(path: Path) -> str | None:
    """Read which geothai a file came from; None if there is no usable file."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content.get("source") if content.get("format") == FORMAT else None


if __name__ == "__main__":
    import sys

    export(sys.argv[1] if len(sys.argv) > 1 else "var/gazetteer.json")
