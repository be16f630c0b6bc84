"""Thai text: cleaning what people type, and cutting it into words.

The dialogue engine (Python 3.10) and the rest (Python 3.12) share this module, so it uses nothing but the standard
library and pythainlp.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from pathlib import Path

WORDS_FILE = Path(__file__).resolve().parent.parent / "nlu_data" / "lookups" / "words.txt"

_MAX_MARKS = 30  # Unicode's own limit of marks on one letter (UAX 15); it keeps the work linear
_ABOVE_BELOW = frozenset("ัิีึืฺุู็ํ๎")
_TONES = frozenset("่้๊๋์")
_ONCE = _ABOVE_BELOW | frozenset("เแโใไะาๅำๆฯ")
_BEFORE_A_FINAL = _ABOVE_BELOW | _TONES | frozenset("ะาๅำ")
_THAI_DIGITS = {chr(0x0E50 + digit): str(digit) for digit in range(10)}
_DOUBLES = ("ระบบ", "จำนน")  # after a vowel; the dictionary would also keep คับบ and อืมม
_FINAL_DOUBLE = re.compile(r"([ก-ฮ])\1$")
_LATIN_WORD = r"[^\W\d_\u0E00-\u0E7F]+(?:['-][^\W\d_\u0E00-\u0E7F]+)*"
_PIECE = re.compile(rf"[\u0E01-\u0E3A\u0E40-\u0E4E]+|{_LATIN_WORD}|\d+(?:[.,:/-]\d+)*|\S")

_Chars = list[tuple[str, int]]


def normalise(text: str) -> str:
    """Clean up a text without changing what it says.

    Args:
        text: What a person typed, such as "ไฟดับบบบ  เเถวซอย ๕".

    Returns:
        The same in one spelling: "ไฟดับ แถวซอย 5".
    """
    return normalise_aligned(text)[0]


def normalise_aligned(text: str) -> tuple[str, list[int]]:
    """Clean up a text and remember where each character came from.

    Args:
        text: What a person typed, such as "มากกกก จ้า".

    Returns:
        The clean text, and for each of its characters the index of the original one. The indexes never fall.
    """
    chars = _folded(_shortened(_spelled(_composed(_visible(text)))))
    return "".join(char for char, _ in chars), [index for _, index in chars]


def words(text: str) -> list[str]:
    """Cut a text into words.

    Args:
        text: Thai, English or both: "ไฟถนนดับ 3 ดวง".

    Returns:
        The clean words without spaces: ["ไฟ", "ถนน", "ดับ", "3", "ดวง"].
    """
    return [word for word, _, _ in spans(text)]


def spans(text: str) -> list[tuple[str, int, int]]:
    """Cut a text into words and tell where each stands in the text as it was typed.

    Args:
        text: Thai, English or both: "น้ำท่วมมมมม ซอย ๕".

    Returns:
        (clean word, start, end) with the end exclusive: ("ท่วม", 3, 11) covers all the repeated letters.
    """
    return default_segmenter().spans(text)


class Segmenter:
    """Cuts Thai into words by the newmm dictionary method, with the project's own words added."""

    def __init__(self, own_words: Iterable[str] = ()) -> None:
        """Build the dictionary; this takes about a third of a second.

        Args:
            own_words: Words that the general dictionary lacks, such as "ร้องทุกข์".
        """
        from pythainlp.corpus import thai_words
        from pythainlp.tokenize import newmm
        from pythainlp.util import Trie

        self._cut = newmm.segment
        self._trie = Trie(set(thai_words()) | {word.strip() for word in own_words if word.strip()})

    def spans(self, text: str) -> list[tuple[str, int, int]]:
        """Cut a text into (clean word, start, end); see the function of the same name."""
        clean, origin = normalise_aligned(text)
        ends = [*origin[1:], len(text.rstrip())] if origin else []
        found: list[tuple[str, int, int]] = []
        for piece in _PIECE.finditer(clean):
            start = piece.start()
            for word in self._cut_piece(piece.group()):
                end = start + len(word)
                found.append((word, origin[start], max(ends[end - 1], origin[start] + 1)))
                start = end
        return _without_trailing_spaces(found, text)

    def _cut_piece(self, piece: str) -> list[str]:
        if not "\u0e01" <= piece[0] <= "\u0e4e":
            return [piece]
        return self._cut(piece, self._trie, safe_mode=True)


