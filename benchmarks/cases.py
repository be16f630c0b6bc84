"""How the case list grows: the filters, the search and the page of a case at 1,000, 10,000 and 100,000 cases.

Both databases are measured in one run, each filled with made-up Thai cases; PostgreSQL is Debian's package, started here and
left out where it is not installed. Every address is asked of the running web application over HTTP by a logged-in officer, in
turn, so that all see the same machine. The last line is JSON: ``worst_p95_ms`` by database and number of cases, and
``growth``, the p95 at the largest number by that at the smallest.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, CookieJar
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, text

from conversations.person import Person
from core import clock, ids
from core.database import Base, Database
from helpdesk import duplicates, search, staff
from helpdesk import number as numbers
from helpdesk.category import all_categories
from helpdesk.place import Place
from helpdesk.record import Case, CaseEvent, CaseLabel, CaseWord
from helpdesk.state import State
from pracha.tables import import_all
from tests.postgres import Postgres, found
from tests.unit.web.town import Town
from tests.valkey import BundledValkey
from web.console.access import COOKIE
from web.parts import PARTS

NUMBERS = (1_000, 10_000, 100_000)
THINGS = ["ไฟถนน", "ถนน", "ทางเท้า", "ท่อระบายน้ำ", "ขยะ", "ต้นไม้", "สุนัขจรจัด", "น้ำประปา", "สายไฟ", "คลอง", "ตลาดสด", "ฝาท่อ"]
WRONGS = ["ดับมาสามวันแล้ว", "เป็นหลุมใหญ่", "ชำรุดเดินไม่ได้", "ส่งกลิ่นเหม็นมาก", "ล้มขวางทาง", "เสียงดังทั้งคืน", "ไม่มีคนดูแล", "รั่วตลอดเวลา"]
PLACES = ["วัดกลาง", "โรงเรียนบ้านสวน", "ตลาดเก่า", "สะพานลอย", "หมู่บ้านสุขใจ", "ซอยเทศบาล", "ถนนริมน้ำ", "ศาลากลาง"]
ADDRESSES = {
    "list": "/console/cases",
    "all": "/console/cases?state=all",
    "far page": "/console/cases?state=all&order=old",
    "mine": "/console/cases?assignee=me",
    "unassigned": "/console/cases?assignee=none&category=garbage",
    "changed": "/console/cases?order=changed&state=in_progress",
    "label": "/console/cases?label=หน้าฝน&state=all",
    "common word": "/console/cases?text=ถนน&state=all",
    "two words": "/console/cases?text=ขยะ สะพานลอย&state=all",
    "rare word": "/console/cases?text=อุโมงค์ลับ&state=all",
    "nothing": "/console/cases?text=ยานอวกาศ&state=all",
    "one number": "/console/cases?text=P{year}-000500-{check}&state=all",
    "case page": "/console/cases/P{year}-000500-{check}",
}


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--times", type=int, default=20, help="how often each address is asked")
    reader.add_argument("--most", type=int, default=NUMBERS[-1], help="the largest number of cases")
    asked = reader.parse_args()
    import_all()
    print(json.dumps(asyncio.run(run([number for number in NUMBERS if number <= asked.most], asked.times))))


async def run(sizes: list[int], times: int) -> dict[str, Any]:
    results: dict[str, dict[int, dict[str, float]]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-cases-") as folder:
        results["sqlite"] = await grown(f"sqlite+aiosqlite:///{folder}/cases.sqlite3", Path(folder), sizes, times)
        if found():
            server = Postgres()
            server.start()
            try:
                results["postgresql"] = await grown(server.url, Path(folder), sizes, times)
            finally:
                server.stop()
    show(results)
    worst = {name: {number: max(p95.values()) for number, p95 in sized.items()} for name, sized in results.items()}
    growth = {name: round(sized[sizes[-1]] / sized[sizes[0]], 2) for name, sized in worst.items()}
    return {"worst_p95_ms": worst, "growth": growth}


async def grown(url: str, folder: Path, sizes: list[int], times: int) -> dict[int, dict[str, float]]:
    database, valkey = Database(url), BundledValkey(folder)
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await valkey.start()
    town = Town(database, valkey, folder)
    await town.start()
    assert town.server is not None
    async with database.write() as session:
        officer = await staff.add(session, "officer@demo", "เจ้าหน้าที่", ["officer"], "correct horse battery", actor="cli")
    token, _ = await town.server.app[PARTS].sessions.begin(officer)
    measured, held = {}, 0
    async with ClientSession(town.url, cookies={COOKIE: token}, cookie_jar=CookieJar(unsafe=True)) as http:
        for size in sizes:
            print(f"[{url.partition('+')[0]}] {size:,} cases", file=sys.stderr)
            await fill(database, held, size, officer.id)
            held = size
            measured[size] = await measure(lambda path: _get(http, path), times)
    await town.stop()
    valkey.kill()
    await database.close()
    return measured


async def fill(database: Database, held: int, size: int, officer: str) -> None:
    """Make cases up to this number, the newest last; every 500th tells of something rare."""
    chance, year = random.Random(held), clock.buddhist_year(clock.now())
    async with database.write() as session:
        if not held:
            await session.execute(insert(Person).values(id="per_1"))
        for start in range(held + 1, size + 1, 2_000):
            made = [case(chance, year, number, size, officer) for number in range(start, min(start + 2_000, size + 1))]
            await session.execute(insert(Case), made)
            await session.execute(insert(CaseEvent), [event(row) for row in made])
            words = [{"case_id": row["id"], "word": word} for row in made for word in words_of(row)]
            await session.execute(insert(CaseWord), words)
            labels = [{"case_id": row["id"], "label": "หน้าฝน"} for row in made if chance.random() < 0.05]
            if labels:
                await session.execute(insert(CaseLabel), labels)
    async with database.engine.connect() as connection:
        await connection.execute(text("ANALYZE"))
        await connection.commit()


def case(chance: random.Random, year: int, number: int, size: int, officer: str) -> dict[str, Any]:
    kind = chance.choice(all_categories())
    words = f"{chance.choice(THINGS)}{chance.choice(WRONGS)} ใกล้{chance.choice(PLACES)} {chance.choice(WRONGS)}"
    words += " อุโมงค์ลับ" if number % 500 == 0 else ""
    place = Place(f"{chance.choice(PLACES)} {chance.randint(1, 99)}", 13 + chance.random(), 100 + chance.random())
    opened = clock.now() - timedelta(minutes=(NUMBERS[-1] - number) * 5)
    state = chance.choices(list(State), [5, 5, 10, 3, 2, 15, 50, 8, 2])[0].value
    same = {name: None for name in ("province", "district", "subdistrict", "happened_at", "contact", "consent_at")}
    return same | {
        "id": f"cas_{number:026d}", "number": numbers.make(year, number), "key": f"k{number}", "person_id": "per_1",
        "category": kind.id, "title": words[:50], "description": words, "place_text": place.text,
        "place_key": duplicates.place_key(place), "latitude": place.latitude, "longitude": place.longitude, "state": state,
        "unit": kind.unit, "confidential": kind.confidential, "last_sequence": 1, "opened_at": opened, "state_at": opened,
        "changed_at": opened, "source": chance.choice(["line", "web", "telegram"]),
        "assignee": officer if chance.random() < 0.02 else None,
    }  # fmt: skip


def event(row: dict[str, Any]) -> dict[str, Any]:
    same = {"sequence": 1, "key": "opened", "kind": "opened", "state": "new", "text": "", "public": True, "detail": {}}
    return same | {"id": ids.new_id("cev"), "case_id": row["id"], "actor": "citizen:per_1", "at": row["opened_at"]}


def words_of(row: dict[str, Any]) -> set[str]:
    told = {word for part in f"{row['description']} {row['place_text']}".split() for word in words(part)}
    return {row["number"].lower(), row["number"].split("-")[1].lstrip("0"), *told}


words = cache(lambda part: tuple(search.words(part)))  # the texts are made of few pieces, and cutting takes longest


async def measure(get: Callable[[str], Awaitable[None]], times: int) -> dict[str, float]:
    """The p95 of each address in milliseconds, asked in turn."""
    made = numbers.make(clock.buddhist_year(clock.now()), 500)
    addresses = {name: path.format(year=made[1:3], check=made[-1]) for name, path in ADDRESSES.items()}
    taken: dict[str, list[float]] = {name: [] for name in addresses}
    for number in range(times + 2):
        for name, path in addresses.items():
            start = time.perf_counter()
            await get(path)
            if number >= 2:
                taken[name].append((time.perf_counter() - start) * 1000)
    return {name: round(sorted(values)[int(len(values) * 0.95)], 1) for name, values in taken.items()}


async def _get(http: ClientSession, path: str) -> None:
    async with http.get(path, allow_redirects=False) as answer:
        await answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")


def show(results: dict[str, dict[int, dict[str, float]]]) -> None:
    table = Table("p95 in ms", *(f"{name} {number:,}" for name, sized in results.items() for number in sized))
    for address in ADDRESSES:
        table.add_row(address, *(str(p95[address]) for sized in results.values() for p95 in sized.values()))
    Console(stderr=True, width=160).print(table)


if __name__ == "__main__":
    main()
