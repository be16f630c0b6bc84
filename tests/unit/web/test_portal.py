import pytest
from aiohttp import ClientSession

from helpdesk.case import Place
from tests.unit.web.town import ENTRIES, Town


async def text(http: ClientSession, address: str, status: int = 200) -> str:
    async with http.get(address) as answer:
        assert answer.status == status, address
        return await answer.text()


async def test_the_front_page_shows_published_questions(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    page = await text(http, "/")
    assert "บัตรประชาชนหาย ต้องทำอย่างไร" in page
    assert "เป็นเมืองสมมุติ" in page
    assert "<pracha-chat" in page


async def test_the_front_page_stands_without_answers(http: ClientSession) -> None:
    assert "ยังไม่มีคำตอบที่เผยแพร่" in await text(http, "/")


@pytest.mark.parametrize("address", ["/", "/services", "/services/id-card-lost", "/cases", "/api/docs"])
async def test_every_page_exists_in_both_languages_and_says_so(town: Town, http: ClientSession, address: str) -> None:
    await town.publish(ENTRIES)
    thai, english = await text(http, address), await text(http, f"/en{address}")
    assert '<html lang="th">' in thai
    assert '<html lang="en">' in english
    for page in (thai, english):
        assert f'hreflang="en" href="{town.url}/en{address}"' in page
        assert f'hreflang="th" href="{town.url}{address}"' in page
    assert '<html lang="en">' in await text(http, f"{address}?lang=en")


async def test_a_service_page_has_the_whole_answer(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    page = await text(http, "/services/id-card-lost")
    for words in ("ถ่ายรูปและรับบัตร", "บัตรประชาชนใบเดิม", "ไม่เสียค่าธรรมเนียม", "ยังไม่ได้ยืนยันคำตอบนี้"):
        assert words in page
    await text(http, "/services/nothing", 404)


@pytest.mark.parametrize("spelling", ["P69-000001-5", "p69 000001 5", "P๖๙-๐๐๐๐๐๑-๕", "เรื่อง P69-000001-5 ค่ะ"])
async def test_a_case_is_found_in_any_spelling(town: Town, http: ClientSession, spelling: str) -> None:
    await town.open_case()
    async with http.get("/cases", params={"number": spelling}) as answer:
        assert answer.status == 200
        assert answer.url.path == "/cases/P69-000001-5"


async def test_a_wrong_number_and_an_unknown_one_are_told_apart(http: ClientSession) -> None:
    assert "ไม่ครบหรือพิมพ์ผิด" in await text(http, "/cases?number=P69-000001-1", 422)
    assert "ไม่พบเรื่องหมายเลขนี้" in await text(http, "/cases?number=P69-000001-5", 404)
    assert "ไม่พบเรื่องหมายเลขนี้" in await text(http, "/cases/P69-000001-5", 404)


async def test_a_case_page_shows_no_person(town: Town, http: ClientSession) -> None:
    case = await town.move_case(await town.open_case(), "accepted", "in_progress", "done")
    async with http.get(f"/cases/{case.number}") as answer:
        page = await answer.text()
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "no-store" in answer.headers["Cache-Control"]
    assert "ดำเนินการเสร็จแล้ว" in page
    assert "ช่างเปลี่ยนหลอดไฟ" in page
    for secret in ("081-234", "0812345678", case.person_id, "staff:1", "reporter"):
        assert secret not in page
    assert 'name="robots" content="noindex' in page
    assert "In progress" in await text(http, f"/en/cases/{case.number}")


async def test_a_confidential_case_shows_its_state_only(town: Town, http: ClientSession) -> None:
    from helpdesk.category import all_categories

    secret = next(category for category in all_categories() if category.confidential)
    case = await town.open_case(category=secret.id, description="เรื่องลับมาก", place=Place("บ้านเลขที่ 5"))
    page = await text(http, f"/cases/{case.number}")
    assert "เป็นความลับ" in page
    for words in ("เรื่องลับมาก", "บ้านเลขที่ 5", secret.title_th):
        assert words not in page


async def test_a_rejected_and_a_reopened_case_have_pages(town: Town, http: ClientSession) -> None:
    rejected = await town.move_case(await town.open_case(), "rejected")
    assert "ไม่รับดำเนินการ" in await text(http, f"/cases/{rejected.number}")
    reopened = await town.move_case(rejected, "reopened")
    assert "เปิดเรื่องอีกครั้ง" in await text(http, f"/cases/{reopened.number}")


async def test_what_a_citizen_wrote_stays_text(town: Town, http: ClientSession) -> None:
    case = await town.open_case(description="<script>alert(1)</script><img src=x onerror=alert(2)>")
    page = await text(http, f"/cases/{case.number}")
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page
    assert "<b>x" not in await text(http, "/cases?number=%3Cb%3Ex", 422)


async def test_nobody_reads_through_all_cases(http: ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.portal.cases.RATE", "2/minute")
    for _ in range(2):
        await text(http, "/cases/P69-000001-5", 404)
    assert "ถี่เกินไป" in await text(http, "/cases/P69-000001-5", 429)
    assert "ถี่เกินไป" in await text(http, "/cases?number=P69-000001-5", 429)


async def test_small_files_that_browsers_ask_for(http: ClientSession) -> None:
    assert "Disallow: /cases/" in await text(http, "/robots.txt")
    assert "<svg" in await text(http, "/favicon.svg")
    async with http.get("/widget.js") as answer:
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    async with http.get("/assets/fonts/noto-sans-thai-looped-thai.woff2") as answer:
        assert answer.headers["Content-Type"] == "font/woff2"
