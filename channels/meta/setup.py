"""`pracha messenger setup` and `pracha instagram setup`: the account's profile at Meta, and what is left to do by hand."""

from typing import Any, Literal

import aiohttp

from channels.meta.event import START
from channels.meta.graph import Graph
from channels.meta.refusal import TOKEN, Answer
from channels.meta.value import words
from channels.meta.verify import verify_token
from channels.setup import SetupFailed
from channels.text import clip
from core.settings import MetaAccount

GREETING_LIMIT = 160  # characters
# As domain.yml offers them when it greets; titles of a menu may have 30 characters, payloads are bare intents.
MENU = [
    ("แจ้งปัญหาในพื้นที่", "/report_problem"),
    ("ถามเรื่องบริการ", "/ask_service"),
    ("ติดตามเรื่องที่แจ้ง", "/check_case_status"),
    ("ติดต่อเจ้าหน้าที่", "/talk_to_human"),
]
FIELDS = {  # of webhooks; Instagram's call subscribes only to those that both of its logins know
    "messenger": [
        *("messages", "messaging_postbacks", "message_reactions", "standby"),
        *("message_echoes", "message_edits", "messaging_handovers", "messaging_referrals"),
    ],
    "instagram": [
        *("messages", "messaging_postbacks", "message_reactions", "standby"),
        *("message_edit", "messaging_handover", "messaging_referral"),
    ],
}
SHARED = 4
OBJECTS = {"messenger": "Page", "instagram": "Instagram"}


async def setup(platform: Literal["messenger", "instagram"], account: MetaAccount, city: str, webhook_url: str) -> list[str]:
    """Set greeting and menu, subscribe to webhooks, and tell the operator, line by line, what was done and what to enter.

    Raises:
        SetupFailed: when Meta cannot be reached or refuses the profile.
    """
    graph = Graph(platform, account)
    try:
        _must(await graph.post("messenger_profile", profile(platform, city)))
        fields = FIELDS[platform][: SHARED if platform == "instagram" else None]
        subscribed = await graph.post("subscribed_apps", {"subscribed_fields": ",".join(fields)})
    except (aiohttp.ClientError, OSError) as error:
        raise SetupFailed(f"{account.api_url} cannot be reached ({type(error).__name__}). Is this machine online?") from error
    finally:
        await graph.close()
    done = (
        "Set the menu and the opening questions."
        if platform == "instagram"
        else "Set the greeting, the start button and the menu."
    )
    return [done, *_subscription(platform, subscribed), *_by_hand(platform, account, webhook_url)]


def profile(platform: Literal["messenger", "instagram"], city: str) -> dict[str, Any]:
    """The body for ``messenger_profile``. Instagram has no greeting; it opens with questions instead."""
    buttons = [{"type": "postback", "title": title, "payload": payload} for title, payload in MENU]
    menu = [{"locale": locale, "call_to_actions": buttons} for locale in ("default", "th_TH")]
    if platform == "instagram":
        questions = [{"question": title, "payload": payload} for title, payload in MENU]
        openings = [{"locale": "default", "call_to_actions": questions}]
        return {"platform": platform, "ice_breakers": openings, "persistent_menu": menu[:1]}
    thai = f"สวัสดีค่ะ ประชาเป็นผู้ช่วยอัตโนมัติของ{city} แจ้งปัญหา ถามเรื่องบริการ และติดตามเรื่องได้ตลอด 24 ชั่วโมงค่ะ"
    greeting = [{"locale": locale, "text": clip(thai, GREETING_LIMIT)} for locale in ("default", "th_TH")]
    return {"get_started": {"payload": START}, "greeting": greeting, "persistent_menu": menu}


def _must(answer: Answer) -> None:
    if 200 <= answer.status < 300 and not answer.error:
        return
    code, said = answer.error.get("code"), _words_of(answer)
    if code in TOKEN or answer.status == 401:  # its words may hold the token
        raise SetupFailed("Meta refuses the access token. Make a new one and set ACCESS_TOKEN in .env.")
    if code in {3, 10} or (isinstance(code, int) and 200 <= code <= 299):
        raise SetupFailed(
            f"The token lacks a permission ({said}). Messenger needs pages_messaging and pages_manage_metadata, Instagram "
            "instagram_business_manage_messages (or instagram_manage_messages with a page's token)."
        )
    raise SetupFailed(f"Meta refuses: {said}. Do page id, token, API_URL and VERSION in .env belong together?")


def _subscription(platform: str, answer: Answer) -> list[str]:
    if 200 <= answer.status < 300 and not answer.error:
        return ["Subscribed the account to the app's webhooks."]
    return [
        f"NOT subscribed to the app's webhooks: {_words_of(answer)}",
        f"Do it by hand: in the app's {OBJECTS[platform]} settings, at the account, choose Add Subscriptions and tick "
        + ", ".join(FIELDS[platform])
        + ".",
    ]


def _words_of(answer: Answer) -> str:
    return words(answer.error.get("message"))[:200] or f"HTTP {answer.status}"


def _by_hand(platform: str, account: MetaAccount, webhook_url: str) -> list[str]:
    lines = [
        f"Enter in Meta for Developers, your app, Webhooks, object {OBJECTS[platform]}:",
        f"  Callback URL: {webhook_url}",
        f"  Verify token: {verify_token(account)}",
        f"  Fields:       {', '.join(FIELDS[platform])}",
    ]
    if not webhook_url.startswith("https://"):
        lines.append("Meta calls only https addresses: set PRACHA_PUBLIC_URL to the one that citizens see.")
    return lines
