"""The library: the index of one process in its parts, and how each change alters them. Used by one thread at a time."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge_base import background as ground
from knowledge_base import index, part
from knowledge_base.background import Background, read_unanswerable
from knowledge_base.index import Index
from knowledge_base.live import Change
from knowledge_base.meaning import Kept
from knowledge_base.part import Part
from knowledge_base.postings import Flags
from knowledge_base.saved import Saved
from knowledge_base.vectors import VectorStore, keys
from knowledge_base.wording import Wording

_QUICK = 64  # texts to encode (about half a second) for which a change need not be searched without meaning first

Use = Callable[[Index], None]


@dataclass(frozen=True)
class Step:
    """What a look at the database and the disk asks for, in this order; what is None or empty is not asked for.

    ``synonyms`` hold from now on; ``anew`` forgets what was there; ``saved`` is taken for the large part; ``changes`` count.
    """

    synonyms: Mapping[str, str] | None = None
    anew: bool = False
    saved: Saved | None = None
    changes: Sequence[Change] = ()


class Library:
    """A large part, a fresh one with what changed since, and which FAQs of the large one still count.

    Where FAQs are few the fresh part is joined to the large one at once, so that the index is the same as one built anew.
    ``changed`` are the FAQs that changed since the large part was cut, with the revisions of their last changes.
    """

    saved: Saved | None
    changed: Mapping[str, int]
    _base: Part
    _fresh: Part
    _base_kept: Kept | None
    _places: dict[str, int]
    _unencoded: list[str]
    _waiting: list[str]  # what `encode` is at

    def __init__(self, folder: Path) -> None:
        """Begin empty; ``folder`` holds `unanswerable.txt`."""
        self._folder = folder
        self.store: VectorStore | None = None
        self.encoder = ""
        self.wording = Wording({})
        self._unanswerable: list[str] | None = None
        self._background = ground.build((), self.wording)
        self._empty()

    def take(self, step: Step, use: Use) -> None:
        """Take a step and have the index used that comes of it.

        It is used earlier than it is complete where that helps: with new synonyms in questions before the FAQs are cut anew,
        and without meaning while there is much to `encode`, so that changes made meanwhile need not wait for it.
        """
        if step.synonyms is not None:
            self.wording, self._unanswerable = Wording(step.synonyms), None
            if self._base.ids:
                use(self._assembled())
        if step.anew:
            self._empty()
        if step.saved is not None:
            self._adopt(step.saved)
        self._apply(step.changes)
        self._publish(use)

    def _adopt(self, saved: Saved) -> None:
        """Take a saved part for the large one; of the fresh part only what is newer stays."""
        self._base, self._base_kept, self.saved = saved.load(), None, saved
        self._places = {faq_id: place for place, faq_id in enumerate(self._base.ids)}
        self.changed = {faq_id: number for faq_id, number in self.changed.items() if number > saved.revision}
        self._fresh = part.join([self._fresh], [_among(self._fresh, self.changed.keys())])

    def _apply(self, changes: Sequence[Change]) -> None:
        """Cut what changed; join it to the large part where that one is not shared."""
        if not changes:
            return
        self.changed = {**self.changed} | {change.id: change.revision for change in changes}
        stays = ~_among(self._fresh, {change.id for change in changes})
        cut, texts = part.cut([change.entry for change in changes if change.entry is not None], self.wording)
        self._fresh = part.join([self._fresh, cut], [stays, np.ones(len(cut.ids), np.bool_)])
        self._unencoded += texts
        if self.saved is None:
            self._base = part.join([self._base, self._fresh], [self._alive(), np.ones(len(self._fresh.ids), np.bool_)])
            self._places = {faq_id: place for place, faq_id in enumerate(self._base.ids)}
            self._fresh, self.changed, self._base_kept = _nothing(), {}, None

    def _empty(self) -> None:
        self.saved, self.changed = None, {}
        self._base, self._fresh = _nothing(), _nothing()
        self._base_kept, self._places, self._unencoded, self._waiting = None, {}, [], []

    def _assembled(self) -> Index:
        parts = [one for one in (self._base, self._fresh) if one.ids] or [self._base]
        alive = [self._alive()] if parts[0] is self._base else []
        if parts[-1] is self._fresh:
            alive.append(np.ones(len(self._fresh.ids), np.bool_))
        return index.assemble(parts, self._grounded(), self.wording, np.concatenate(alive))

    def encode(self, use: Use) -> bool:
        """Encode a few of the texts that `take` left; True while others wait. At the end the index is used with meaning."""
        if self.store is None or not self._waiting:
            return False
        if self.store.prepare_some(self._waiting):
            return True
        self._complete(self._assembled(), self.store, use)
        return False

    def _publish(self, use: Use) -> None:
        built = self._assembled()
        if self.store is None:
            use(built)
            return
        self._waiting = [*self._unencoded, *built.background.texts]
        if self.store.missing(self._waiting) > _QUICK:
            use(built)
        else:
            self.store.prepare(self._waiting)
            self._complete(built, self.store, use)

    def _complete(self, built: Index, store: VectorStore, use: Use) -> None:
        self._unencoded, self._waiting = [], []
        use(self._with_meaning(built, store))
        self._forget(store)

    def _with_meaning(self, built: Index, store: VectorStore) -> Index:
        """Add the vectors, unless the grower has still to encode some of the large part."""
        if self._base_kept is None:
            middles = self.saved.centres(self.encoder) if self.saved else None
            self._base_kept = None if self.saved and middles is None else index.keep(self._base, store, middles)
        kept = [self._base_kept if one is self._base else index.keep(one, store) for one in built.parts]
        if not built.ids or any(one is None for one in kept):
            return built
        return index.with_kept(built, [one for one in kept if one is not None], store.vectors(list(built.background.texts)))

    def _forget(self, store: VectorStore) -> None:
        """Let the store forget what nobody asks for any more. The grower does it where FAQs are many."""
        if self.saved is None:
            known = [self._base.questions, self._base.answers.ravel(), keys(list(self._background.texts))]
            store.keep_only(np.concatenate(known))

    def _alive(self) -> Flags:
        flags = np.ones(len(self._base.ids), np.bool_)
        flags[[self._places[faq_id] for faq_id in self.changed if faq_id in self._places]] = False
        return flags

    def _grounded(self) -> Background:
        """Give the background, built anew only where its questions changed."""
        ids = (self._places.keys() - self.changed.keys()) | set(self._fresh.ids)
        questions = read_unanswerable(ids, self._folder)
        if questions != self._unanswerable:
            self._unanswerable, self._background = questions, ground.build(questions, self.wording)
        return self._background


def _among(one: Part, ids: Collection[str]) -> Flags:
    return np.array([faq_id in ids for faq_id in one.ids], np.bool_)


def _nothing() -> Part:
    return part.cut([], Wording({}))[0]
