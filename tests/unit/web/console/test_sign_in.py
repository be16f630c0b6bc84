"""Signing in with an account elsewhere, against a real provider on loopback; and everything that must not be believed."""

import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar
from joserfc.jwk import ECKey, RSAKey
from pydantic import SecretStr, ValidationError
from sqlalchemy import func, select

from core.audit import AuditEntry
from core.settings import OidcProvider, Settings
from helpdesk import identity, staff
from helpdesk.staff import Member, Staff
from tests.sign_in_provider import CLIENT, SECRET, SignInProvider, symmetric, unsigned
from tests.unit.web.console.conftest import PASSWORD
from tests.unit.web.console.test_login import browser, csrf, status, token
from tests.unit.web.console.test_second_factor import KEY, code, enrolled
from tests.unit.web.town import Town
from web.console.oidc import provider as providers
from web.console.oidc.attempt import Attempt

__all__ = ["browser"]
START = "/console/login/with/city"
BACK = f"{START}/back"


@pytest.fixture
async def provider(town: Town) -> AsyncIterator[SignInProvider]:
    """A provider, and the town that knows it as ``city``."""
    made = SignInProvider()
    await made.start()
    await town.stop_web()
    await town.start_web(oidc={"city": settings(made)}, secret_key=SecretStr(KEY))
    yield made
    await town.stop_web()
    await made.stop()


def settings(provider: SignInProvider, **changes: Any) -> OidcProvider:
    known = {"issuer": provider.issuer, "client_id": CLIENT, "client_secret": SecretStr(SECRET), "title": "บัญชีเทศบาล"}
    return OidcProvider(**(known | changes))


async def hire(town: Town, login: str = "suda@city.example", subject: str = "", *roles: str) -> Member:
    async with town.database.write() as session:
        member = await staff.add(session, login, "สุดา", roles or ("curator",), PASSWORD, actor="cli")
        return await identity.link(session, member.id, "city", subject, actor="cli") if subject else member


async def leave(browser: ClientSession, path: str = START) -> str:
    """Begin; gives the provider's address."""
    async with browser.get(path, allow_redirects=False) as answer:
        assert answer.status == 303, await answer.text()
        return str(answer.headers["Location"])


async def come_back(browser: ClientSession, address: str) -> tuple[ClientResponse, str]:
    async with browser.get(address, allow_redirects=False) as answer:
        return answer, await answer.text()


async def sign_in(browser: ClientSession, provider: SignInProvider, path: str = START) -> tuple[ClientResponse, str]:
    return await come_back(browser, provider.approve(await leave(browser, path)))


async def test_who_is_linked_signs_in_and_gets_where_they_wanted(
    town: Town, browser: ClientSession, provider: SignInProvider
) -> None:
    member = await hire(town, subject="subject-1")
    async with browser.get("/console/login?next=/console/faqs") as answer:
        assert "เข้าสู่ระบบด้วยบัญชีเทศบาล" in await answer.text()
    answer, _ = await sign_in(browser, provider, f"{START}?next=/console/faqs")
    assert (answer.status, answer.headers["Location"]) == (303, "/console/faqs")
    assert await status(browser) == 200
    async with town.database.read() as session:
        rows = await session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.login"))
        assert [(row.actor, row.detail) for row in rows] == [(member.actor, {"method": "city"})]


async def test_a_verified_e_mail_address_links_at_the_first_sign_in(
    town: Town, browser: ClientSession, provider: SignInProvider
) -> None:
    member = await hire(town)
    provider.email = "Suda@City.example"
    assert (await sign_in(browser, provider))[0].status == 303
    assert await status(browser) == 200
    provider.email = "another@city.example"  # from now on the subject counts
    assert (await sign_in(browser, provider))[0].status == 303
    async with town.database.read() as session:
        found = await identity.find(session, "city", "subject-1")
    assert found is not None
    assert found.id == member.id


async def test_an_address_that_is_not_verified_links_nothing(
    town: Town, browser: ClientSession, provider: SignInProvider
) -> None:
    await hire(town)
    provider.email = "suda@city.example"
    for verified in (False, None, "true", 1):
        provider.claims = {"email_verified": verified}
        answer, page = await sign_in(browser, provider)
        assert answer.status == 403
        assert "“subject-1”" in page
    assert await status(browser) == 303


async def test_the_settings_may_leave_linking_to_administrators(town: Town, provider: SignInProvider) -> None:
    await town.stop_web()
    await town.start_web(oidc={"city": settings(provider, link_by_email=False)})
    await hire(town)
    provider.email = "suda@city.example"
    async with ClientSession(town.url, cookie_jar=CookieJar(unsafe=True)) as browser:
        assert (await sign_in(browser, provider))[0].status == 403


