"""A reporter on the public page of their case: known by the secret of the address, and by nothing else."""

import pytest
from aiohttp import ClientSession

from helpdesk import case as cases
from helpdesk.record import Case
from tests.unit.web.town import Town


async def post(http: ClientSession, town: Town, case: Case, *, status: int, origin: str = "", **form: str) -> str:
    sent = {"k": case.link_key, "key": "f1", **form}
    headers = {"Origin": origin or town.url}
    async with http.post(f"/cases/{case.number}/own", data=sent, headers=headers, allow_redirects=False) as answer:
        text = await answer.text()
        assert answer.status == status, text[-800:]
        return answer.headers.get("Location", text)


async def page(http: ClientSession, address: str) -> str:
    async with http.get(address) as answer:
        return await answer.text()


async def now(town: Town, case: Case) -> Case:
    async with town.database.read() as session:
        return await session.get_one(Case, case.id)


async def test_the_number_alone_opens_no_form(town: Town, http: ClientSession) -> None:
    case = await town.open_case()
    assert "own-title" not in await page(http, f"/cases/{case.number}")
    assert "own-title" not in await page(http, f"/cases/{case.number}?k=wrong&done=add")
    assert "แจ้งข้อมูลเพิ่มถึงเจ้าหน้าที่" in await page(http, f"/cases/{case.number}?k={case.link_key}")
    for secret in ("", "wrong"):
        await post(http, town, case, status=404, k=secret, do="add", text="x")


async def test_words_reach_an_open_case_and_end_the_waiting(town: Town, http: ClientSession) -> None:
    case = await town.move_case(await town.open_case(), "accepted", "waiting_citizen")
    for _ in range(2):
        back = await post(http, town, case, status=303, do="add", text="เสาต้นที่ 12")
    assert back == f"/cases/{case.number}?k={case.link_key}&done=add"
    assert "เจ้าหน้าที่จะเห็นข้อมูลนี้" in await page(http, back)
    assert (await now(town, case)).state == "in_progress"
    async with town.database.read() as session:
        added = [entry.text for entry in await cases.timeline(session, case, "reporter") if entry.kind == "added"]
    assert added == ["เสาต้นที่ 12"]


async def test_stars_and_objections_of_a_finished_case(town: Town, http: ClientSession) -> None:
    case = await town.move_case(await town.open_case(), "accepted", "done")
    await post(http, town, case, status=303, do="rate", stars="2", text="ยังไม่สว่าง")
    rated = await now(town, case)
    assert (rated.rating, rated.rating_text) == (2, "ยังไม่สว่าง")
    assert "ยังไม่สว่าง" not in await page(http, f"/cases/{case.number}?k={case.link_key}")
    await post(http, town, case, status=303, do="dispute", text="ยังดับอยู่")
    assert (await now(town, case)).state == "reopened"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"do": "rate", "stars": "5"}, 409),
        ({"do": "dispute", "text": "x"}, 409),
        ({"do": "add", "text": "  "}, 422),
        ({"do": "close", "text": "x"}, 404),
    ],
)
async def test_what_does_not_fit_an_open_case_is_refused(
    town: Town, http: ClientSession, form: dict[str, str], status: int
) -> None:
    case = await town.open_case()
    await post(http, town, case, status=status, **form)
    assert (await now(town, case)).last_sequence == 1


@pytest.mark.parametrize("stars", ["", "0", "6", "12", "x"])
async def test_other_than_five_stars_are_none(town: Town, http: ClientSession, stars: str) -> None:
    case = await town.move_case(await town.open_case(), "accepted", "done")
    await post(http, town, case, status=409, do="rate", stars=stars)
    assert (await now(town, case)).rating is None


async def test_no_other_site_sends_the_forms(town: Town, http: ClientSession) -> None:
    case = await town.open_case()
    await post(http, town, case, status=403, origin="https://evil.example", do="add", text="x")
    assert (await now(town, case)).last_sequence == 1


async def test_a_merged_case_leads_to_the_one_that_goes_on(town: Town, http: ClientSession) -> None:
    case, other = await town.open_case(), await town.open_case()
    async with town.database.write() as session:
        case, other = await cases.merge(session, case, other, key="m", actor="staff:1")
    shown = await page(http, f"/cases/{case.number}?k={case.link_key}")
    assert f'href="/cases/{other.number}"' in shown
    assert "own-title" not in shown


async def test_another_spelling_keeps_the_secret(town: Town, http: ClientSession) -> None:
    case = await town.open_case()
    async with http.get(f"/cases/{case.number.lower()}?k={case.link_key}", allow_redirects=False) as answer:
        assert answer.headers["Location"] == f"/cases/{case.number}?k={case.link_key}"
