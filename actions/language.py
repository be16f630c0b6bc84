"""The language of the talk."""

import re

from actions.action import Event, TurnAction, slots
from actions.turn import Turn
from actions.voice import Voice

_NAMES = r"(?P<{0}en>english|อังกฤษ|อิงลิช|อิ้ง|\beng?\b)|(?P<{0}th>\bthai\b|ไทย|\bth\b)"
_WISHED = re.compile(_NAMES.format(""), re.IGNORECASE)
_REFUSED = re.compile(
    r"(?:ไม่(?:เอา|พูด|ใช่|ใช้|ถนัด|เข้าใจ|รู้)|(?:do\s?n[o']?t|cannot|can't|cant)\s+\w+|little|no|not)\s*(?:any\s+|ภาษา)?"
    rf"(?:{_NAMES.format('a')})|(?:{_NAMES.format('b')})\s*(?:ไม่(?:ค่อย)?(?:ออก|ได้|เป็น|รู้เรื่อง|เก่ง|แข็งแรง))",
    re.IGNORECASE,
)


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

    Who says "I speak little Thai" wants English, who says "อ่านอังกฤษไม่ออก" wants Thai.
    """
    refused = _REFUSED.search(words)
    wanted = [match.lastgroup for match in _WISHED.finditer(_REFUSED.sub(" ", words))]
    if wanted:
        return str(wanted[-1])
    if refused is None:
        return ""
    return "th" if refused["aen"] or refused["ben"] else "en"
