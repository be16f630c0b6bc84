"""The voice: how actions speak, in responses of `domain.yml` or in contents built here."""

import json
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.words import word
from conversations.content import Card, Carousel, Choice, Image, LocationRequest, Text

TITLE_LENGTH = 80  # what `conversations.content.Choice` takes


class Voice:
    """Speaks to the citizen of one turn, in their language."""

    def __init__(self, dispatcher: CollectingDispatcher, language: str) -> None:
        """Speak through Rasa's dispatcher; the language is ``th`` or ``en``."""
        self._dispatcher = dispatcher
        self.language = language

    def say(self, response: str, choices: list[Choice] | None = None, **values: Any) -> None:
        """Utter a response of the domain; ``values`` fill its ``{names}``, ``choices`` follow its own buttons."""
        buttons = [choice.model_dump(mode="json") for choice in choices or []]
        self._dispatcher.utter_message(response=response, buttons=buttons, **values)

    def show(self, content: Text | Card | Carousel | Image | LocationRequest) -> None:
        """Utter a content as it is."""
        self._dispatcher.utter_message(json_message=content.model_dump(mode="json", exclude_none=True))

    def word(self, name: str) -> str:
        """A button's or a field's word in the citizen's language."""
        return word(name, self.language)

    def choice(self, name: str, intent: str, **entities: Any) -> Choice:
        """A button with a word of `actions.words`."""
        return choice(self.word(name), intent, **entities)


def choice(title: str, intent: str, **entities: Any) -> Choice:
    """A button that sends an intent: ``choice("ใช่", "affirm")``; entities make ``/choose_faq{"faq":"id-card-renewal"}``."""
    values = json.dumps(entities, ensure_ascii=False, separators=(",", ":")) if entities else ""
    short = title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…"
    return Choice(title=short, payload=f"/{intent}{values}")
