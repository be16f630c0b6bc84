"""LINE's own emoji and stickers in words: what they mean to somebody who cannot see them."""

from collections import Counter
from collections.abc import Iterable

NEUTRAL = "🔸"  # an emoji whose meaning LINE did not tell
_EMOJI = {
    "❤️": "love, heart, hearts, red heart, i love you",
    "😍": "heart eyes, in love, adore",
    "😊": "happy, smile, smiling, blush, glad, moon smile",
    "😄": "grin, laugh, joyful, yay, excited, cheerful",
    "😂": "lol, haha, laughing, tears of joy",
    "😢": "sad, cry, crying, tear, tears",
    "😭": "sob, sobbing, bawling",
    "😡": "angry, mad, furious, rage, anger",
    "😮": "surprised, surprise, shocked, wow, oh",
    "😅": "sweat, nervous, phew, awkward",
    "😉": "wink",
    "😴": "sleep, sleepy, sleeping, zzz, good night",
    "🤔": "think, thinking, hmm",
    "🙏": "thanks, thank you, please, pray, sorry",
    "👋": "hello, hi, hey, bye, wave, goodbye",
    "👍": "good, ok, okay, yes, thumbs up, like, great, nice",
    "👎": "bad, no, thumbs down, dislike",
    "👏": "clap, bravo, congrats, congratulations",
    "💪": "strong, fight, muscle, cheer up",
    "✌️": "peace, victory",
    "🎉": "party, celebrate, celebration, hooray",
    "🌟": "star, stars, shiny, sparkle, sparkles",
    "🔥": "fire, hot",
    "💧": "water, drop",
    "🌧️": "rain, rainy",
    "☀️": "sun, sunny",
    "❗": "exclamation, exclamation mark, important",
    "❓": "question, question mark",
    "✅": "check, checked, done",
    "❌": "cross, wrong",
    "🎂": "cake, birthday, happy birthday",
    "💔": "broken heart, heartbroken",
    "🌹": "flower, flowers, rose",
    "🎁": "gift, present",
    "🐻": "brown, bear",
    "🐰": "cony, rabbit",
    "🐤": "sally, chick",
    "🙂": "moon, james",
}
_STICKER = {
    "ขอโทษ": "sorry, apology, apologize, excuse me, my bad",
    "ขอบคุณ": "thanks, thank you, thankyou, thx, grateful, appreciate",
    "ลาก่อน": "bye, goodbye, bye bye, see you, see ya, farewell",
    "ไม่": "no, nope, refuse, never",
    "ตกลง": "ok, okay, yes, agree, agreed, sure, roger, alright, got it",
    "สวัสดี": "hello, hi, hey, good morning, good afternoon, good evening, greeting, greetings",
}


def _by_word(table: dict[str, str]) -> dict[str, str]:
    return {word: meaning for meaning, words in table.items() for word in words.split(", ")}


_EMOJI_OF, _WORD_OF = _by_word(_EMOJI), _by_word(_STICKER)


def emoji(placeholder: str) -> str:
    """What stands for LINE's placeholder: ``(love)`` becomes ❤️, a letter such as ``(A)`` itself, an unknown one `NEUTRAL`."""
    word = placeholder.strip("() \t\n").replace("_", " ").lower()
    if len(word) == 1 and word.isalnum():
        return word.upper()
    return _EMOJI_OF.get(word, NEUTRAL)


def sticker(keywords: Iterable[str]) -> str:
    """What a sticker says in one Thai word, ``""`` when its keywords do not tell. A sticker has up to 15: the most count."""
    said = Counter(_WORD_OF[word] for word in (one.strip().lower() for one in keywords) if word in _WORD_OF)
    return max(_STICKER, key=lambda meaning: said[meaning]) if said else ""
