import pytest

from core.settings import settings
from helpdesk import notice
from helpdesk import state as states
from helpdesk.state import State

from .conftest import Opener


@pytest.fixture(autouse=True)
def _public(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PRACHA_PUBLIC_URL", "https://city.example/")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize("state", list(State))
async def test_every_change_is_told_in_the_cases_own_words(opened: Opener, state: State) -> None:
    case = await opened()
    case.state = state.value
    card = notice.card(case, "นัดช่างวันจันทร์")
    assert card.title == states.label(state)
    assert case.title in card.text
    assert "ค่ะ" in card.text or "นะคะ" in card.text
    assert "{" not in card.plain()
    for own in (case.number, case.place_text, "นัดช่างวันจันทร์"):
        assert own in card.plain()
    assert card.case_number == case.number
    *pressed, choice = card.choices
    assert (choice.kind, choice.payload) == ("link", f"https://city.example/cases/{case.number}?k={case.link_key}")
    titles = {State.WAITING_CITIZEN: ["ตอบเจ้าหน้าที่"], State.DONE: ["ยังไม่เรียบร้อย"], State.CLOSED: ["ยังไม่เรียบร้อย"]}
    assert [one.title for one in pressed] == titles.get(state, [])


async def test_words_with_braces_are_words(opened: Opener) -> None:
    case = await opened(description="ป้าย {unit} {0} หาย")
    case.state = "accepted"
    assert "ป้าย {unit} {0} หาย" in notice.card(case).text


async def test_what_is_not_known_is_not_listed(opened: Opener) -> None:
    card = notice.card(await opened(place=None))
    assert [field.label for field in card.fields] == ["เลขที่เรื่อง"]


async def test_the_contact_is_never_sent(opened: Opener) -> None:
    case = await opened(contact="0812345678", consent=True)
    assert "0812345678" not in notice.card(case, "เสร็จแล้ว").model_dump_json()
