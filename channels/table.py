"""The table of the message model, made from what the adapters do: ``python -m channels.table > docs/messages.md``."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast, get_args

from pydantic import SecretStr
from redis.asyncio import Redis

from channels import sample
from channels.contract import Channel, Inbound
from channels.job import ANSWERED, IN_GROUP
from channels.line.channel import LineChannel
from channels.meta.channel import MetaChannel
from channels.telegram.channel import TelegramChannel
from channels.web import parse as web
from channels.web.channel import WebChannel
from conversations.content import Inward, InwardKind, plain_text
from core.database import Database
from core.settings import LineAccount, MetaAccount, TelegramAccount

_LIMIT = 10 * 1024 * 1024
_EVENTS = (*sorted(ANSWERED), *sorted(IN_GROUP), "unfollow", "leave", "unsend", "reaction", "echo", "standby", "other")
_TITLES = {"line": "LINE", "telegram": "Telegram", "messenger": "Messenger", "instagram": "Instagram", "web": "web and API"}
FATES = {
    **dict.fromkeys(IN_GROUP, "declined politely, once an hour"),
    **dict.fromkeys(("audio", "video", "file"), "kept for the office, answered"),
    "unsend": "the message is removed",
}
_HEAD = """# What passes between citizens and us, channel by channel

Made from the code by `python -m channels.table > docs/messages.md`; a test fails when it is out of date. The shapes themselves
are in `conversations/content.py`.
"""
_IN = """
## What citizens send

Each cell names what the platform calls it. Files are fetched after the webhook was answered; a photo sent as a file counts as a
photo. What is recorded gets no answer.
"""
_OUT = """
## What we say

Each cell is what the adapter's `render` makes of an example; `2 ×` is two messages of the platform. A hint is a
sentence that says in words what the platform has no button for.
"""


def document() -> str:
    """The whole page, in Markdown."""
    channels = _channels()
    return "\n".join([_HEAD + _IN, *_inbound(channels), _OUT, *_outbound(channels), ""])


def _channels() -> dict[str, Channel]:
    none, pages = SecretStr("0"), {"main": MetaAccount(page_id="1", access_token=SecretStr("0"), app_secret=SecretStr("0"))}
    return {
        "line": LineChannel("main", LineAccount(channel_secret=none, access_token=none), limit=_LIMIT),
        "telegram": TelegramChannel("main", TelegramAccount(token=SecretStr("1:0")), limit=_LIMIT),
        "messenger": MetaChannel("messenger", "main", pages, limit=_LIMIT),
        "instagram": MetaChannel("instagram", "main", pages, limit=_LIMIT),
        "web": WebChannel("web", cast(Database, None), cast(Redis, None)),
    }


def _inbound(channels: Mapping[str, Channel]) -> Iterator[str]:
    given = {"line": sample.line(), "telegram": sample.telegram(), "web": sample.web()}
    given |= {platform: sample.meta(platform) for platform in ("messenger", "instagram")}
    found = {name: _sorted(channel, given[name]) for name, channel in channels.items()}
    yield from _header("kind", [_TITLES[name] for name in channels], "what becomes of it")
    for kind in (*(kind for kind in get_args(InwardKind) if kind != "event"), *_EVENTS):
        cells = [", ".join(found[name].get(kind, [])) or "–" for name in channels]
        yield _line(f"`{kind}`" if kind not in _EVENTS else f"event `{kind}`", cells, _fate(kind))


def _sorted(channel: Channel, given: Mapping[str, Any]) -> dict[str, list[str]]:
    """The platform's names by the kind of content or event that its adapter reads in them."""
    found: dict[str, list[str]] = {}
    for name, payload in given.items():
        for content in _contents(channel, payload):
            found.setdefault(content.event or content.kind, []).append(name)
    return found


def _contents(channel: Channel, payload: Any) -> list[Inward]:
    if channel.name == "web":
        return [web.parse(payload, "visitor").content]
    return [one.content for one in channel.parse(payload) if isinstance(one, Inbound)]


def _fate(kind: str) -> str:
    if kind in FATES:
        return FATES[kind]
    return "recorded" if kind in _EVENTS and kind not in ANSWERED else "answered"


