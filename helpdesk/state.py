"""The states of a case, the steps between them, and what citizens read."""

from enum import StrEnum

from helpdesk.error import TransitionRefused, UnknownState


class State(StrEnum):
    """Where a case stands. Its value is what the database and the command line hold."""

    NEW = "new"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    WAITING_CITIZEN = "waiting_citizen"
    WAITING_AGENCY = "waiting_agency"
    DONE = "done"
    CLOSED = "closed"
    REJECTED = "rejected"
    REOPENED = "reopened"


FINISHED = frozenset({State.DONE, State.CLOSED})
OPEN = frozenset(State) - FINISHED - {State.REJECTED}
NOTE_REQUIRED = frozenset({State.DONE, State.REJECTED})

_WORK = (State.IN_PROGRESS, State.WAITING_CITIZEN, State.WAITING_AGENCY, State.DONE, State.REJECTED)

TRANSITIONS: dict[State, tuple[State, ...]] = {
    State.NEW: (State.ACCEPTED, State.WAITING_CITIZEN, State.REJECTED),
    State.ACCEPTED: _WORK,
    State.IN_PROGRESS: tuple(state for state in _WORK if state is not State.IN_PROGRESS),
    # a citizen who never answers ends here: closed, not done
    State.WAITING_CITIZEN: (State.ACCEPTED, State.IN_PROGRESS, State.WAITING_AGENCY, State.DONE, State.CLOSED, State.REJECTED),
    State.WAITING_AGENCY: tuple(state for state in _WORK if state is not State.WAITING_AGENCY),
    State.DONE: (State.CLOSED, State.REOPENED),
    State.CLOSED: (State.REOPENED,),
    State.REJECTED: (State.REOPENED,),
    State.REOPENED: (State.ACCEPTED, *_WORK),
}

_LABELS: dict[State, tuple[str, str]] = {
    State.NEW: ("ส่งเรื่องแล้ว", "Sent"),
    State.ACCEPTED: ("รับเรื่องแล้ว", "Accepted"),
    State.IN_PROGRESS: ("กำลังดำเนินการ", "In progress"),
    State.WAITING_CITIZEN: ("รอข้อมูลเพิ่มเติมจากผู้แจ้ง", "Waiting for your information"),
    State.WAITING_AGENCY: ("รอหน่วยงานที่เกี่ยวข้อง", "Waiting for another agency"),
    State.DONE: ("ดำเนินการเสร็จแล้ว", "Done"),
    State.CLOSED: ("ปิดเรื่องแล้ว", "Closed"),
    State.REJECTED: ("ไม่รับดำเนินการ", "Rejected"),
    State.REOPENED: ("เปิดเรื่องอีกครั้ง", "Reopened"),
}


def state(name: str) -> State:
    """Read a state's name such as ``in_progress``.

    Raises:
        UnknownState: when there is none of this name.
    """
    try:
        return State(name)
    except ValueError:
        raise UnknownState(name) from None


def label(name: str, language: str = "th") -> str:
    """What citizens read: ``accepted`` -> ``รับเรื่องแล้ว``, in English (``en``) ``Accepted``."""
    thai, english = _LABELS[state(name)]
    return english if language == "en" else thai


def check(old: str, new: str) -> None:
    """Let the step from one state to another pass, or say in Thai why not.

    Raises:
        TransitionRefused: when the machine has no such step; the message names both states.
    """
    if state(new) not in TRANSITIONS[state(old)]:
        raise TransitionRefused(label(old), label(new))


def needs_note(old: str, new: str) -> bool:
    """Whether the step needs a word to the citizen: done and rejected do, and closing what was never done."""
    return state(new) in NOTE_REQUIRED or (state(new) is State.CLOSED and state(old) is not State.DONE)


def mermaid() -> str:
    """The machine as Mermaid text, for the documentation."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.NEW}"]
    lines += [f"    {name} : {label(name)}" for name in State]
    lines += [f"    {old} --> {new}" for old, following in TRANSITIONS.items() for new in following]
    return "\n".join(lines) + "\n"
