"""Titles of buttons are read whole on every platform: LINE and Messenger cut them after 20 signs."""

import yaml

from actions import words
from conversations import announcement
from core.settings import ROOT

SIGNS = 20


def test_every_title_of_the_domain_and_of_the_actions_is_shown_whole() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    answers = [answer for answers in domain["responses"].values() for answer in answers]
    titles = [choice["title"] for answer in answers for choice in answer.get("buttons", []) if "{" not in choice["title"]]
    assert len(titles) > 50
    titles += [title for pair in words._WORDS.values() for title in pair] + [announcement.STAY, announcement.STAY_EN]
    assert [title for title in titles if len(title) > SIGNS] == []
