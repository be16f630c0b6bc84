"""The plan of an import: what each row would do, worked out before anything is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import clock
from knowledge_base import faq
from knowledge_base.entry import Entry
from knowledge_base.exchange.problem import Problem
from knowledge_base.exchange.record import Record, changed, tidy
from knowledge_base.faq import Faq, FaqVersion

_AT_ONCE = 500  # ids in one query


@dataclass(frozen=True)
class Change:
    """What one row does. ``seen`` is the FAQ's version at the time of the plan, None for a new one.

    ``fields`` are the columns whose content changes; ``state`` is what the FAQ comes to.
    """

    row: int
    entry: Entry
    kind: Literal["new", "changed", "unchanged"]
    seen: int | None
    fields: tuple[str, ...] = ()
    state: str = "draft"
    active: bool = True

    def store(self) -> dict[str, Any]:
        """The change as JSON, for whoever is to confirm it first."""
        plain = {name: getattr(self, name) for name in ("row", "kind", "seen", "fields", "state", "active")}
        return plain | {"entry": self.entry.body()}

    @classmethod
    def restore(cls, stored: Mapping[str, Any]) -> "Change":
        """The change that `store` wrote."""
        return cls(**{**stored, "entry": Entry.model_validate(stored["entry"]), "fields": tuple(stored["fields"])})


@dataclass(frozen=True)
class Plan:
    """All rows of a file. With a problem nothing is changed; a notice is only to be known."""

    changes: Sequence[Change]
    problems: Sequence[Problem]
    notices: Sequence[Problem]

    def of(self, kind: str) -> list[Change]:
        """The rows of one kind: "new", "changed" or "unchanged"."""
        return [change for change in self.changes if change.kind == kind]


async def make(session: AsyncSession, records: Sequence[Record], *, publish: bool = False) -> Plan:
    """Compare the rows of a file with the database.

    Args:
        session: A session; nothing is written.
        records: The rows, each id once.
        publish: The operator brings texts in in the state their rows give (published where they give none), and may speak
            for the agency; otherwise every text becomes a draft.

    Returns:
        The plan. Its problems are the rows whose FAQ somebody edited after the export.
    """
    planner = _Planner(publish, await _known(session, [record.entry.id for record in records]), await _groups(session))
    for record in records:
        await planner.add(session, record)
    return Plan(planner.changes, planner.problems, planner.notices)


class _Planner:
    def __init__(self, publish: bool, known: Mapping[str, Faq], groups: set[str]) -> None:
        self._publish, self._known, self._groups = publish, known, groups
        self.changes: list[Change] = []
        self.problems: list[Problem] = []
        self.notices: list[Problem] = []

    async def add(self, session: AsyncSession, record: Record) -> None:
        row = self._known.get(record.entry.id)
        self._about_group(record)
        if row is None:
            self._new(record)
            return
        before = tidy(Entry.model_validate(row.body))
        entry = self._allowed(record, before)
        fields = changed(before, entry)
        if fields and record.version is not None and record.version != row.version:
            base = await _base(session, row, record.version)
            if base is not None and not changed(base, record.entry):
                self._tell(record, "version", f"มีผู้แก้ไขหลังส่งออก (รุ่น {row.version}) แถวนี้ไม่ได้แก้ในไฟล์ จึงข้ามไป")
                fields, entry = [], before
            elif base is None or changed(base, before) or row.state == "archived":
                self.problems.append(Problem(record.row, "version", _conflict(row, record.version)))
                return
        self._existing(record, row, entry, fields)

    def _new(self, record: Record) -> None:
        entry = self._allowed(record, None)
        state = (record.state or "published") if self._publish else "draft"
        fields = tuple(changed(_nothing(entry), entry))
        self.changes.append(Change(record.row, entry, "new", None, fields, state, record.active is not False))

    def _existing(self, record: Record, row: Faq, entry: Entry, fields: list[str]) -> None:
        state = "draft"
        if self._publish:
            state = record.state or "published"
            if not fields and row.state == "archived" and record.version not in (None, row.version):
                self._tell(record, "state", "มีผู้เก็บคำตอบนี้เข้าคลังหลังส่งออก จึงข้ามไป")
            elif state != row.state and (fields or state != "draft"):
                fields = [*fields, "state"]
        elif record.state not in (None, row.state) and record.version in (None, row.version):
            self._tell(record, "state", "สถานะเปลี่ยนผ่านไฟล์ไม่ได้ ให้เปลี่ยนในคอนโซล")
        if record.active not in (None, row.on):
            self._tell(record, "active", "เปิดหรือปิดคำตอบผ่านไฟล์ไม่ได้ ให้ทำในคอนโซล")
        kind: Literal["changed", "unchanged"] = "changed" if fields else "unchanged"
        self.changes.append(Change(record.row, entry, kind, row.version, tuple(fields), state, row.on))

    def _allowed(self, record: Record, before: Entry | None) -> Entry:
        """The entry as `faq.save` will keep it: what the agency confirmed is confirmed only while its facts stay."""
        entry = record.entry
        if self._publish or not entry.verified:
            return entry
        if before is not None and before.verified and faq.same_facts(before.body(), entry.body()):
            return entry
        self._tell(record, "verified", "การยืนยันของหน่วยงานนำเข้าผ่านไฟล์ไม่ได้ ให้ยืนยันในคอนโซลหลังเผยแพร่")
        return entry.model_copy(update={"verified": False})

    def _about_group(self, record: Record) -> None:
        if record.entry.group not in self._groups:
            self._groups.add(record.entry.group)
            self._tell(record, "group", f"หมวดใหม่: {record.entry.group}")

    def _tell(self, record: Record, column: str, words: str) -> None:
        self.notices.append(Problem(record.row, column, words))


def _conflict(row: Faq, version: int) -> str:
    if version > row.version:
        return f"ไฟล์บอกรุ่น {version} แต่ในระบบมีถึงรุ่น {row.version} ไฟล์อาจมาจากระบบอื่น หากต้องการใช้ข้อความนี้ ให้ล้างช่อง version"
    moment = clock.thai_datetime(row.changed_at, short=True)
    return f"มีผู้แก้ไขคำตอบนี้แล้วเมื่อ {moment} (รุ่น {row.version}) หลังส่งออกไฟล์ (รุ่น {version}) กรุณาส่งออกใหม่แล้วแก้ในไฟล์นั้น"


def _nothing(entry: Entry) -> Entry:
    """An entry that differs from this one in every part it has, to name the parts."""
    empty = {name: None for name in ("fee", "time", "where", "hours", "link", "reviewed")}
    lists: dict[str, list[str]] = {name: [] for name in ("steps", "documents", "variants")}
    return entry.model_copy(update={**empty, **lists})


async def _base(session: AsyncSession, row: Faq, number: int) -> Entry | None:
    """The text that was exported."""
    query = select(FaqVersion.body).where(FaqVersion.faq_id == row.id, FaqVersion.number == number)
    body = await session.scalar(query)
    return tidy(Entry.model_validate(body)) if body is not None else None


async def _known(session: AsyncSession, ids: Sequence[str]) -> dict[str, Faq]:
    found: dict[str, Faq] = {}
    for start in range(0, len(ids), _AT_ONCE):
        rows = await session.scalars(select(Faq).where(Faq.id.in_(ids[start : start + _AT_ONCE])))
        found |= {row.id: row for row in rows}
    return found


async def _groups(session: AsyncSession) -> set[str]:
    return set(await session.scalars(select(Faq.group).distinct()))
