"""One FAQ as its curators write it, and the rules its parts must keep."""

from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
RESERVED = frozenset({"new", "preview", "try", "due", "group"})  # pages that stand where a FAQ of this id would
Lines = Annotated[list[Line], Field(max_length=60)]
State = Literal["draft", "in_review", "published", "archived"]


def _https(link: str | None) -> str | None:
    if link is not None and (urlsplit(link).scheme != "https" or not urlsplit(link).hostname):
        raise ValueError("a link must begin with https:// and name a site")
    return link


def _unreserved(faq_id: str) -> str:
    if faq_id in RESERVED:
        raise ValueError("this id is the address of another page")
    return faq_id


def _different(texts: list[str]) -> list[str]:
    if len(set(texts)) < len(texts):
        raise ValueError("two variants are the same")
    return texts


class Bilingual(BaseModel):
    """The same sentence in Thai and in English."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    th: Line
    en: Line


class Entry(BaseModel):
    """Everything a FAQ says. Parts that hold Thai only are shown in Thai to everybody.

    ``summary`` is the short answer; ``variants`` are other ways to ask, in the words people use ("บัตรปชช หาย ทำไงดี");
    ``verified`` says that the agency itself has confirmed the answer, ``reviewed`` when somebody last read it over.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[Slug, AfterValidator(_unreserved)]
    group: Slug
    agency: Line
    question: Bilingual
    summary: Bilingual
    steps: Lines = []
    documents: Lines = []
    fee: Line | None = None
    time: Line | None = None
    where: Line | None = None
    hours: Line | None = None
    link: Annotated[Line | None, AfterValidator(_https)] = None
    source: Line
    review_by: date
    verified: bool = False
    reviewed: date | None = None
    variants: Annotated[list[Line], Field(max_length=200), AfterValidator(_different)] = []

    def body(self) -> dict[str, Any]:
        """The entry as JSON, the form in which versions keep it."""
        return self.model_dump(mode="json")

    def questions(self) -> list[str]:
        """All ways to ask: the question in both languages, then the variants."""
        return [self.question.th, self.question.en, *self.variants]


class Written(Entry):
    """An entry in a content file, which also says in which state it enters the database.

    ``version`` stands in exported files; content files need none.
    """

    state: State = "published"
    version: int | None = None

    def entry(self) -> Entry:
        """The entry without its state."""
        return Entry.model_validate(self.model_dump(exclude={"state", "version"}))
