"""Vectors on disk: a text is encoded once per installation, so that processes start quickly."""

import fcntl
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge_base.encoder import Encoder, Vectors

Keys = NDArray[np.uint64]
Rows = NDArray[np.int64]
Halves = NDArray[np.float16]
_HEAD = 16  # bytes before the rows: a stamp that both files share, and the length of a vector
_PIECE = 64  # texts encoded before they are kept and the news of other processes are read
_SPARE = 10_000  # vectors of texts of long ago that nobody minds: 8 MB
NONE = -1


class VectorStore:
    """Vectors by the key of their text, in two growing files for each encoder. Losing them costs time, nothing else.

    Vectors are kept in half precision and mapped into memory, so that all processes share them; new ones are added at the
    end. Processes may write at the same time. Instances may be used by several threads.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Use `vectors-<encoder>.keys` and `.f16` in a folder, usually `var/`."""
        self._folder = folder
        self._encoder = encoder
        self._files = tuple(folder / f"vectors-{encoder.name}.{end}" for end in ("keys", "f16"))
        self._table = _Table()

    def missing(self, texts: Sequence[str]) -> int:
        """Count the texts that would have to be encoded."""
        return int((self.locate(np.unique(keys(texts)))[1] == NONE).sum())

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One row for each text; new ones are encoded and kept. Blocks."""
        if not texts:
            return self._encoder.encode([])
        while True:
            self.prepare(texts)
            vectors, rows = self.locate(keys(texts))
            if (rows != NONE).all():  # else another process forgot some in this very moment
                return vectors[rows].astype(np.float32)

    def prepare(self, texts: Sequence[str]) -> None:
        """Encode and keep the texts that are new. Blocks, for some 6 ms a text."""
        waiting = dict(zip(keys(texts).tolist(), texts, strict=True))
        while waiting:
            waiting = self._encode_some(waiting)

    def prepare_some(self, texts: Sequence[str]) -> bool:
        """Encode and keep a few of the texts that are new; True while others wait. Blocks for about half a second."""
        return bool(self._encode_some(dict(zip(keys(texts).tolist(), texts, strict=True))))

    def _encode_some(self, texts: dict[int, str]) -> dict[int, str]:
        """Give the texts that wait after a piece of them was encoded."""
        rows = self.locate(np.array(list(texts), np.uint64))[1].tolist()
        waiting = {key: text for (key, text), row in zip(texts.items(), rows, strict=True) if row == NONE}
        if piece := dict(_some(list(waiting.items()))):
            self.add(np.array(list(piece), np.uint64), self._encoder.encode(list(piece.values())))
        return {key: text for key, text in waiting.items() if key not in piece}

    def locate(self, wanted: Keys) -> tuple[Halves, Rows]:
        """All vectors, and in which row of them those of these keys stand; -1 for those that are not there."""
        table = self._table
        rows = table.find(wanted)
        if (rows == NONE).any() and (newer := _open(self._files)) is not None and newer.differs(table):
            self._table = table = newer
            rows = newer.find(wanted)
        return table.vectors, rows

    def keep_only(self, wanted: Keys) -> None:
        """Forget the texts of long ago, if they are the greater part: write both files anew."""
        if len(self._table.keys) <= 2 * len(wanted) + _SPARE:
            return
        with self._alone():
            table = _open(self._files) or _Table()
            rows = table.find(np.unique(wanted))
            rows = rows[rows != NONE]
            self._write(table.keys[rows], table.vectors[rows])
        self._table = _open(self._files) or _Table()

    def add(self, new: Keys, vectors: Vectors) -> None:
        """Keep vectors that were made elsewhere; those there already stay."""
        with self._alone():
            table = _open(self._files)
            if table is None or table.vectors.shape[1] != vectors.shape[1]:
                self._write(new, vectors.astype(np.float16))
            else:
                absent = table.find(new) == NONE
                _append(self._files[1], vectors[absent].astype(np.float16), len(table.keys))
                _append(self._files[0], new[absent], len(table.keys))
        self._table = _open(self._files) or _Table()

    def _write(self, new: Keys, vectors: Halves) -> None:
        """Begin both files anew. Should it end between them their stamps differ, and they count as none."""
        head = secrets.token_bytes(8) + vectors.shape[1].to_bytes(8, "little")
        for path, rows in zip(self._files, (new, vectors), strict=True):
            fresh = path.with_suffix(path.suffix + ".new")
            fresh.write_bytes(head + np.ascontiguousarray(rows).tobytes())
            os.replace(fresh, path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one process write at a time."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / f"vectors-{self._encoder.name}.lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class _Table:
    """What the two files held when they were opened."""

    def __init__(self, head: bytes = b"", known: Keys | None = None, vectors: Halves | None = None) -> None:
        self.head = head
        self.keys: Keys = np.empty(0, np.uint64) if known is None else known
        self.vectors: Halves = np.empty((0, 0), np.float16) if vectors is None else vectors
        self._order = self.keys.argsort()
        self._sorted = self.keys[self._order]

    def find(self, wanted: Keys) -> Rows:
        if not len(self.keys):
            return np.full(len(wanted), NONE, np.int64)
        at = np.searchsorted(self._sorted, wanted)
        at[at == len(self.keys)] = 0
        return np.where(self._sorted[at] == wanted, self._order[at], NONE)

    def differs(self, other: "_Table") -> bool:
        return self.head != other.head or len(self.keys) != len(other.keys)


def _some(waiting: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Choose what to encode next: processes that start together begin at different places, and share the work."""
    first = os.getpid() * _PIECE % len(waiting) if len(waiting) > _PIECE else 0
    return waiting[first : first + _PIECE]


def keys(texts: Sequence[str]) -> Keys:
    """A number of 64 bits for each text; among a million texts two agree once in forty million collections."""
    digests = b"".join(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest() for text in texts)
    return np.frombuffer(digests, dtype=np.uint64)


def _open(files: Sequence[Path]) -> _Table | None:
    """Read the keys and map the vectors; None if there are none or they do not belong together."""
    try:
        data = files[0].read_bytes()
        with files[1].open("rb") as file:
            head = file.read(_HEAD)
            size = os.fstat(file.fileno()).st_size
            wide = int.from_bytes(head[8:], "little")
            if len(head) < _HEAD or data[:_HEAD] != head or not 0 < wide < 100_000:
                return None
            count = min((len(data) - _HEAD) // 8, (size - _HEAD) // (2 * wide))
            if count == 0:
                return None
            vectors = np.memmap(file, dtype=np.float16, mode="r", offset=_HEAD, shape=(count, wide))
    except OSError:
        return None
    return _Table(head, np.frombuffer(data, np.uint64, count, _HEAD), vectors)


def _append(path: Path, rows: Halves | Keys, count: int) -> None:
    """Write rows behind the first ``count``; what stands there was left by a process that died."""
    width = rows.itemsize * (rows.shape[1] if rows.ndim == 2 else 1)
    with path.open("r+b") as file:
        file.truncate(_HEAD + count * width)
        file.seek(0, os.SEEK_END)
        file.write(np.ascontiguousarray(rows).tobytes())
