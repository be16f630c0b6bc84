import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import entry
from channels.request import BARE_INTENT


@pytest.mark.parametrize(
    ("word", "payload"),
    [
        ("report", "/report_problem"),
        (" Report ", "/report_problem"),
        ("human", "/talk_to_human"),
        ("case_P69-000123-8", '/check_case_status{"case_number": "P69-000123-8"}'),
        ("CASE_p690001238", '/check_case_status{"case_number": "P69-000123-8"}'),
        ("case_P6900012345678", "/session_started"),  # ten running digits: no number of ours
        ("case_12", "/session_started"),
        ("faq_id-card-lost", '/choose_faq{"faq": "id-card-lost"}'),
        ('faq_x"}', "/session_started"),
        ("", "/session_started"),
        ("/restart", "/session_started"),
        ("poster-17", "/session_started"),
    ],
)
def test_words_of_links(word: str, payload: str) -> None:
    assert entry.payload(word) == payload


@given(st.text() | st.from_regex(r"(?i)(case|faq)_.{0,90}", fullmatch=True))
def test_no_word_can_ask_for_more(word: str) -> None:
    intent, brace, rest = entry.payload(word).partition("{")
    assert BARE_INTENT.fullmatch(intent)
    assert intent in {"/report_problem", "/talk_to_human", "/check_case_status", "/choose_faq", "/session_started"}
    if brace:
        assert [len(json.loads(brace + rest)), rest.count("{")] == [1, 0]
