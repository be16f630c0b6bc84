import pytest

from conversations.content import Card
from core.database import Database
from helpdesk import case as cases
from helpdesk import intake
from helpdesk.category import all_categories
from helpdesk.intake import Draft
from helpdesk.place import Place

from .conftest import Opener

PLACE = Place("หน้าตลาด")


def values(card: Card) -> dict[str, str]:
    return {field.label: field.value for field in card.fields}


@pytest.mark.parametrize(
    ("draft", "needed"),
    [
        (Draft(), ["category", "description", "place"]),
        (Draft(category="street-light"), ["description", "place"]),
        (Draft(category="street-light", description="  ", place=Place("  ")), ["description", "place"]),
        (Draft(category="street-light", description="ไฟดับ"), ["place"]),
        (Draft(category="street-light", description="ไฟดับ", place=PLACE), []),
        (Draft(category="street-light", description="ไฟดับ", place=Place(latitude=13.0, longitude=100.0)), []),
        (Draft(category="street-light", description="ไฟดับ", place=Place(latitude=13.0)), ["place"]),
        (Draft(category="corruption", description="เรียกเงิน"), []),
        (Draft(description="ไฟดับ", place=PLACE), ["category"]),
    ],
)
def test_what_is_missing_depends_on_the_category(draft: Draft, needed: list[str]) -> None:
    assert intake.missing(draft) == needed


@pytest.mark.parametrize("category", [known.id for known in all_categories()])
def test_pictures_and_contact_are_never_insisted_on(category: str) -> None:
    assert intake.missing(Draft(category=category, description="ก", place=PLACE)) == []


def test_the_summary_shows_everything_that_will_be_sent() -> None:
    draft = Draft("street-light", "ไฟดับ", PLACE, "เมื่อคืน", ["a", "b"], "0812345678")
    card = intake.summary_card(draft)
    assert values(card) == {
        "ประเภท": "💡 ไฟส่องสว่างสาธารณะ",
        "รายละเอียด": "ไฟดับ",
        "สถานที่": "หน้าตลาด",
        "เวลา": "เมื่อคืน",
        "รูปภาพ": "2 รูป",
        "ผู้ติดต่อ": "0812345678",
    }
    assert [choice.payload for choice in card.choices] == ["/affirm", "/deny", "/cancel"]


def test_the_summary_says_what_was_not_told() -> None:
    assert set(values(intake.summary_card(Draft())).values()) == {"ไม่ได้ระบุ", "ไม่มี"}


def test_the_summary_of_a_confidential_report_promises_it() -> None:
    assert "ความลับ" in intake.summary_card(Draft("corruption", "เรียกเงิน")).text
    assert "ความลับ" not in intake.summary_card(Draft("noise", "ดัง")).text


async def test_the_opened_card_says_the_number(opened: Opener) -> None:
    case = await opened(contact="0812345678", consent=True)
    card = intake.opened_card(case)
    assert case.number in card.text
    assert card.case_number == case.number
    assert card.choices[0].payload.endswith(f"/cases/{case.number}?k={case.link_key}")
    assert "0812345678" not in card.model_dump_json()


async def test_the_status_card_tells_the_latest(opened: Opener, database: Database, moved) -> None:
    case = await moved(await opened(), "accepted", "in_progress", "waiting_agency", "in_progress", "waiting_agency", "done")
    async with database.read() as session:
        card = intake.status_card(case, await cases.timeline(session, case, "reporter"))
    lines = card.text.splitlines()
    assert card.title == "ดำเนินการเสร็จแล้ว"
    assert len(lines) == 5
    assert lines[-1].endswith("น. ดำเนินการเสร็จแล้ว: เปลี่ยนหลอดไฟแล้ว")
    assert values(card)["เรื่อง"] == case.title
    assert card.choices[0].payload == "/dispute_case_closed"


async def test_the_status_card_offers_what_the_state_allows(opened: Opener, moved) -> None:
    case = await opened()
    assert intake.status_card(case, []).choices[0].payload == "/add_case_information"
    rejected = await moved(case, "rejected")
    assert [choice.kind for choice in intake.status_card(rejected, []).choices] == ["link"]


async def test_a_stranger_gets_the_public_card(opened: Opener, database: Database) -> None:
    case = await opened(description="โทรหาคุณสมชาย 0812345678", place=Place("บ้านเลขที่ 99/1 ซอย 5"))
    async with database.read() as session:
        card = intake.public_card(await cases.public_view(session, case))
    assert card.case_number == case.number
    assert values(card)["สถานที่"] == "บ้านเลขที่ [บ้านเลขที่] ซอย 5"
    for secret in ("สมชาย", "0812345678", "99/1"):
        assert secret not in card.plain()
