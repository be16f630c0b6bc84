"""The help desk's pages at 1,000, 10,000 and 100,000 cases with ten times as many messages: ``make bench-desk``.

SQLite and PostgreSQL (Debian's package, started in a temporary folder where it is installed; durability off) are filled with
cases of two years, their histories, search words and conversations, from words that citizens use. Then every page is asked for
over HTTP from the real application by a supervisor of the city, and lists by an officer of another agency too, one request
after the other, with filters and words that change. Milliseconds are from the request to the last byte, client and server in
one process. The last line is JSON.
"""

import argparse
import asyncio
import contextlib
import json
import random
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from pydantic import SecretStr
from sqlalchemy import Table, insert, text

from conversations.conversation import Conversation
from conversations.message import Message
from conversations.person import ChannelIdentity, Person
from conversations.search import ConversationWord
from core import clock, search_words, valkey
from core.database import Base, Database
from core.settings import Settings
from helpdesk import agency_content, number, staff
from helpdesk.agency import HOME, StaffAgency
from helpdesk.category import all_categories
from helpdesk.record import Case, CaseConversation, CaseEvent, CaseWord
from pracha.tables import import_all
from tests import postgres
from tests.ports import free_port
from tests.postgres import Postgres
from tests.valkey import BundledValkey
from web.app import make_app
from web.console.access import COOKIE
from web.parts import PARTS

SIZES = (1_000, 10_000, 100_000)
OTHER, THEIRS = "agc_highways", 200  # has one case of so many
ASKED = 60  # requests of each page
DAYS = 730
MESSAGES = 10  # of each conversation; every case has one
AT_ONCE = 5_000
TROUBLES = ("ไฟถนนดับ มืดมาก", "ขยะล้นถังส่งกลิ่นเหม็น", "น้ำท่วมขังทางเท้า", "ถนนเป็นหลุมลึก รถล้มบ่อย", "เพลงดังรบกวนทั้งคืน", "ต้นไม้ใหญ่ล้มขวางทาง")
PLACES = ("หน้าตลาดสด", "หลังวัด", "ปากทางโรงเรียน", "ข้างสถานีอนามัย", "สะพานข้ามคลอง", "หน้าที่ว่าการอำเภอ")
AREAS = (("นนทบุรี", "ปากเกร็ด", "บางพูด"), ("นนทบุรี", "ปากเกร็ด", "บ้านใหม่"), ("นนทบุรี", "เมืองนนทบุรี", "สวนใหญ่"))
SOURCES = ("line", "web", "telegram", "messenger", "phone_1567")
STATES = (*("closed",) * 12, *("done",) * 3, "new", "accepted", "in_progress", "waiting_citizen", "rejected")
Rows = Iterable[dict[str, Any]]
Result = dict[str, Any]


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    reader.add_argument("--databases", nargs="*", default=["sqlite", "postgresql"])
    asked = reader.parse_args()
    import_all()
    results = [result for size in asked.sizes for kind in asked.databases for result in asyncio.run(measure(kind, size))]
    show(results)
    print(json.dumps(results))


async def measure(kind: str, size: int) -> list[Result]:
    """The milliseconds of every page in a database of a kind and size."""
    if kind == "postgresql" and not postgres.found():
        print("PostgreSQL is not installed here: left out")
        return []
    with tempfile.TemporaryDirectory(prefix="bench-desk-") as name:
        async with opened(kind, Path(name)) as database:
            begun = time.perf_counter()
            numbers = await fill(database, size)
            print(f"{kind} {size:>7,} cases filled in {time.perf_counter() - begun:.0f} s", flush=True)
            async with pages(database, Path(name)) as (city, other):
                known = addresses(numbers)
                asked = [(city, page, paths) for page, paths in known.items()]
                asked += [(other, f"{page}, other agency", known[page]) for page in ("inbox", "search", "chats")]
                common = {"database": kind, "cases": size}
                return [{**common, "page": page, **await times(http, paths)} for http, page, paths in asked]


@contextlib.asynccontextmanager
async def opened(kind: str, folder: Path) -> AsyncIterator[Database]:
    """An empty database with all tables."""
    server = Postgres() if kind == "postgresql" else None
    if server is not None:
        server.start()
    database = Database(server.url if server is not None else f"sqlite+aiosqlite:///{folder / 'bench.sqlite3'}")
    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        yield database
    finally:
        await database.close()
        if server is not None:
            server.stop()


