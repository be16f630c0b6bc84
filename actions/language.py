"""The language of the talk."""

import re

from actions.action import Event, TurnAction, slots
from actions.turn import Turn
from actions.voice import Voice

_ENGLISH = re.compile(r"english|อังกฤษ|อิงลิช|\beng?\b|ฝรั่ง", re.IGNORECASE)
_THAI = re.compile(r"\bthai\b|ไทย|\bth\b", re.IGNORECASE)
_NEGATED = re.compile(r"(?:ไม่ได้|ไม่เป็น|ไม่ออก|ไม่รู้เรื่อง|don'?t|cannot|can'?t|little|no)\b?", re.IGNORECASE)
_LATIN = re.compile(r"[A-Za-z]{2,}")


class Language(TurnAction):
    """Changes to Thai or English, or asks which."""

    called = "action_language"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Set the language and speak it at once."""
        wanted = str(turn.value("language") or "") or wished(turn.words)
        if wanted not in {"th", "en"}:
            voice.say("utter_which_language")
            return []
        if turn.loop != "report_form":
            voice.say("utter_language_english" if wanted == "en" else "utter_language_thai")
        else:
            voice.say("utter_language_english_on" if wanted == "en" else "utter_language_thai_on")
        return slots(language=wanted)


def wished(words: str) -> str:
    """The language somebody asks for: "ขอภาษาอังกฤษ" -> ``en``; empty when it cannot be told.

    Who says "I speak little Thai" wants English, who says "อังกฤษไม่ได้" wants Thai.
    """
    english, thai = _ENGLISH.search(words), _THAI.search(words)
    if english and thai:
        refused_thai = _NEGATED.search(words[: thai.start()][-16:] + words[thai.end() :][:12])
        return "en" if refused_thai or english.end() > thai.end() else "th"
    if english:
        return "th" if re.search(r"อังกฤษ\s*(?:ไม่|ได้ไม่)", words) else "en"
    if thai:
        return "en" if _NEGATED.search(words) and _LATIN.search(words) else "th"
    return ""