@cache
def default_segmenter() -> Segmenter:
    """Return the one segmenter of this process, with the words of `nlu_data/lookups/words.txt`."""
    return Segmenter(read_words(WORDS_FILE))


def read_words(path: Path) -> list[str]:
    """Read a word list: one word a line, lines that begin with # are remarks, no file is an empty list."""
    if not path.exists():
        return []
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def utf16_len(text: str) -> int:
    """Count a text as LINE does, in UTF-16 units: "ก" is 1, "😀" is 2."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip_utf16(text: str, limit: int) -> str:
    """Cut a text to at most `limit` UTF-16 units, never through a letter and its marks or an emoji.

    Args:
        text: The text to be cut, such as "ที่นี่".
        limit: The most units, at least 0.

    Returns:
        The longest beginning that fits: "ที่" for 4.
    """
    if utf16_len(text) <= limit:
        return text
    kept = units = 0
    while kept < len(text) and units + utf16_len(text[kept]) <= limit:
        units += utf16_len(text[kept])
        kept += 1
    while kept and _hangs_on(text[kept]):
        kept -= 1
    return text[:kept]


def _hangs_on(char: str) -> bool:
    """Tell whether a character is drawn on the one before it, as ่ and ำ are."""
    return unicodedata.category(char) in ("Mn", "Me") or char in "ำ\u200d"


def _without_trailing_spaces(found: list[tuple[str, int, int]], text: str) -> list[tuple[str, int, int]]:
    """End each word where its letters end: a word's end was taken from the beginning of the next character."""
    return [(word, start, start + max(len(text[start:end].rstrip()), 1)) for word, start, end in found]


def _visible(text: str) -> _Chars:
    """Replace digits and capitals one by one, and drop what cannot be seen."""
    chars: _Chars = []
    for index, char in enumerate(text):
        if char < "\u0250":
            lower = char.lower()
            char = lower if len(lower) == 1 else char
        elif "\ud800" <= char <= "\udfff":  # half of a broken pair: nothing after us could encode it
            char = "\ufffd"
        if not _invisible(char):
            chars.append((_THAI_DIGITS.get(char, char), index))
    return chars


def _invisible(char: str) -> bool:
    if "\ufe00" <= char <= "\ufe0f":
        return True
    return not char.isprintable() and not char.isspace() and unicodedata.category(char) in ("Cf", "Cc")


def _composed(chars: _Chars) -> _Chars:
    """Bring letters and their marks into Unicode's composed form (NFC), letter by letter."""
    if unicodedata.is_normalized("NFC", "".join(char for char, _ in chars)):
        return chars
    result: _Chars = []
    start = 0
    while start < len(chars):
        end = start + 1
        while end < min(len(chars), start + _MAX_MARKS) and _joins(chars[end - 1][0], chars[end][0]):
            end += 1
        cluster = unicodedata.normalize("NFC", "".join(char for char, _ in chars[start:end]))
        last = end - start - 1
        result += [(char, chars[start + min(place, last)][1]) for place, char in enumerate(cluster)]
        start = end
    return result


def _joins(before: str, char: str) -> bool:
    if char.isascii():
        return False
    return unicodedata.combining(char) != 0 or len(unicodedata.normalize("NFC", before + char)) == 1


