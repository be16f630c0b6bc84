"""The cards of reports and cases in English; the Thai ones are the helpdesk's."""

from conversations.content import Card, CardField, Choice
from helpdesk import category as categories
from helpdesk import intake, notice
from helpdesk import state as states
from helpdesk.record import Case
from helpdesk.state import State


def summary_card(draft: intake.Draft) -> Card:
    """What will be sent, to be confirmed."""
    kind = categories.category(draft.category) if draft.category else None
    values = (
        ("Kind", f"{kind.emoji} {kind.title_en}" if kind else ""),
        ("What", (draft.description or "").strip()),
        ("Where", draft.place.words() if draft.place else ""),
        ("When", (draft.happened_at or "").strip()),
        ("Photos", str(len(draft.photos)) if draft.photos else "none"),
        ("Contact", (draft.contact or "").strip()),
    )
    secret = "\nThis case stays confidential and is not shown to the public." if kind and kind.confidential else ""
    return Card(
        title="Please check before sending",
        text=f"Is this right?{secret}",
        fields=[CardField(label=label, value=value or "not given") for label, value in values],
        choices=[
            Choice(title="Send", payload="/affirm"),
            Choice(title="Change", payload="/deny"),
            Choice(title="Cancel", payload="/cancel"),
        ],
    )


def opened_card(case: Case) -> Card:
    """The case is open: its number and where to follow it."""
    return Card(
        title="Your report has been sent",
        subtitle=case.number,
        text=f"Your case number is {case.number}. Please keep it; news comes in this chat.",
        fields=_fields(("Matter", case.title), ("Place", case.place_text), ("Unit", case.unit)),
        choices=[_follow(case)],
        case_number=case.number,
    )


def status_card(case: Case) -> Card:
    """How the reporter's case stands."""
    return Card(
        title=states.label(case.state, "en"),
        subtitle=case.number,
        fields=_fields(("Matter", case.title), ("Place", case.place_text), ("Unit", case.unit)),
        choices=[*_next_steps(State(case.state)), _follow(case)],
        case_number=case.number,
    )


def _next_steps(state: State) -> list[Choice]:
    if state in states.FINISHED:
        return [Choice(title="It is not fixed", payload="/dispute_case_closed")]
    return [] if state is State.REJECTED else [Choice(title="Add information", payload="/add_case_information")]


def _follow(case: Case) -> Choice:
    return notice.follow(case.number).model_copy(update={"title": "Follow the case"})


def _fields(*pairs: tuple[str, str]) -> list[CardField]:
    return [CardField(label=label, value=value) for label, value in pairs if value]
