"""The policies of rules and of remembered stories, looked up instead of tried one by one.

Stands in for `RulePolicy._prediction_states` and `_get_possible_keys`: Rasa replays the whole conversation for every
prediction, twice, and tries every rule on every state. Here the tracker has kept its states (`lean/tracker.py`), only as
many of them are looked at as the longest rule has, and only the rules that fit the last action and intent are tried, by
Rasa's own test.
And for `MemoizationPolicy` when it remembers nothing, because there are no stories.
Checked by tests/engine/lean/test_rules.py (the same rules apply as in Rasa's own search) and by the equivalence of dialogues.

The classes have Rasa's names because every event tells the name of the policy that led to it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cached_property
from typing import Any

from rasa.core.policies.memoization import MemoizationPolicy as StockMemoizationPolicy
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH
from rasa.core.policies.rule_policy import RulePolicy as StockRulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

from bot.runtime.lean.tracker import LeanTracker

_Sign = tuple[Any, Any]  # the last action and the intent that a rule asks for; None where it asks for neither


class RuleIndex:
    """The rules of one look-up table of Rasa, by what they ask of the newest state."""

    def __init__(self, rules: dict[str, Any]) -> None:
        """Sort the rules of a table."""
        self._by_sign: defaultdict[_Sign, list[str]] = defaultdict(list)
        self.longest = 0
        for key in rules:
            states = json.loads(key)
            self.longest = max(self.longest, len(states))
            self._by_sign[_sign(states[-1])].append(key)

    def candidates(self, state: State) -> set[str]:
        """Return all rules that may fit a state; no other rule fits it."""
        if not state.get(PREVIOUS_ACTION):  # the start of a conversation, where Rasa looks at nothing else
            return {key for keys in self._by_sign.values() for key in keys}
        action, intent = state[PREVIOUS_ACTION].get(ACTION_NAME), state.get(USER, {}).get(INTENT)
        signs = {(action, intent), (action, None), (None, intent), (None, None)}
        return {key for sign in signs for key in self._by_sign.get(sign, ())}


def _sign(state: State) -> _Sign:
    return _asked(state, PREVIOUS_ACTION, ACTION_NAME), _asked(state, USER, INTENT)


def _asked(state: State, part: str, key: str) -> Any:
    value = state.get(part, {}).get(key)
    return value if isinstance(value, str) and value and value != SHOULD_NOT_BE_SET else None


class RulePolicy(StockRulePolicy):
    """Rasa's rule policy with its search sorted beforehand."""

    @cached_property
    def _indexes(self) -> dict[int, RuleIndex]:
        tables = (self.lookup.get(RULES, {}), self.lookup.get(RULES_FOR_LOOP_UNHAPPY_PATH, {}))
        return {id(table): RuleIndex(table) for table in tables}

    @cached_property
    def states_needed(self) -> int:
        """Return how many of a conversation's newest states can make a difference."""
        return max(index.longest for index in self._indexes.values())

    def _prediction_states(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        if not isinstance(tracker, LeanTracker):
            return super()._prediction_states(tracker, domain, use_text_for_last_user_input, rule_only_data)
        states = tracker.newest_states(self.states_needed)
        self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
        return states

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        action, source, returning = super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)
        if isinstance(tracker, LeanTracker) and source not in self.lookup[RULES] and tracker.states > self.states_needed:
            source = None  # without a rule Rasa names all states of the conversation here, which are no rule's name either
        return action, source, returning

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        index = self._indexes.get(id(lookup))
        if index is None:
            return super()._get_possible_keys(lookup, states)
        keys = index.candidates(states[-1]) if states else set(lookup)
        for place, state in enumerate(reversed(states[-index.longest :])):
            keys = {key for key in keys if self._is_rule_applicable(key, place, state)}
        return keys

    @staticmethod
    def format_tracker_states(states: list[dict[str, Any]]) -> str:
        """Say nothing: the states are only written down for a log that is off."""
        return ""


class MemoizationPolicy(StockMemoizationPolicy):
    """Rasa's memory of stories, which looks at no state where it remembers nothing."""

    def predict_action_probabilities(
        self, tracker: DialogueStateTracker, domain: Domain, rule_only_data: dict[str, Any] | None = None, **kwargs: Any
    ) -> PolicyPrediction:
        """Predict the next action (see Rasa's class)."""
        if not self.lookup:
            return self._prediction(self._default_predictions(domain))
        return super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)