async def test_nobody_is_taken_in_by_signing_in(town: Town, browser: ClientSession, provider: SignInProvider) -> None:
    provider.email = "newcomer@city.example"
    provider.claims = {"roles": ["administrator"], "groups": ["administrator"]}
    assert (await sign_in(browser, provider))[0].status == 403
    async with town.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Staff)) == 0


async def test_no_claim_gives_a_right(town: Town, browser: ClientSession, provider: SignInProvider) -> None:
    await hire(town, subject="subject-1")
    provider.claims = {"roles": ["administrator"], "groups": ["administrator"], "realm_access": {"roles": ["administrator"]}}
    await sign_in(browser, provider)
    assert await status(browser, "/console/faqs") == 200
    assert await status(browser, "/console/staff") == 403


async def test_a_locked_member_stays_out(town: Town, browser: ClientSession, provider: SignInProvider) -> None:
    member = await hire(town, subject="subject-1")
    async with town.database.write() as session:
        await staff.lock(session, member.id, actor="cli")
    assert (await sign_in(browser, provider))[0].status == 403
    assert token(browser) == ""


NOW = int(time.time())
CLAIMS: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "another-client"},
    "no audience": {"aud": None},
    "several audiences without a party": {"aud": [CLIENT, "another"]},
    "another party": {"azp": "another-client"},
    "several audiences and another party": {"aud": [CLIENT, "another"], "azp": "another"},
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "expired": {"exp": NOW - 3600},
    "never expires": {"exp": None},
    "expires in words": {"exp": "tomorrow"},
    "issued in the future": {"iat": NOW + 3600, "exp": NOW + 7200},
    "issued long ago": {"iat": NOW - 86_400, "exp": NOW + 3600},
    "issued at no time": {"iat": None},
    "not valid yet": {"nbf": NOW + 3600},
    "nobody": {"sub": None},
    "an empty subject": {"sub": ""},
    "a number as subject": {"sub": 1},
}


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS)
async def test_a_token_with_a_wrong_claim_is_refused(
    town: Town, browser: ClientSession, provider: SignInProvider, claims: dict[str, Any]
) -> None:
    await hire(town, subject="subject-1")
    provider.claims = claims
    answer, page = await sign_in(browser, provider)
    assert answer.status == 401
    assert "ไม่สำเร็จ" in page
    assert token(browser) == ""


def _swapped(provider: SignInProvider) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "first"})


def _unknown_key(provider: SignInProvider) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "second"})


def _none(provider: SignInProvider) -> None:
    provider.forge = unsigned


def _symmetric(provider: SignInProvider) -> None:
    provider.forge = lambda token: symmetric(token, provider.key)


def _changed(provider: SignInProvider) -> None:
    def other_claims(token: str) -> str:
        head, body, signature = token.split(".")
        return f"{head}.{body[:-4]}{'AAAA' if body[-4:] != 'AAAA' else 'BBBB'}.{signature}"

    provider.forge = other_claims


def _cut(provider: SignInProvider) -> None:
    provider.forge = lambda token: token.rpartition(".")[0] + "."


def _embedded(provider: SignInProvider) -> None:
    own = RSAKey.generate_key(2048, {"kid": "own"})
    provider.signs_with, provider.header = own, {"kid": "first", "jwk": own.as_dict(private=False)}


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("attack", [_swapped, _unknown_key, _none, _symmetric, _changed, _cut, _embedded])
async def test_a_token_that_the_providers_key_did_not_sign_is_refused(
    town: Town, browser: ClientSession, provider: SignInProvider, attack: Callable[[SignInProvider], None]
) -> None:
    await hire(town, subject="subject-1")
    attack(provider)
    answer, _ = await sign_in(browser, provider)
    assert answer.status == 401
    assert token(browser) == ""


async def test_a_state_is_taken_once(town: Town, browser: ClientSession, provider: SignInProvider) -> None:
    await hire(town, subject="subject-1")
    address = await leave(browser)
    first, second = provider.approve(address), provider.approve(address)
    cookies = {cookie.key: cookie.value for cookie in browser.cookie_jar}
    assert (await come_back(browser, first))[0].status == 303
    async with ClientSession(town.url, cookies=cookies) as replayed:
        assert (await come_back(replayed, second))[0].status == 400


async def test_another_browsers_state_is_worth_nothing(town: Town, browser: ClientSession, provider: SignInProvider) -> None:
    await hire(town, subject="subject-1")
    back = provider.approve(await leave(browser))
    async with ClientSession(town.url, cookie_jar=CookieJar(unsafe=True)) as victim:
        answer, _ = await come_back(victim, back)
        assert answer.status == 400
        assert token(victim) == ""
        own = provider.approve(await leave(victim)).partition("&state=")[2]
        assert (await come_back(victim, f"{BACK}?code=stolen&state={own}"))[0].status == 503