async def fill(database: Database, size: int) -> list[str]:
    """Write the cases and what belongs to them, many rows at once, and let the database look at its tables; gives the numbers."""
    async with database.write() as session:
        await agency_content.seed(session, Settings(city_th="เทศบาลเมืองธาราใส", city_en="Thara Sai Town Municipality"))
    chance, start = random.Random(1), clock.now() - timedelta(days=DAYS)
    known: dict[str, list[str]] = {}
    numbers: list[str] = []
    for places in batched(range(size), AT_ONCE):
        told = [one(chance, place, start + timedelta(days=DAYS) * place / size) for place in places]
        numbers += [case["number"] for case in told]
        for model, rows in rows_of(told, chance, known):
            await load(database, model.__table__, list(rows))  # type: ignore[arg-type]
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("ANALYZE"))
    return numbers


def one(chance: random.Random, place: int, at: datetime) -> dict[str, Any]:
    """The row of a case, told at this moment."""
    state = chance.choice(STATES) if at < clock.now() - timedelta(days=21) else chance.choice(STATES[14:])
    answered, solved = at + timedelta(hours=chance.expovariate(1 / 6)), at + timedelta(days=chance.expovariate(1 / 4))
    over, trouble = state in ("closed", "done", "rejected"), chance.choice(TROUBLES)
    province, district, subdistrict = chance.choice(AREAS)
    spot = f"{chance.choice(PLACES)} ซอย {chance.randrange(1, 200)}"
    rated = state == "closed" and chance.random() < 0.3
    due = at + timedelta(days=5)
    return {
        "id": f"cas_{place:026d}",
        "number": number.make(clock.buddhist_year(at), place + 1),
        "key": f"k{place}",
        "person_id": f"per_{place:026d}",
        "category": chance.choice(all_categories()).id,
        "title": f"{trouble} {spot}"[:60],
        "description": f"{trouble} บริเวณ{spot} มาหลายวันแล้วค่ะ",
        "place_text": spot,
        "place_key": spot,
        "province": province,
        "district": district,
        "subdistrict": subdistrict,
        "latitude": 13.7 + chance.random() / 5,
        "longitude": 100.4 + chance.random() / 5,
        "state": state,
        "unit": "กองช่าง",
        "agency_id": OTHER if place % THEIRS == 0 else HOME,
        "routed_because": "",
        "hops": 0,
        "first_due_at": at + timedelta(days=1),
        "first_answered_at": None if state == "new" else answered,
        "solve_due_at": due,
        "due_at": None if over else due,
        "escalate_at": None if over else due,
        "paused_for": 0,
        "late_told": [],
        "priority": chance.choice(("normal", "normal", "normal", "high", "urgent")),
        "confidential": False,
        "version": 3,
        "last_sequence": 3,
        "opened_at": at,
        "state_at": min(solved, clock.now()),
        "changed_at": min(solved, clock.now()),
        "source": chance.choice(SOURCES),
        "solved_at": min(solved, clock.now()) if state in ("closed", "done") else None,
        "rating": chance.randrange(1, 6) if rated else None,
        "rated_at": min(solved, clock.now()) if rated else None,
        "link_key": "0123456789abcdef",
    }


def rows_of(
    told: Sequence[dict[str, Any]], chance: random.Random, known: dict[str, list[str]]
) -> Iterator[tuple[type[Base], Rows]]:
    """The rows of all tables for some cases, in the order in which they may be written."""
    ids = [case["id"][4:] for case in told]
    yield (
        Person,
        ({"id": f"per_{key}", "language": "th", "created_at": case["opened_at"]} for key, case in zip(ids, told, strict=True)),
    )
    common = [{"channel": "line", "account": "city", "external_id": key, "person_id": f"per_{key}"} for key in ids]
    stamped = [row | {"created_at": case["opened_at"]} for row, case in zip(common, told, strict=True)]
    yield ChannelIdentity, ({**row, "id": f"idn_{row['external_id']}"} for row in stamped)
    yield Conversation, (conversation(chance, row) for row in stamped)
    yield Message, (said(key, place, case) for key, case in zip(ids, told, strict=True) for place in range(1, MESSAGES + 1))
    yield Case, told
    yield CaseConversation, ({"case_id": f"cas_{key}", "conversation_id": f"cnv_{key}"} for key in ids)
    yield CaseEvent, (event(case, place) for case in told for place in (1, 2, 3))
    yield CaseWord, ({"word": word, "case_id": case["id"]} for case in told for word in words(case, known))
    yield ConversationWord, (row for case in told for row in heard(case, known))


