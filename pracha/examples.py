"""Training examples: new ones are added to the files of `nlu_data/nlu` as lines of text, so that all else stays as it was."""

import bisect
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from conversations.utterance import utterance_key
from core import privacy

_BULLET = "    - "
_HEAD = re.compile(r"- intent: *(?P<intent>\S+) *")
_HIDDEN = (privacy.PHONE, privacy.CITIZEN, privacy.NUMBER, privacy.EMAIL, privacy.ACCOUNT, privacy.NAME, privacy.HOUSE)
_PLACEHOLDERS = re.compile("|".join(re.escape(word) for word in _HIDDEN))
_ENTITY = re.compile(r"\[(?P<words>[^\]]+)\](?:\([^)]*\)|\{[^}]*\}|\[[^\]]*\])")
_MARKS_ENTITY = re.compile(r"\](?=[(\[{])")  # with a blank between, Rasa reads both brackets as words


class FilesBroken(Exception):
    """The files could not be read, or would not hold what they should; nothing was written."""


def example(text: str) -> str:
    """An example as a line may hold it: "โทร [เบอร์โทร] ด่วน" -> "โทร ด่วน"; nothing in it is read as an entity."""
    bare = "".join(" " if unicodedata.category(char) in {"Cc", "Cs", "Co", "Cn"} else char for char in text)
    return _MARKS_ENTITY.sub("] ", " ".join(_PLACEHOLDERS.sub(" ", bare).split()))


def key(example: str) -> str:
    """The same key for examples that differ in entity marks, spaces, signs and capitals only."""
    return utterance_key(_ENTITY.sub(r"\g<words>", example))


def unseen(folder: Path) -> set[str]:
    """The keys of all texts that the assistant is measured with, which must never be learned from."""
    lines = (line for path in sorted(folder.glob("*_unseen.jsonl")) for line in path.read_text("utf-8").splitlines())
    return {key(str(json.loads(line)["text"])) for line in lines if line.strip()}


class Examples:
    """The files of a folder, changed in memory until `write`."""

    def __init__(self, folder: Path) -> None:
        """Read them.

        Raises:
            FilesBroken: If a file is no training data.
        """
        self._folder = folder
        self.before = {path: path.read_text("utf-8") for path in sorted(folder.glob("*.yml"))}
        self.after = dict(self.before)
        self._intents = {
            key(one): intent for path in self.before for intent, found in _read(path.name, self.before[path]) for one in found
        }

    def intent_of(self, text: str) -> str | None:
        """Which intent has this example already."""
        return self._intents.get(key(text))

    def add(self, intent: str, text: str) -> None:
        """Add an example to its intent: where the examples are sorted, in its place, else as the last."""
        path = next((path for path, content in self.after.items() if _block(content.split("\n"), intent)), None)
        if path is None:
            path = self._folder / f"{intent.split('/')[0]}.yml"
            self.after[path] = (self.after.get(path) or 'version: "3.1"\nnlu:\n') + f"- intent: {intent}\n  examples: |\n"
        self.after[path] = _with(self.after[path], intent, text)
        self._intents[key(text)] = intent

    def check(self) -> None:
        """See that every changed file still reads as before, with the new examples and nothing else.

        Raises:
            FilesBroken: If one does not.
        """
        for path, content in self.after.items():
            old = _sorted(_read(path.name, self.before.get(path, "nlu: []")))
            new = _sorted(_read(path.name, content))
            lines = len(content.splitlines()) - len(self.before.get(path, "").splitlines())
            grown = sum(map(len, new.values())) - sum(map(len, old.values()))
            lost = any(not set(found) <= set(new.get(intent, [])) for intent, found in old.items())
            if lost or (path in self.before and grown != lines and set(old) == set(new)):
                raise FilesBroken(f"{path.name} would not hold what it should")

    def write(self) -> None:
        """Write the files that changed."""
        for path, content in self.after.items():
            if content != self.before.get(path):
                path.write_text(content, "utf-8")


def _read(name: str, content: str) -> Iterator[tuple[str, list[str]]]:
    """Intents and their examples, as Rasa reads them."""
    try:
        blocks = yaml.safe_load(content)["nlu"] or []
        for block in blocks:
            if "intent" in block:
                lines = (line.strip() for line in str(block["examples"] or "").splitlines())
                yield str(block["intent"]), [line[1:].strip() for line in lines if line.startswith("-")]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise FilesBroken(f"{name} cannot be read as training data") from error


def _sorted(blocks: Iterable[tuple[str, list[str]]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for intent, examples in blocks:
        found.setdefault(intent, []).extend(examples)
    return found


def _block(lines: list[str], intent: str) -> tuple[int, int] | None:
    """Where the intent's examples stand: the line after ``examples: |`` and the line after the last example."""
    heads = [number for number, line in enumerate(lines) if (found := _HEAD.fullmatch(line)) and found["intent"] == intent]
    if not heads:
        return None
    start = next((number + 1 for number in range(heads[0], len(lines)) if lines[number].startswith("  examples: |")), None)
    if start is None:
        return None
    end = start
    for number in range(start, len(lines)):
        if lines[number].startswith(_BULLET):
            end = number + 1
        elif lines[number].strip() and not lines[number].startswith("    "):
            break
    return start, end


def _with(content: str, intent: str, text: str) -> str:
    lines = content.split("\n")
    found = _block(lines, intent)
    if found is None:
        raise FilesBroken(f"the examples of {intent} are not written as a list of lines")
    start, end = found
    examples = lines[start:end]
    new = f"{_BULLET}{text}"
    in_order = len(examples) > 1 and examples == sorted(examples)
    lines.insert(bisect.bisect_left(lines, new, start, end) if in_order else end, new)
    return "\n".join(lines)