def _outbound(channels: Mapping[str, Channel]) -> Iterator[str]:
    yield from _header("content", [_TITLES[name] for name in channels])
    for name, content in sample.OUTWARD.items():
        said = plain_text(content)
        yield _line(name, [describe(channel.name, channel.render(content, "msg_1"), said) for channel in channels.values()])


def describe(channel: str, payloads: Sequence[Any], said: str = "") -> str:
    """What a channel's payloads are, in a few words; the same ones in a row are counted.

    ``said`` is what the content says in words: a text that begins so and goes on has a hint.
    """
    counted = Counter(_READERS[channel](payload).replace("text", _words(payload, said), 1) for payload in payloads)
    return "; ".join(f"{count} × {what}" if count > 1 else what for what, count in counted.items())


def _words(payload: Mapping[str, Any], said: str) -> str:
    text = payload.get("text", "")
    return "text with a hint" if said and text.startswith(said) and text != said else "text"


def _line_payload(payload: dict[str, Any]) -> str:
    what = str(payload["type"])
    if what == "flex":
        inside = payload["contents"]
        what = f"Flex {inside['type']}" + (f" of {len(inside['contents'])}" if inside["type"] == "carousel" else "")
        what += _with("buttons", _found(inside, "action"))
    return what + _with("quick replies", [item["action"] for item in payload.get("quickReply", {}).get("items", [])])


def _telegram_payload(payload: dict[str, Any]) -> str:
    what = {"sendMessage": "text", "sendPhoto": "photo with caption"}.get(payload["method"], payload["method"])
    what = f"{payload['parse_mode']} {what}" if "parse_mode" in payload else what
    markup = payload.get("reply_markup", {})
    for name in ("inline_keyboard", "keyboard"):
        keys = [{"type": _key(key)} for row in markup.get(name, []) for key in row]
        what += _with("inline keyboard" if name.startswith("inline") else "keyboard", keys)
    return what


def _key(key: Mapping[str, Any]) -> str:
    return next((name for name in ("callback_data", "url", "request_location") if name in key), "words")


def _meta_payload(payload: dict[str, Any]) -> str:
    attachment = payload.get("attachment") or {}
    what = str(attachment.get("type") or "text")
    if what == "template":
        inside = attachment["payload"]
        elements = len(inside.get("elements", []))
        what = f"{inside['template_type']} template" + (f" of {elements}" if elements else "")
        what += _with("buttons", _found(inside, "buttons"))
    return what + _with("quick replies", [{"type": one["content_type"]} for one in payload.get("quick_replies", [])])


def _web_payload(payload: dict[str, Any]) -> str:
    return f"`{payload['type']}`"


_READERS: dict[str, Callable[[dict[str, Any]], str]] = {
    "line": _line_payload,
    "telegram": _telegram_payload,
    "messenger": _meta_payload,
    "instagram": _meta_payload,
    "web": _web_payload,
}


def _found(inside: Any, name: str) -> list[dict[str, Any]]:
    """All objects under this name, however deep."""
    if isinstance(inside, list):
        return [one for part in inside for one in _found(part, name)]
    if not isinstance(inside, dict):
        return []
    here = inside.get(name, [])
    deeper = [one for key, part in inside.items() if key != name for one in _found(part, name)]
    return [*(here if isinstance(here, list) else [here]), *deeper]


def _with(what: str, actions: Sequence[Mapping[str, Any]]) -> str:
    kinds = Counter(str(action["type"]) for action in actions)
    shown = ", ".join(f"{count} {kind}" if count > 1 else kind for kind, count in kinds.items())
    return f" + {what} ({shown})" if kinds else ""


def _header(first: str, names: Sequence[str], last: str | None = None) -> Iterator[str]:
    cells = [first, *names, *([last] if last else [])]
    yield "| " + " | ".join(cells) + " |"
    yield "|" + "---|" * len(cells)


def _line(first: str, cells: Sequence[str], last: str | None = None) -> str:
    return "| " + " | ".join([first, *cells, *([last] if last else [])]) + " |"


if __name__ == "__main__":
    print(document(), end="")
