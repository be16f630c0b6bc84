"""Packages left out of memory because nothing of the pipeline needs them, TensorFlow above all.

Stands in for packages that Rasa imports with every model although only some of its components, connectors, stores or
commands use them: TensorFlow alone takes 370 MB and most of the start. A name of such a package may be imported, inherited
from and used as an annotation; whoever calls one is told what to do. Call `leave_out` before Rasa is imported, and only in a
process that serves; training has the real ones.
Checked by tests/engine/lean/test_left_out.py: they stay out for our pipeline, come in for one with DIET, and say so otherwise.
"""

from __future__ import annotations

import json
import sys
import tarfile
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

# What may be left out, and the components that need it, by the last part of their names.
NEEDED_BY: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("tensorflow", "tensorflow_hub", "tensorflow_text", "tensorflow_addons", "keras"),
        frozenset(
            {
                "ConveRTFeaturizer",
                "DIETClassifier",
                "LanguageModelFeaturizer",
                "ResponseSelector",
                "TEDPolicy",
                "UnexpecTEDIntentPolicy",
            }
        ),
    ),
    "sklearn": frozenset(
        {
            "CountVectorsFeaturizer",
            "CRFEntityExtractor",
            "DIETClassifier",
            "LogisticRegressionClassifier",
            "ResponseSelector",
            "SklearnIntentClassifier",
            "TEDPolicy",
            "UnexpecTEDIntentPolicy",
        }
    ),
    # Connectors, stores and commands of Rasa that this engine does not have.
    **dict.fromkeys(
        (
            "aio_pika",
            "aiogram",
            "aiormq",
            "boto3",
            "botocore",
            "engineio",
            "fbmessenger",
            "matplotlib",
            "mattermostwrapper",
            "prompt_toolkit",
            "pymongo",
            "questionary",
            "rocketchat_API",
            "slack_sdk",
            "socketio",
            "sqlalchemy",
            "twilio",
            "webexteamssdk",
        ),
        frozenset(),
    ),
}


_DECLARING = {"sqlalchemy"}  # called while Rasa is imported, to declare the tables of a store that this engine does not have


class LeftOut(ImportError):
    """Something called a package that is not in this process."""


class _Meta(type):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(f"{cls.__module__}.{cls.__qualname__}", name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls.__dict__.get("_stands_in") and len(args) == 1 and not kwargs and callable(args[0]):
            return args[0]  # used as a decorator
        if cls.__module__.split(".")[0] in _DECLARING:
            return _stand_in(cls.__module__, cls.__qualname__)
        origin = next(one for one in cls.__mro__ if one.__dict__.get("_stands_in"))
        package = origin.__module__.split(".")[0]
        raise LeftOut(
            f"{origin.__module__}.{origin.__qualname__} was called, but {package} is left out of this engine because no known"
            " component of the pipeline needs it: start it with PRACHA_ENGINE_LEAVE_OUT=false"
        )

    def __getitem__(cls, item: Any) -> Any:
        return cls

    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__


def _stand_in(module: str, name: str) -> Any:
    return _Meta(name, (), {"__module__": module, "_stands_in": True})


class _Module(ModuleType):
    __path__: ClassVar[list[str]] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = _stand_in(self.__name__, name)
        setattr(self, name, made)
        return made


class _Finder(MetaPathFinder, Loader):
    def __init__(self, packages: set[str]) -> None:
        self._packages = packages

    def find_spec(self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self, is_package=True) if fullname.split(".")[0] in self._packages else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Leave it empty."""


def not_needed_by(model: Path) -> set[str]:
    """Return the packages that a model archive can do without; none if the file cannot be read, which its loading will tell."""
    try:
        with tarfile.open(model) as archive:
            about = next(one for one in archive if one.name.endswith("metadata.json"))
            content = json.load(archive.extractfile(about))  # type: ignore[arg-type]
        components = {node["uses"].split(".")[-1] for node in content["predict_schema"]["nodes"].values()}
    except (OSError, tarfile.TarError, StopIteration, ValueError, KeyError, TypeError, AttributeError):
        return set()
    return {package for package, users in NEEDED_BY.items() if users.isdisjoint(components)}


def leave_out(packages: set[str]) -> None:
    """Have imports of these packages find a stand-in; those that are there already stay."""
    sys.meta_path.insert(0, _Finder({package for package in packages if package not in sys.modules}))
