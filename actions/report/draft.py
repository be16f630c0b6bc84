"""The half-told report, as the slots of the conversation hold it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from actions.action import Event, slots
from helpdesk import intake
from helpdesk.place import Place

OTHER = "other"


@dataclass(frozen=True)
class Draft:
    """A report as far as it has been told; None is "not asked yet".

    ``place`` is {} when the citizen does not know it, else holds the fields of `helpdesk.place.Place`; ``photos`` is []
    when there is none; ``contact`` is {} when refused, else has ``consent`` (None until answered) and ``phone``, ``name``.
    ``confirmed`` is False when the citizen could not decide, and the draft waits. ``tries`` counts unclear answers to a
    question. ``duplicate`` is an open case that may be the same: {"about": kind and place that were looked for, "number",
    "title", "state", "own", "answer": "join" or "no"}, only with "about" when there is none. ``next`` is a second problem,
    told in the middle of this one: {"words", "category"}.
    """

    kind: str | None = None  # "contact": an official shall call back
    category: str | None = None
    guess: list[str] | None = None  # the likeliest categories, the first one first
    description: str | None = None
    place: dict[str, Any] | None = None
    time: str | None = None
    photos: list[str] | None = None
    contact: dict[str, Any] | None = None
    confirmed: bool | None = None
    tries: dict[str, int] = field(default_factory=dict)
    duplicate: dict[str, Any] | None = None
    next: dict[str, Any] | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Draft":
        """Read the draft from the slots of a conversation."""
        told: dict[str, Any] = {item.name: values.get(f"report_{item.name}") for item in fields(cls)}
        told["tries"] = told["tries"] or {}
        return cls(**told)

    def but(self, **changes: Any) -> "Draft":
        """The draft with some fields changed."""
        return replace(self, **changes)

    def tried(self, asked: str) -> "Draft":
        """The draft after one more unclear answer to a question."""
        return self.but(tries={**self.tries, asked: self.times(asked) + 1})

    def times(self, asked: str) -> int:
        """How many unclear answers a question has had."""
        return self.tries.get(asked, 0)

    def events(self, held: "Draft") -> list[Event]:
        """Events that write into the slots what differs from the draft they hold, and the tries in any case."""
        names = [item.name for item in fields(self) if getattr(self, item.name) != getattr(held, item.name)]
        return slots(**{f"report_{name}": getattr(self, name) for name in {*names, "tries"}})

    @property
    def told(self) -> bool:
        """Whether there is anything worth going on with."""
        return bool(self.description or self.photos or self.place)

    @property
    def about(self) -> str:
        """The beginning of the citizen's words: "ไฟถนนดับหน้าบ้าน"."""
        return shortened(self.description or "-")

    @property
    def joins(self) -> bool:
        """Whether the citizen follows another's case instead of opening one."""
        return (self.duplicate or {}).get("answer") == "join"

    def answered(self, answer: str) -> "Draft":
        """The draft after the question whether a case is the same: ``join`` or ``no``."""
        return self.but(duplicate={**(self.duplicate or {}), "answer": answer})

    def where(self) -> Place | None:
        """The place, if any was told."""
        return Place(**self.place) if self.place else None

    def reach(self) -> str | None:
        """The contact as one line, only if its owner agreed: "สมชาย 0812345678"."""
        contact = self.contact or {}
        line = " ".join(part for part in (contact.get("name"), contact.get("phone")) if part)
        return line if line and contact.get("consent") else None

    def intake(self) -> intake.Draft:
        """The draft as the helpdesk shows it in its summary."""
        return intake.Draft(
            category=self.category,
            description=self.description,
            place=self.where(),
            happened_at=self.time,
            photos=tuple(self.photos or ()),
            contact=self.reach(),
        )


def shortened(words: str, length: int = 40) -> str:
    """The beginning of some words, to be quoted."""
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"


def erased(held: Draft) -> list[Event]:
    """Events that forget the draft which the slots hold."""
    return [*Draft().events(held), *slots(requested_slot=None)]
