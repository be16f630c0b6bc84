"""What a message may hold, the same for every channel.

Citizens send an `Inward` content, the assistant, staff and notices send an `Outward` one. Channels render an outward
content as their platform does it best; none may drop one silently.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

ChoiceKind = Literal["reply", "link", "location", "photo"]


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)  # a citizen's words stay out of logs


class Choice(_Content):
    """A button. ``reply`` sends ``payload`` back (as the engine reads it: ``/affirm``), ``link`` opens it as an address.

    ``location`` and ``photo`` ask the citizen's device for a position or a picture and need no payload.
    """

    title: str = Field(min_length=1, max_length=80)
    payload: str = Field("", max_length=300)
    kind: ChoiceKind = "reply"


class CardField(_Content):
    """A line of a card: ``สถานที่`` / ``ซอยลาดพร้าว 71``."""

    label: str
    value: str


class _Outward(_Content):
    faq_id: str | None = None  # the FAQ this answers from
    case_number: str | None = None  # the case this speaks of


class Text(_Outward):
    """Words, with choices below them when there are any."""

    type: Literal["text"] = "text"
    text: str = Field(min_length=1)
    choices: list[Choice] = []


class Card(_Outward):
    """A titled block: a FAQ answer, a case, a summary to confirm. ``text`` may hold several lines."""

    type: Literal["card"] = "card"
    title: str
    subtitle: str | None = None
    text: str = ""
    fields: list[CardField] = []
    image_url: str | None = None
    choices: list[Choice] = []

    def plain(self) -> str:
        """The card as plain text, for channels without cards, transcripts and screen readers."""
        fields = (f"{f.label}:\n{f.value}" if "\n" in f.value else f"{f.label}: {f.value}" for f in self.fields)
        return "\n".join(line for line in (self.title, self.subtitle, self.text, *fields) if line)


class Carousel(_Outward):
    """Up to ten cards side by side, with words for channels that show only those."""

    type: Literal["carousel"] = "carousel"
    text: str
    cards: list[Card] = Field(min_length=1, max_length=10)
    choices: list[Choice] = []


class Image(_Outward):
    """A picture by address, with words for those who cannot see it."""

    type: Literal["image"] = "image"
    url: str
    alt: str = "รูปภาพ"


class LocationRequest(_Outward):
    """Asks where; channels that can offer to share the position do so, and words work always."""

    type: Literal["location_request"] = "location_request"
    text: str = Field(min_length=1)
    choices: list[Choice] = []


Outward = Annotated[Text | Card | Carousel | Image | LocationRequest, Field(discriminator="type")]
_OUTWARD: TypeAdapter[Text | Card | Carousel | Image | LocationRequest] = TypeAdapter(Outward)


def outward(data: dict[str, Any]) -> Outward:
    """Read an outward content from JSON data.

    Raises:
        pydantic.ValidationError: when it is none.
    """
    return _OUTWARD.validate_python(data)


def plain_text(content: Outward) -> str:
    """What a content says, in words only."""
    match content:
        case Card():
            return content.plain()
        case Carousel():
            return "\n\n".join([content.text, *(card.plain() for card in content.cards)])
        case Image():
            return content.alt
        case _:
            return content.text


def offered(content: Outward) -> dict[str, Choice]:
    """All choices of a content by their place in it: ``"0"``, and ``"c1.0"`` for the first one of the second card."""
    found = {str(place): choice for place, choice in enumerate(getattr(content, "choices", []))}
    for number, card in enumerate(content.cards if isinstance(content, Carousel) else []):
        found |= {f"c{number}.{place}": choice for place, choice in enumerate(card.choices)}
    return found


InwardKind = Literal["text", "image", "file", "audio", "video", "sticker", "location", "choice", "event"]


class Position(_Content):
    """A place on the map, in degrees (WGS 84), with the platform's words for it if any."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    label: str = ""


class Inward(_Content):
    """What a citizen sent.

    ``text`` holds words, a caption, a sticker's meaning or a choice's title; ``payload`` a choice's payload; ``attachments``
    ids of stored files. ``event`` names an event:

    * answered: ``follow`` (they added us), ``entry`` (they came by a link whose word is ``text``), ``session`` (they opened the
      web page), ``join`` and ``group`` (a group took us in, or speaks to us);
    * only recorded: ``unfollow`` (they blocked us), ``leave``, ``unsend``, ``reaction`` (``text`` is the emoji), ``echo`` (what a
      person of the office wrote in the platform's own inbox), ``standby`` (another program answers them now), ``other``
      (``text`` is the platform's name of it).

    ``details`` may hold ``media``: files to fetch, each {"kind", "id" or "url", "name", "size"}; ``choice``: the place of the
    pressed choice as ``<message id>:<place>`` (see `offered`); ``edited``: true for a message that was written anew.
    """

    kind: InwardKind
    text: str = ""
    payload: str = ""
    event: str = ""
    position: Position | None = None
    attachments: list[str] = []
    details: dict[str, Any] = {}
