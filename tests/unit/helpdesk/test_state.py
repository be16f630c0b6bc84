from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk import state as states
from helpdesk.error import TransitionRefused, UnknownState
from helpdesk.state import State

DOCS = Path(__file__).resolve().parents[3] / "docs" / "helpdesk.md"
STATES = st.sampled_from(list(State))


@given(STATES, STATES)
def test_a_step_passes_or_names_both_states(old: State, new: State) -> None:
    if new in states.TRANSITIONS[old]:
        states.check(old, new)
        return
    with pytest.raises(TransitionRefused) as refused:
        states.check(old, new)
    assert states.label(old) in str(refused.value)
    assert states.label(new) in str(refused.value)


def test_every_state_can_be_reached_and_none_is_a_trap() -> None:
    reached = {State.NEW}
    for _ in State:
        reached |= {new for old in reached for new in states.TRANSITIONS[old]}
    assert reached == set(State)
    assert all(states.TRANSITIONS[name] for name in State)


def test_no_step_leads_to_itself() -> None:
    assert all(name not in states.TRANSITIONS[name] for name in State)


@pytest.mark.parametrize(("old", "new"), [("new", "done"), ("done", "in_progress"), ("closed", "done"), ("accepted", "new")])
def test_steps_that_would_hide_something_are_refused(old: str, new: str) -> None:
    with pytest.raises(TransitionRefused):
        states.check(old, new)


def test_only_finished_or_rejected_cases_are_reopened() -> None:
    assert {old for old in State if State.REOPENED in states.TRANSITIONS[old]} == {State.DONE, State.CLOSED, State.REJECTED}


def test_labels_are_different_in_both_languages() -> None:
    assert len({states.label(name) for name in State}) == 9
    assert len({states.label(name, "en") for name in State}) == 9
    assert states.label("accepted") == "รับเรื่องแล้ว"
    assert states.label("in_progress") == "กำลังดำเนินการ"
    assert states.label("in_progress", "en") == "In progress"


def test_an_unknown_state_is_named() -> None:
    with pytest.raises(UnknownState, match="sleeping"):
        states.state("sleeping")


def test_the_picture_shows_every_step_once() -> None:
    lines = states.mermaid().splitlines()
    steps = [f"    {old} --> {new}" for old, following in states.TRANSITIONS.items() for new in following]
    assert [line for line in lines if "-->" in line] == ["    [*] --> new", *steps]


def test_the_documentation_shows_the_machine_as_it_is() -> None:
    assert f"```mermaid\n{states.mermaid()}```" in DOCS.read_text(encoding="utf-8")
