"""Photos and positions that come when nothing is being reported."""

from actions import awaited
from actions.action import Event, TurnAction, slots
from actions.report.pressed import located
from actions.turn import Turn
from actions.voice import Voice


class KeepPhoto(TurnAction):
    """Takes photos for the case that waits for them, else keeps them for the report that is likely to follow."""

    called = "action_keep_photo"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Keep them and ask what they are for."""
        sent = [str(photo) for photo in turn.values("photo")]
        if (told := await awaited.heard(turn, voice, sent)) is not None:
            return told
        held = list(turn.slots.get("loose_photos") or [])
        photos = list(dict.fromkeys([*held, *sent]))
        voice.say("utter_offer_report", what=voice.word("photo"))
        return slots(loose_photos=photos)


class KeepPlace(TurnAction):
    """Takes a position for the case that waits for it, else keeps it for the report that is likely to follow."""

    called = "action_keep_place"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Keep it and ask what it is for."""
        if (told := await awaited.heard(turn, voice)) is not None:
            return told
        voice.say("utter_offer_report", what=voice.word("place"))
        return slots(loose_place=located(turn))


class Unsupported(TurnAction):
    """Thanks for a sticker or a sound and asks for words."""

    called = "action_unsupported"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Say what cannot be opened."""
        kind = str(turn.value("kind") or "other")
        voice.say("utter_unsupported", what=voice.word(kind if kind in {"sticker", "audio", "video", "file"} else "other"))
        return []
