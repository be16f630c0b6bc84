"""What goes into the JSON API and comes out of it. The OpenAPI file is made from these classes."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from channels.web.parse import TEXT_LIMIT
from conversations.content import ChoiceKind


def _words(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("text_empty", "The text is empty.")
    if len(text) > TEXT_LIMIT:
        raise PydanticCustomError("text_too_long", "The text is longer than 4,000 characters.")
    return text


Words = Annotated[
    str, AfterValidator(_words), Field(json_schema_extra={"minLength": 1, "maxLength": TEXT_LIMIT}, examples=["ไฟถนนดับหน้าวัด"])
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ChatRequest(_Model):
    """One message to the assistant: either ``text`` or the ``payload`` of a button it offered."""

    conversation: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9._:@-]{1,100}$",
        description="The conversation, by a name of your choice; without it a new one begins.",
        examples=["counter-7"],
    )
    text: Words | None = Field(None, description="What the citizen says.")
    payload: str | None = Field(
        None, pattern=r"^/[a-z_]+", max_length=300, description="A button's payload, sent instead of text.", examples=["/affirm"]
    )
    event_id: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9._:-]{8,80}$",
        description="Your own id of this message. The same id again gives the same answer, and nothing is done twice.",
        examples=["msg-2569-11-22-0001"],
    )

    @model_validator(mode="before")
    @classmethod
    def _one_of_two(cls, data: Any) -> Any:
        if isinstance(data, dict) and (data.get("text") is None) == (data.get("payload") is None):
            raise PydanticCustomError("text_or_payload", "Give either text or payload.")
        return data


class Button(_Model):
    """What the citizen may press. ``reply`` sends ``payload`` back, ``link`` opens it, the others ask for a place or a photo."""

    title: str
    payload: str
    kind: ChoiceKind = "reply"


class ChatMessage(_Model):
    """One message of the answer. ``text`` says everything, whatever the type."""

    type: Literal["text", "card", "carousel", "image", "location_request"]
    text: str
    buttons: list[Button] = []
    faq_id: str | None = Field(None, description="The published FAQ this answers from.")
    case_number: str | None = Field(None, description="The case this speaks of.")
    image_url: str | None = None


class Intent(_Model):
    """How the message was understood; without a name when a person answers the conversation."""

    name: str | None
    confidence: float = Field(ge=0, le=1)


class ChatAnswer(_Model):
    """The whole answer to one message; empty while a member of staff answers the conversation."""

    conversation: str
    event_id: str
    messages: list[ChatMessage]
    intent: Intent


class SearchRequest(_Model):
    """A question to the knowledge base."""

    q: Words = Field(description="The question in the citizen's own words.", examples=["ต่อทะเบียนรถใช้อะไรบ้าง"])
    limit: int = Field(3, ge=1, le=20, description="How many results at most.")


class FaqDetails(_Model):
    """What else the answer says, in Thai; empty where the city does not say."""

    steps: list[str] = []
    documents: list[str] = []
    fee: str | None = None
    time: str | None = None
    where: str | None = None
    hours: str | None = None
    link: str | None = None


class FaqResult(_Model):
    """A published question with its answer, the best first."""

    id: str
    title: str
    title_en: str
    score: float = Field(ge=0, le=1, description="How likely it is what was meant.")
    answer: str = Field(description="The short answer in Thai.")
    answer_en: str
    details: FaqDetails
    agency: str
    source: str
    verified: bool = Field(description="Whether the agency itself has confirmed the answer.")


class SearchAnswer(_Model):
    """What was found. ``decision``: ``answer`` (the first is right), ``suggest`` (ask which), ``none`` (nothing fits)."""

    decision: Literal["answer", "suggest", "none"]
    results: list[FaqResult]


class DraftRequest(_Model):
    """What a citizen reports, to be read before a case is opened."""

    text: Words = Field(description="The report.", examples=["เมื่อคืนไฟถนนดับหน้าโรงเรียนบ้านหนองบัว"])
    now: datetime | None = Field(None, description="The moment by which “yesterday” is understood; default: now.")


class DraftAnswer(_Model):
    """What could be read; null where the text does not say."""

    category: str | None = Field(description="The likeliest category's id.", examples=["street-light"])
    category_title: str | None = Field(description="Its Thai title.", examples=["ไฟส่องสว่างสาธารณะ"])
    category_confidence: float = Field(0.0, ge=0, le=1, description="Below 0.35 better ask.")
    place: str | None = Field(description="The words that name the place.")
    when: str | None = Field(
        description="Day, or day and time, on a Bangkok clock (ISO 8601).", examples=["2026-11-21", "2026-11-21T20:00"]
    )


class CaseRequest(_Model):
    """A case number."""

    number: str = Field(max_length=60, description="In any common spelling, Thai digits too.", examples=["P69-000123-8"])


class ErrorWords(BaseModel):
    """What went wrong: a stable code for programs and words for people."""

    model_config = ConfigDict(extra="allow")

    code: str = Field(examples=["text_too_long"])
    message_th: str
    message: str


class ErrorAnswer(_Model):
    """Every error looks like this."""

    error: ErrorWords