@pytest.mark.parametrize("query", ["", "code=x", "state=x", "code=x&state=x", "error=access_denied&state=x"])
async def test_coming_back_from_nowhere_leads_nowhere(browser: ClientSession, provider: SignInProvider, query: str) -> None:
    answer, _ = await come_back(browser, f"{BACK}?{query}")
    assert answer.status == 400
    assert provider.asked == []


async def test_a_refusal_at_the_provider_is_said_politely(browser: ClientSession, provider: SignInProvider) -> None:
    state = parse_qs(urlsplit(await leave(browser)).query)["state"][0]
    answer, page = await come_back(browser, f"{BACK}?error=access_denied&error_description=%3Cb%3E&state={state}")
    assert answer.status == 400
    assert "ไม่สำเร็จ" in page
    assert "<b>" not in page


async def test_an_answer_in_another_providers_name_is_refused(browser: ClientSession, provider: SignInProvider) -> None:
    back = provider.approve(await leave(browser))
    answer, _ = await come_back(browser, f"{back}&iss=https%3A%2F%2Fevil.example")
    assert answer.status == 400
    assert "token" not in provider.asked


def test_an_attempt_comes_back_from_its_own_provider_to_its_own_browser() -> None:
    made = Attempt("city", "/console/")
    assert made.comes_back("city", made.browser)
    assert not made.comes_back("other", made.browser)
    assert not made.comes_back("city", "")
    assert not made.comes_back("city", "ก")
    assert len({made.state, made.nonce, made.verifier, made.browser, Attempt("city", "").state}) == 5
    assert 43 <= len(made.verifier) <= 128


@pytest.mark.parametrize("then", ["https://evil.example/", "//evil.example", "/\\evil.example", "/console/../cases"])
async def test_a_sign_in_leads_nowhere_else(town: Town, browser: ClientSession, provider: SignInProvider, then: str) -> None:
    await hire(town, subject="subject-1")
    answer, _ = await sign_in(browser, provider, f"{START}?next={then}")
    assert answer.headers["Location"] == "/console/"


async def test_the_token_in_the_cookie_is_a_new_one(town: Town, browser: ClientSession, provider: SignInProvider) -> None:
    await hire(town, subject="subject-1")
    await sign_in(browser, provider)
    first = token(browser)
    await sign_in(browser, provider)
    assert token(browser) not in {"", first}
    async with ClientSession(town.url, cookies={"pracha_staff": first}) as old:
        assert await status(old) == 303


async def test_what_is_known_of_a_provider_is_not_asked_again(
    town: Town, browser: ClientSession, provider: SignInProvider
) -> None:
    await hire(town, subject="subject-1")
    for _ in range(3):
        await sign_in(browser, provider)
    assert sorted(provider.asked) == ["discovery", "keys", "token", "token", "token"]


async def test_a_changed_key_is_fetched_once_and_strangers_keys_do_not_make_us_ask(
    town: Town, browser: ClientSession, provider: SignInProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(providers, "RETRY_AFTER", 0.0)
    await hire(town, subject="subject-1")
    await sign_in(browser, provider)
    provider.signs_with = ECKey.generate_key("P-256", {"kid": "second", "use": "sig"})
    provider.published = [provider.key, provider.signs_with]
    monkeypatch.setattr(providers, "RETRY_AFTER", 3600.0)
    assert (await sign_in(browser, provider))[0].status == 303
    provider.signs_with = ECKey.generate_key("P-256", {"kid": "third"})
    for _ in range(3):
        assert (await sign_in(browser, provider))[0].status == 401
    assert provider.asked.count("keys") == 2


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "http://evil.example/authorise"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
    ],
)
async def test_a_provider_that_says_odd_things_leads_nowhere(
    browser: ClientSession, provider: SignInProvider, about: dict[str, Any]
) -> None:
    provider.about = about
    async with browser.get(START, allow_redirects=False) as answer:
        assert answer.status == 503
        assert "ติดต่อระบบบัญชีเทศบาลไม่ได้" in await answer.text()


@pytest.mark.parametrize("endpoint", ["token_endpoint", "jwks_uri"])
async def test_tokens_and_keys_never_travel_in_the_clear(
    town: Town, browser: ClientSession, provider: SignInProvider, endpoint: str
) -> None:
    await hire(town, subject="subject-1")
    provider.about = {endpoint: "http://evil.example/"}
    assert (await sign_in(browser, provider))[0].status == 503


async def test_a_provider_that_is_away_leaves_the_password(browser: ClientSession, provider: SignInProvider) -> None:
    await provider.stop()
    async with browser.get(START, allow_redirects=False) as answer:
        assert answer.status == 503
        assert 'name="password"' in await answer.text()