def conversation(chance: random.Random, row: dict[str, Any]) -> dict[str, Any]:
    """A citizen's conversation; one in five was with a person, a few wait or are spoken in now."""
    draw, key, at = chance.random(), row["external_id"], row["created_at"]
    owner = "queue" if draw < 0.0002 else "bot"
    return row | {
        "id": f"cnv_{key}",
        "identity_id": f"idn_{key}",
        "owner": owner,
        "owner_version": 0,
        "owner_since": at if draw < 0.2 else None,
        "staff_read": 0,
        "last_sequence": MESSAGES,
        "searched": MESSAGES,
        "last_at": at,
        "heard_at": at,
    }


def said(key: str, place: int, case: dict[str, Any]) -> dict[str, Any]:
    """A message: the citizen's and the assistant's in turn."""
    words = case["description"] if place % 2 else f"รับทราบค่ะ เรื่อง {case['number']} เจ้าหน้าที่กำลังดูแลให้ค่ะ"
    return {
        "id": f"msg_{key}{place:02d}",
        "conversation_id": f"cnv_{key}",
        "sequence": place,
        "author": "citizen" if place % 2 else "bot",
        "content": {"type": "text", "text": words},
        "understood": {"intent": "report_problem", "confidence": 0.9} if place % 2 else None,
        "at": case["opened_at"] + timedelta(seconds=place),
    }


def event(case: dict[str, Any], place: int) -> dict[str, Any]:
    """A line of a case's history."""
    kind, state = (("opened", "new"), ("state", "accepted"), ("state", case["state"]))[place - 1]
    return {
        "id": f"cev_{case['id'][4:]}{place}",
        "case_id": case["id"],
        "sequence": place,
        "key": f"{kind}:{place}",
        "kind": kind,
        "state": state,
        "text": "",
        "public": True,
        "actor": "staff:1" if place > 1 else f"citizen:{case['person_id']}",
        "detail": {},
        "at": case["opened_at"] + timedelta(hours=place),
    }


def words(case: dict[str, Any], known: dict[str, list[str]]) -> set[str]:
    """The words a case is found by, as `helpdesk.search.add_case` writes them; a text that was cut before is not cut again."""
    texts = (case["description"], case["place_text"], case["subdistrict"], case["district"], case["province"])
    running = case["number"].split("-")[1]
    found = {case["number"].lower(), running, running.lstrip("0")}
    for told in texts:
        if told not in known:
            known[told] = search_words.words(told)
        found.update(known[told])
    return found


def heard(case: dict[str, Any], known: dict[str, list[str]]) -> Iterator[dict[str, Any]]:
    """The words a conversation is found by, as `conversations.search.gather` writes them."""
    for word in known[case["description"]]:
        yield {"word": word, "conversation_id": f"cnv_{case['id'][4:]}", "sequence": MESSAGES - 1}


async def load(database: Database, table: Table, rows: list[dict[str, Any]]) -> None:
    """Write rows by the quickest way a database has."""
    if database.sqlite:
        async with database.engine.begin() as connection:
            await connection.execute(insert(table), rows)
        return
    names = list(rows[0])
    records = [tuple(json.dumps(value) if isinstance(value, dict | list) else value for value in row.values()) for row in rows]
    async with database.engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        await raw.copy_records_to_table(table.name, records=records, columns=names)  # type: ignore[union-attr]