def _spelled(chars: _Chars) -> _Chars:
    """Give vowels and tone marks their one right spelling and order: เเ is แ, ํา is ำ, ่ี is ี่."""
    result: _Chars = []
    for char, index in chars:
        previous = result[-1][0] if result else ""
        before = result[-2][0] if len(result) > 1 else ""
        if (char in _TONES and previous in _TONES) or (char in _ONCE and char == previous != "เ"):
            continue
        if char in "เแ" and previous in ("เ", "แ"):
            result[-1] = ("แ", result[-1][1])
        elif char == "า" and previous == "ํ":
            result[-1] = ("ำ", result[-1][1])
        elif char == "า" and previous in _TONES and before == "ํ":
            result[-2:] = [(previous, result[-2][1]), ("ำ", result[-1][1])]
        elif previous in _TONES and char in _ABOVE_BELOW:
            if char != before:
                result[-1:] = [(char, result[-1][1]), (previous, index)]
        elif previous == "ำ" and char in _TONES:
            if before not in _TONES:
                result[-1:] = [(char, result[-1][1]), ("ำ", index)]
        else:
            result.append((char, index))
    return result


def _shortened(chars: _Chars) -> _Chars:
    """Take back letters repeated for stress: มากกกก is มาก, ครับบ is ครับ, but ถนน and กรรม stay."""
    result: _Chars = []
    end = 0
    for char, group in groupby(chars, key=lambda pair: pair[0]):
        run = list(group)
        end += len(run)
        following = chars[end][0] if end < len(chars) else ""
        result += run[: _kept(char, len(run), result, following)] if len(run) > 1 else run
    return result


def _kept(char: str, count: int, before: _Chars, following: str) -> int:
    """Say how many of `count` equal characters belong to the text."""
    if "ก" <= char <= "ฮ":
        return _kept_consonants(char, count, before, following)
    if char.isalpha():
        return 1 if count > 3 and char < "\u0250" else count  # "helloooo", but "www" and "III"
    if char.isalnum() or char.isspace() or unicodedata.category(char).startswith("M"):
        return count
    return 1 if count > 2 else count  # "!!!", but "!!" is not worth a rule


def _kept_consonants(char: str, count: int, before: _Chars, following: str) -> int:
    previous = before[-1][0] if before else ""
    if count == 2:
        stressed = not _is_thai(following) and following != "." and previous in _BEFORE_A_FINAL
        return 1 if stressed and not "".join([*(letter for letter, _ in before[-6:]), char, char]).endswith(_DOUBLES) else 2
    if count == 3 and (following == "." or not (_is_thai(previous) or _is_thai(following))):
        return 3  # "ททท." and "สสส" are names
    if count == 3 and _needs_an_initial(following) and _ends_in_double("".join(letter for letter, _ in before[-6:]) + char * 2):
        return 3  # in "แบบบ้าน" the last one begins the next word
    return 2 if _ends_in_double("".join(letter for letter, _ in before[-6:]) + char * 2) else 1


def _is_thai(char: str) -> bool:
    return "\u0e01" <= char <= "\u0e4e"


def _needs_an_initial(char: str) -> bool:
    """Tell vowels and tone marks that stand on or after the letter their syllable begins with."""
    return "\u0e30" <= char <= "\u0e3a" or "\u0e47" <= char <= "\u0e4e"


def _ends_in_double(text: str) -> bool:
    return any(text.endswith(word) for word in _words_with_final_double())


@cache
def _words_with_final_double() -> tuple[str, ...]:
    """Return the words like ถนน that really end in a double letter, if the letter is not their whole end."""
    from pythainlp.corpus import thai_words

    return tuple(sorted(word for word in thai_words() if 2 < len(word) < 8 and _FINAL_DOUBLE.search(word)))


def _folded(chars: _Chars) -> _Chars:
    """Make every run of white space one space, and none at the ends."""
    result: _Chars = []
    for char, index in chars:
        if not char.isspace():
            result.append((char, index))
        elif result and result[-1][0] != " ":
            result.append((" ", index))
    if result and result[-1][0] == " ":
        result.pop()
    return result
