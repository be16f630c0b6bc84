"""Messages as they come to a component: cut into words."""

from __future__ import annotations

from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from core import thai


def asked(text: str, intent: str | None = None) -> Message:
    """Make a message, with the intent that it was labelled with if it is an example."""
    made = Message({TEXT: text, INTENT: intent} if intent else {TEXT: text})
    made.set(TOKENS_NAMES[TEXT], [Token(word, start, end) for word, start, end in thai.spans(text)])
    return made
