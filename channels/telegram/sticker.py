"""What a sticker says: Telegram gives the emoji that its maker chose for it."""

_LOOKS = dict.fromkeys([0xFE0E, 0xFE0F, 0x200D, 0x2640, 0x2642, *range(0x1F3FB, 0x1F400)])  # skin, sex, and emoji or text
_WORDS = {
    "ตกลง": "👍 👌 🆗 ✅ ✔",
    "ไม่ใช่": "👎 🙅 ❌ ✖",
    "ขอบคุณ": "🙏 ❤ 💖 💕 💗 💙 💚 💛 🧡 💜 🥰 😍 😘 🤗 💐 🌹 🎉 👏 🙇",
    "สวัสดี": "👋 🙋",
    "ลาก่อน": "😴 🌙 💤",
    "แย่มาก": "😡 😠 🤬 👿",
    "ช่วยด้วย": "🆘",
}
_MEANING = {emoji: words for words, all_of_them in _WORDS.items() for emoji in all_of_them.split()}


def meaning(emoji: str) -> str:
    """A Thai word for the common ones (👍🏽 -> ตกลง); empty for others."""
    return _MEANING.get(emoji.translate(_LOOKS), "")
