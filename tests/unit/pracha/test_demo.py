"""Staff for trying out: made once, written where only the owner reads it, and never in a real installation."""

import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from rich.console import Console

from core.database import Base, Database
from core.settings import Settings
from helpdesk import staff
from pracha import demo


def installation(folder: Path, **changes: Any) -> Settings:
    usual: dict[str, Any] = {"host": "127.0.0.1", "public_url": "", "redis_url": SecretStr(""), "database_url": "", "demo": None}
    return Settings(var=folder, api_keys=[SecretStr("a-key")], **(usual | changes))


@pytest.fixture
async def embedded(tmp_path: Path) -> Settings:
    """The embedded defaults, with tables."""
    known = installation(tmp_path)
    made = Database(known.database)
    async with made.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await made.close()
    return known


def told(settings: Settings, logins: list[dict[str, Any]]) -> str:
    console = Console(file=io.StringIO(), width=200)
    demo.show(settings, demo.file(settings), logins, console)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


async def test_the_first_run_makes_one_of_each_role_who_can_log_in(embedded: Settings) -> None:
    logins = await demo.logins(embedded)
    assert [(one["login"], one["roles"]) for one in logins] == [
        ("curator@demo", ["curator"]),
        ("reviewer@demo", ["reviewer"]),
        ("admin@demo", ["administrator"]),
        ("officer@demo", ["officer"]),
        ("supervisor@demo", ["supervisor"]),
        ("auditor@demo", ["auditor"]),
    ]
    opened = Database(embedded.database)
    names = [(await staff.check(opened, one["login"], one["password"])).name for one in logins]  # type: ignore[union-attr]
    await opened.close()
    assert names == ["ผู้ดูแลคำตอบ", "ผู้ตรวจทาน", "ผู้ดูแลระบบ", "เจ้าหน้าที่", "หัวหน้างาน", "ผู้ตรวจสอบ"]
    assert len({one["password"] for one in logins}) == len(logins)


async def test_they_are_written_for_the_owner_only_and_not_printed(embedded: Settings) -> None:
    logins = await demo.logins(embedded)
    path = demo.write(embedded, logins)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    written = json.loads(path.read_text())
    assert written["logins"] == logins
    assert written["console"] == f"{embedded.base_url}/console/"
    shown = told(embedded, logins)
    assert f"{embedded.base_url}/console/" in shown
    assert not any(one["password"] in shown for one in logins)


async def test_the_next_run_keeps_those_that_still_work(embedded: Settings) -> None:
    first = await demo.logins(embedded)
    demo.write(embedded, first)
    opened = Database(embedded.database)
    async with opened.write() as session:
        reviewer = await staff.named(session, "reviewer@demo")
        assert reviewer is not None
        await staff.change_password(session, reviewer.id, "my own password now", actor="cli")
    await opened.close()
    assert await demo.logins(embedded) == [first[0], *first[2:]]


async def test_without_the_file_nobody_is_made_a_second_time(embedded: Settings) -> None:
    await demo.logins(embedded)
    assert await demo.logins(embedded) == []


@pytest.mark.parametrize(
    "broken", ["", "{", "[]", '{"logins": null}', '{"logins": [1]}', '{"logins": [{"login": "admin@demo"}]}']
)
async def test_a_broken_file_does_not_stop_the_start(embedded: Settings, broken: str) -> None:
    await demo.logins(embedded)
    demo.file(embedded).write_text(broken)
    assert await demo.logins(embedded) == []


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        ({}, True),
        ({"host": "localhost"}, True),
        ({"host": "0.0.0.0"}, False),
        ({"public_url": "https://chat.city.example"}, False),
        ({"public_url": "https://127.0.0.1.evil.example"}, False),
        ({"database_url": "postgresql://db/pracha"}, False),
        ({"redis_url": SecretStr("redis://valkey:6379/0")}, False),
        ({"demo": False}, False),
        ({"demo": True, "public_url": "https://demo.city.example"}, True),
    ],
)
def test_a_real_installation_gets_none_unasked(tmp_path: Path, changes: dict[str, Any], may: bool) -> None:
    assert installation(tmp_path, **changes).may_demonstrate is may


async def test_a_real_installation_has_none_made(embedded: Settings) -> None:
    real = embedded.model_copy(update={"public_url": "https://chat.city.example"})
    assert await demo.logins(real) == []
    opened = Database(real.database)
    async with opened.read() as session:
        assert await staff.everybody(session) == []
    await opened.close()


async def test_whoever_opens_a_demo_to_the_world_is_warned(embedded: Settings) -> None:
    demo.write(embedded, await demo.logins(embedded))
    opened = embedded.model_copy(update={"public_url": "https://chat.city.example"})
    assert "can still log in: curator@demo, reviewer@demo, admin@demo" in told(opened, await demo.logins(opened))
    assert "can still log in" not in told(embedded, await demo.logins(embedded))
