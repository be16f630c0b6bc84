"""The large part of an index on disk: cut once per installation, mapped into memory by every process.

Each lies in a folder of its own, `<root>/<fingerprint>/<revision>/`, which appears when it is complete and never changes.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import thai
from knowledge_base import part as parts
from knowledge_base import postings, wording
from knowledge_base.encoder import Vectors
from knowledge_base.part import Part
from knowledge_base.postings import Postings

_FORM = "1"  # of the files; raise it when they change, so that older ones are not read
_CODE = (thai.__file__, wording.__file__, parts.__file__, postings.__file__, __file__)
_ARRAYS = ("questions", "counts", "answers")
_LEXICAL = ("starts", "places", "counts", "lengths")


def root(var: Path) -> Path:
    """Where an installation keeps its saved parts."""
    return var / "index" / _FORM


def fingerprint(synonyms: Mapping[str, str]) -> str:
    """A hash of all that decides how texts are cut: the code, the dictionary of our own words, the synonyms."""
    digest = sha256(json.dumps(sorted(synonyms.items())).encode())
    for path in (*_CODE, thai.WORDS_FILE):
        digest.update(Path(path).read_bytes() if Path(path).exists() else b"")
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Saved:
    """A part on disk with everything up to a revision."""

    folder: Path

    @property
    def revision(self) -> int:
        """The revision up to which it holds everything."""
        return int(self.folder.name)

    def load(self) -> Part:
        """Map it into memory."""
        names = json.loads((self.folder / "names.json").read_text(encoding="utf-8"))
        words, letters = (self._postings(name, names[name]) for name in ("words", "letters"))
        arrays: dict[str, Any] = {name: self._array(name) for name in _ARRAYS}
        return Part(ids=tuple(names["ids"]), words=words, letters=letters, **arrays)

    def centres(self, encoder: str) -> Vectors | None:
        """The middle of each FAQ's questions, once somebody has worked them out with this encoder."""
        return self._array(f"centres-{encoder}") if self.has_centres(encoder) else None

    def has_centres(self, encoder: str) -> bool:
        """Whether somebody has worked out the centres."""
        return (self.folder / f"centres-{encoder}.npy").exists()

    def save_centres(self, encoder: str, vectors: Vectors) -> None:
        """Keep the centres beside the part."""
        fresh = self.folder / f"new-{os.getpid()}.npy"
        np.save(fresh, vectors)
        os.replace(fresh, self.folder / f"centres-{encoder}.npy")

    def _array(self, name: str) -> Any:
        mapped = np.load(self.folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        return mapped.view(np.ndarray)

    def _postings(self, name: str, terms: list[str]) -> Postings:
        arrays = {array: self._array(f"{name}-{array}") for array in _LEXICAL}
        return Postings({term: number for number, term in enumerate(terms)}, **arrays)


def newest(folder: Path, print_: str) -> Saved | None:
    """The newest saved part with a fingerprint below a root, if there is one."""
    found = [Saved(path) for path in folder.glob(f"{print_}/*/") if path.name.isdigit()]
    return max(found, key=lambda one: one.revision, default=None)


def any_newest(folder: Path) -> Saved | None:
    """The newest of all, cut by older code or with other synonyms: better than none until there is a right one."""
    return newest(folder, "*")


def save(folder: Path, print_: str, revision: int, part: Part) -> Saved:
    """Write a part, then take those away that it replaces; whoever has one of them open keeps it."""
    (folder / print_).mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder, prefix="new-"))
    names = {"ids": part.ids, "words": list(part.words.terms), "letters": list(part.letters.terms)}
    (fresh / "names.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
    _save_arrays(fresh, {name: getattr(part, name) for name in _ARRAYS})
    for name, lexical in (("words", part.words), ("letters", part.letters)):
        _save_arrays(fresh, {f"{name}-{array}": getattr(lexical, array) for array in _LEXICAL})
    target = folder / print_ / str(revision)
    shutil.rmtree(target, ignore_errors=True)
    os.replace(fresh, target)
    for old in (*folder.iterdir(), *(folder / print_).iterdir()):
        if old.is_dir() and old not in (target, target.parent):
            shutil.rmtree(old, ignore_errors=True)
    return Saved(target)


def _save_arrays(folder: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