@contextlib.asynccontextmanager
async def pages(database: Database, folder: Path) -> AsyncIterator[tuple[ClientSession, ClientSession]]:
    """The running application: the browsers of the city's supervisor and of an officer of another agency."""
    bundled = BundledValkey(folder)
    await bundled.start()
    settings = Settings(host="127.0.0.1", port=free_port(), var=folder, redis_url=SecretStr(bundled.url), dense=False)
    client = valkey.connect(bundled.url)
    server = TestServer(make_app(settings, database, client), host="127.0.0.1", port=settings.port)
    await server.start_server(access_log=None)
    async with contextlib.AsyncExitStack() as open_still:
        browsers = []
        for role, agency in (("supervisor", HOME), ("officer", OTHER)):
            async with database.write() as session:
                member = await staff.add(session, f"{role}@bench", role, [role], "a long enough password", actor="cli")
                session.add(StaffAgency(staff_id=member.id, agency_id=agency, unit_id=None))
            token, _ = await server.app[PARTS].sessions.begin(member)
            http = ClientSession(f"http://127.0.0.1:{settings.port}", headers={"Cookie": f"{COOKIE}={token}"})
            browsers.append(await open_still.enter_async_context(http))
        yield browsers[0], browsers[1]
    await server.close()
    await client.aclose()
    bundled.kill()


def addresses(numbers: Sequence[str]) -> dict[str, list[str]]:
    """What is asked for of each page."""
    chance = random.Random(2)
    kinds, own = [kind.id for kind in all_categories()], [number for place, number in enumerate(numbers) if place % THEIRS]
    filters = [
        "",
        "?state=all",
        "?late=1",
        "?order=due",
        "?order=changed&state=all",
        "?source=line",
        "?assignee=none",
        "?priority=urgent",
    ]
    filters += [f"?category={kind}" for kind in kinds[:8]]
    asked = ["ไฟถนนดับ", "ขยะ ตลาดสด", "หลุม ซอย 17", "น้ำท่วม บางพูด", "ต้นไม้ สวนใหญ่ โรงเรียน", "สะพาน"]
    return {
        "inbox": [f"/console/cases{chance.choice(filters)}" for _ in range(ASKED)],
        "search": [f"/console/cases?state={chance.choice(('open', 'all'))}&text={chance.choice(asked)}" for _ in range(ASKED)],
        "search, no hit": [f"/console/cases?state=all&text=จระเข้{place}" for place in range(ASKED // 3)],
        "search over all": [f"/console/search?q={chance.choice(asked)}" for _ in range(ASKED)],
        "search over all, no hit": [f"/console/search?q=จระเข้{place}" for place in range(ASKED // 3)],
        "case": [f"/console/cases/{chance.choice(own)}" for _ in range(ASKED)],
        "chats": [f"/console/chats?show={chance.choice(('waiting', 'all', 'bot'))}" for _ in range(ASKED)],
        "chat": [f"/console/chats/cnv_{chance.randrange(len(numbers)):026d}" for _ in range(ASKED)],
        "dashboard 30 days": ["/console/dashboard"] * (ASKED // 2),
        "dashboard 1 year": ["/console/dashboard?days=365"] * (ASKED // 2),
    }


async def times(http: ClientSession, addresses: Sequence[str]) -> Result:
    """The p50 and p95 of these requests in milliseconds, after three to warm up."""
    took = []
    for place, address in enumerate([*addresses[:3], *addresses]):
        begun = time.perf_counter()
        async with http.get(address) as answer:
            body = await answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{address}: {answer.status} {body[-300:].decode(errors='replace')}")
        if place >= 3:
            took.append((time.perf_counter() - begun) * 1000)
    took.sort()
    return {"p50": round(took[len(took) // 2], 1), "p95": round(took[int(len(took) * 0.95)], 1)}


def show(results: Sequence[Result]) -> None:
    """The figures side by side: a row for each page, p50 and p95 for each database and size."""
    columns = list(dict.fromkeys((row["database"], row["cases"]) for row in results))
    print(f"\n{'p50 / p95 in ms':<26}" + "".join(f"{f'{kind[:8]} {size:,}':>20}" for kind, size in columns))
    for page in dict.fromkeys(row["page"] for row in results):
        by = {(row["database"], row["cases"]): row for row in results if row["page"] == page}
        cells = (f"{by[column]['p50']} / {by[column]['p95']}" for column in columns)
        print(f"{page:<26}" + "".join(f"{cell:>20}" for cell in cells))


if __name__ == "__main__":
    main()
