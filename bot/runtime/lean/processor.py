"""The processor of messages, over the lean graph, trackers and actions.

Stands in for the parts of `MessageProcessor` that are costly though nothing comes of them: copies of states and slots for logs
that are off, warnings that nobody reads, actions made anew at every step, and the search for slots that fill
themselves in a domain that has none.
Checked by the equivalence of dialogues.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.tracker_store import TrackerStore
from rasa.engine import loader
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ActionLimitReached
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS, DEFAULT_SLOT_NAMES
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name

from bot.runtime.endpoints import ActionEndpoint
from bot.runtime.lean.actions import LeanAction, NamedDomain
from bot.runtime.lean.forms import LeanForm
from bot.runtime.lean.graph import DirectGraphRunner
from bot.runtime.lean.rules import MemoizationPolicy, RulePolicy
from bot.runtime.processor import StrictProcessor


class LeanProcessor(StrictProcessor):
    """Answers a message as StrictProcessor does, with a tracker that may hold only the last turns."""

    def __init__(self, model: Path, trackers: TrackerStore, actions: ActionEndpoint | None, max_actions: int = 10) -> None:
        """Load a model archive."""
        super().__init__(model, trackers, actions, max_actions)
        self._domain_for_actions = NamedDomain(self.domain)
        self._actions: dict[str, Action] = {}
        self._slots_fill_themselves = _slots_fill_themselves(self.domain)

    @property
    def states_needed(self) -> int | None:
        """Return how many states of a conversation the policies look at; None if they may look at all of them."""
        policies = [one for one in self.graph_runner.components if isinstance(one, Policy)]
        if not all(isinstance(one, RulePolicy) or _remembers_nothing(one) for one in policies):
            return None
        return max([one.states_needed for one in policies if isinstance(one, RulePolicy)], default=1)

    @staticmethod
    def _load_model(model_path: Path | str) -> tuple[str, ModelMetadata, DirectGraphRunner]:
        with TempDirectoryPath(get_temp_dir_name()) as folder:
            about, runner = loader.load_predict_graph_runner(Path(folder), Path(model_path), LocalModelStorage, DirectGraphRunner)
        assert isinstance(runner, DirectGraphRunner)  # noqa: S101 - asked for just above
        return Path(model_path).name, about, runner

    async def parse_message(
        self, message: UserMessage, tracker: DialogueStateTracker | None = None, only_output_properties: bool = True
    ) -> dict[str, Any]:
        """Read a message (see Rasa's class)."""
        tracker = tracker or DialogueStateTracker(message.sender_id, [])
        parsed = self._parse_message_with_graph(message, tracker, only_output_properties)
        self._update_full_retrieval_intent(parsed)
        return parsed

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Fill the slots that fill themselves, if the domain has any."""
        if self._slots_fill_themselves:
            return await super().run_action_extract_slots(output_channel, tracker)
        return tracker

    async def _handle_message_with_tracker(self, message: UserMessage, tracker: DialogueStateTracker) -> None:
        read = message.parse_data or await self.parse_message(message, tracker)
        said = UserUttered(
            message.text,
            read["intent"],
            read["entities"],
            read,
            input_channel=message.input_channel,
            message_id=message.message_id,
            metadata=message.metadata,
        )
        tracker.update(said, self.domain)

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        """Predict the next action (see Rasa's class)."""
        if self.is_action_limit_reached(tracker, self.should_predict_another_action(tracker.latest_action_name)):
            raise ActionLimitReached("The limit of actions to predict has been reached.")
        prediction = self._predict_next_with_tracker(tracker)
        name = self.domain.action_names_or_texts[prediction.max_confidence_index]
        action = self._get_action(name)
        assert action is not None  # noqa: S101 - unknown names raise
        return action, prediction

    def _get_action(self, action_name: str) -> Action | None:
        if action_name not in self._actions:
            self._actions[action_name] = self._leaner(super()._get_action(action_name))
        return self._actions[action_name]

    def _leaner(self, action: Action) -> Action:
        if type(action) is RemoteAction:
            return LeanAction(action.name(), self.action_endpoint, self._domain_for_actions)
        if type(action) is FormAction:
            return LeanForm(action.name(), self.action_endpoint, self._domain_for_actions)
        return action

    def _log_action_on_tracker(
        self, tracker: DialogueStateTracker, action: Action, events: list[Event] | None, prediction: PolicyPrediction
    ) -> None:
        events = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)


def _remembers_nothing(policy: Policy) -> bool:
    return isinstance(policy, MemoizationPolicy) and not policy.lookup


def _slots_fill_themselves(domain: Domain) -> bool:
    if ACTION_VALIDATE_SLOT_MAPPINGS in domain.user_actions:
        return True
    mappings = [mapping for slot in domain.slots if slot.name not in DEFAULT_SLOT_NAMES for mapping in slot.mappings]
    return any(mapping.get("type") != "custom" or mapping.get("action") for mapping in mappings)