async def test_a_secret_travels_in_the_form_where_the_provider_wants_it(
    town: Town, browser: ClientSession, provider: SignInProvider
) -> None:
    await hire(town, subject="subject-1")
    provider.about = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert (await sign_in(browser, provider))[0].status == 303


async def test_our_second_factor_is_asked_for_after_the_providers_word(
    town: Town, browser: ClientSession, provider: SignInProvider
) -> None:
    member, _, codes = await enrolled(town, "curator")
    async with town.database.write() as session:
        await identity.link(session, member.id, "city", "subject-1", actor="cli")
    answer, _ = await sign_in(browser, provider, f"{START}?next=/console/faqs")
    assert answer.headers["Location"] == "/console/login/code"
    assert token(browser) == ""
    assert (await code(browser, codes[0]))[0] == 303
    assert await status(browser, "/console/faqs") == 200


async def test_a_provider_may_see_to_the_second_factor_itself(town: Town, provider: SignInProvider) -> None:
    await town.stop_web()
    await town.start_web(oidc={"city": settings(provider, second_factor=True)}, second_factor_roles=["curator"])
    await hire(town, subject="subject-1")
    async with ClientSession(town.url, cookie_jar=CookieJar(unsafe=True)) as browser:
        await sign_in(browser, provider)
        assert await status(browser, "/console/faqs") == 200


async def test_an_administrator_links_and_unlinks(town: Town, provider: SignInProvider, console: Callable[..., Any]) -> None:
    member = await hire(town)
    boss = await console("administrator")
    one = f"/console/staff/{member.id}"
    await boss.post(f"{one}/link", {"provider": "city", "subject": "subject-1"}, status=303)
    assert "ยกเลิกการผูกกับบัญชีเทศบาล" in await boss.get("/console/staff")
    async with ClientSession(town.url, cookie_jar=CookieJar(unsafe=True)) as browser:
        await sign_in(browser, provider)
        assert await status(browser) == 200
        await boss.post(f"{one}/unlink", {"provider": "city"}, status=303)
        assert await status(browser) == 303
        assert (await sign_in(browser, provider))[0].status == 403
    await boss.post(f"{one}/link", {"provider": "nowhere", "subject": "subject-1"}, status=422)
    async with town.database.read() as session:
        rows = await session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("staff.identity")))
        assert [(row.actor, row.subject) for row in rows] == [(boss.member.actor, member.actor)] * 2


async def test_who_signed_in_elsewhere_proves_it_there_again(
    town: Town, browser: ClientSession, provider: SignInProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    from web.console.session import Session

    await hire(town, "suda@city.example", "subject-1", "administrator")
    await sign_in(browser, provider)
    form = {"csrf": await csrf(browser), "login": "malee", "name": "มาลี", "role": "curator"}
    monkeypatch.setattr(Session, "fresh", property(lambda self: False))
    async with browser.post("/console/staff", data=form) as answer:
        assert answer.status == 403
        assert f'href="{START}?again=1"' in await answer.text()
    assert "prompt=login" in await leave(browser, f"{START}?again=1")


async def test_an_unknown_provider_is_nowhere(http: ClientSession) -> None:
    for path in (START, BACK):
        async with http.get(path, allow_redirects=False) as answer:
            assert answer.status == 404


async def test_nothing_of_it_is_logged(town: Town, browser: ClientSession, provider: SignInProvider, capsys: Any) -> None:
    await hire(town, subject="subject-1")
    provider.email = "private@city.example"
    back = provider.approve(await leave(browser))
    await come_back(browser, back)
    provider.subject = "subject-2"
    await sign_in(browser, provider)
    told = capsys.readouterr()
    code_sent = parse_qs(urlsplit(back).query)["code"][0]
    for private in (code_sent, "subject-1", "subject-2", "private@city.example", SECRET, "eyJ"):
        assert private not in told.out + told.err


@pytest.mark.parametrize("issuer", ["http://city.example", "city.example", "https://city.example?x=1", "ftp://127.0.0.1"])
def test_an_issuer_without_encryption_is_no_setting(issuer: str) -> None:
    with pytest.raises(ValidationError):
        OidcProvider(issuer=issuer, client_id=CLIENT)


def test_a_providers_name_fits_into_an_address() -> None:
    one = OidcProvider(issuer="https://city.example", client_id=CLIENT)
    for name in ("ก", "a/b", "A", ""):
        with pytest.raises(ValidationError):
            Settings(oidc={name: one})
    assert Settings(oidc={"city-2": one}).oidc["city-2"].title == "บัญชีหน่วยงาน"
