"""Contents as calls of the Bot API: ``{"method": "sendMessage", ...}`` without the chat, one after the other."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from channels.telegram.keyboard import REMOVED, Keyboard, Offer, keyboard
from channels.telegram.markup import CAPTION_LIMIT, TEXT_LIMIT, Block, escape, pages
from channels.text import utf16_len
from conversations.content import Card, Carousel, Image, LocationRequest, Outward, offered, plain_text

Call = dict[str, Any]
_MOST_FOR_LINKS = 2000


def render(content: Outward, message_id: str) -> list[Call]:
    """The calls for one content of the message ``message_id``, whose buttons carry that id."""
    offers = list(offered(content).items())
    thai = any("\u0e00" <= letter <= "\u0e7f" for letter in plain_text(content))
    match content:
        case Carousel():
            return _carousel(content, offers, message_id, thai)
        case Card():
            return _calls(_card(content), keyboard(offers, message_id, thai=thai), content.image_url)
        case Image():
            return _calls([Block(content.alt)], Keyboard(), content.url)
        case _:
            asks = isinstance(content, LocationRequest)
            return _calls([Block(content.text)], keyboard(offers, message_id, place=asks, thai=thai))


def simpler(call: Call) -> Call | None:
    """The same with its addresses in words, for when Telegram cannot fetch a picture or open a link; None if it has none."""
    rows = call.get("reply_markup", {}).get("inline_keyboard", [])
    links = [f"{button['text']}: {button['url']}" for row in rows for button in row if "url" in button]
    if not links and "photo" not in call:
        return None
    lines = [call.get("text") or call.get("caption") or "", *(escape(line) for line in links), escape(call.get("photo", ""))]
    kept = [row for row in ([button for button in row if "url" not in button] for row in rows) if row]
    markup = call["reply_markup"] if not rows else {"inline_keyboard": kept} if kept else REMOVED
    return _message("\n".join(line for line in lines if line), markup)


def _carousel(content: Carousel, offers: Sequence[Offer], message_id: str, thai: bool) -> list[Call]:
    """A message for each card. The carousel's own choices stand below the last, where the citizen's eyes are."""
    calls = _calls([Block(content.text)], Keyboard())
    for number, card in enumerate(content.cards):
        own = [(place, choice) for place, choice in offers if place.startswith(f"c{number}.")]
        if number == len(content.cards) - 1:
            own += [(place, choice) for place, choice in offers if "." not in place]
        calls += _calls(_card(card), keyboard(own, message_id, thai=thai), card.image_url)
    return calls


def _card(card: Card) -> list[Block]:
    fields = (Block(f":\n{one.value}" if "\n" in one.value else f": {one.value}", one.label) for one in card.fields)
    blocks = [Block("", card.title), Block(card.subtitle or ""), Block(card.text, gap="\n\n"), *fields]
    return [block for block in blocks if block.text or block.heading]


def _calls(blocks: list[Block], below: Keyboard, picture: str | None = None) -> list[Call]:
    """Words with a keyboard under the last of them, after the picture if it has an address that Telegram may fetch."""
    if picture and not _fetchable(picture):
        blocks, picture = [*blocks, Block(picture)], None
    blocks = [*blocks, *(Block(line, gap="\n" if place else "\n\n") for place, line in enumerate(below.lines))]
    room = TEXT_LIMIT - min(_MOST_FOR_LINKS, _links_size(below))  # so that `simpler` has room for them
    texts = pages(blocks, room) or ["…"]
    if picture is None:
        return _texts(texts, below)
    if len(captions := pages(blocks, CAPTION_LIMIT)) <= 1:
        return [_photo(picture, captions[0] if captions else "", below)]
    return [_photo(picture, "", Keyboard()), *_texts(texts, below)]


def _links_size(below: Keyboard) -> int:
    rows = below.markup.get("inline_keyboard", [])
    return sum(utf16_len(escape(f"\n{one['text']}: {one['url']}")) for row in rows for one in row if "url" in one)


def _texts(texts: Sequence[str], below: Keyboard) -> list[Call]:
    return [*(_message(text, REMOVED) for text in texts[:-1]), _message(texts[-1], below.markup)]


def _message(text: str, markup: Any) -> Call:
    return {
        "method": "sendMessage",
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": markup,
    }


def _photo(address: str, caption: str, below: Keyboard) -> Call:
    words = {"caption": caption, "parse_mode": "HTML"} if caption else {}
    return {"method": "sendPhoto", "photo": address, **words, "reply_markup": below.markup}


def _fetchable(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and "." in (parts.hostname or "")
    except ValueError:
        return False
