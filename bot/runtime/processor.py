"""Rasa's message processor, made strict: what fails is raised, and only what succeeded is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import NaturalLanguageGenerator, TemplatedNaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.shared.core.events import ActionExecutionRejected, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.utils.endpoints import EndpointConfig

from bot.runtime.errors import ActionFailed, DialogueStuck, EngineError


class SilentChannel(OutputChannel):
    """An output channel that sends nothing: the answers are read from the tracker."""

    @classmethod
    def name(cls) -> str:
        """Return the name that channel-specific responses of the domain may use."""
        return "pracha"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Let a response pass."""


class StrictProcessor(MessageProcessor):
    """Answers one message of a conversation, wholly or not at all.

    Rasa's processor logs the error of a failed action and goes on without its events; this one raises ActionFailed and
    leaves the kept tracker as it was. A citizen's text is never read as a command, even if it begins with a slash.
    """

    def __init__(self, model: Path, trackers: TrackerStore, actions: EndpointConfig | None, max_actions: int = 10) -> None:
        """Load a model archive."""
        responses = TemplatedNaturalLanguageGenerator({})
        super().__init__(
            model_path=model,
            tracker_store=trackers,
            lock_store=InMemoryLockStore(),
            generator=responses,
            action_endpoint=actions,
            max_number_of_predictions=max_actions,
            on_circuit_break=_stuck,
        )
        responses.responses = self.domain.responses
        trackers.domain = self.domain
        # The last node of the graph turns texts that begin with "/" into intents: texts stop at the node before it.
        schema = self.model_metadata.predict_schema
        self._text_target = schema.nodes[self.model_metadata.nlu_target].needs["messages"]

    async def answer(self, message: UserMessage, tracker: DialogueStateTracker) -> DialogueStateTracker:
        """Let the dialogue answer a message, and keep the tracker if all went well."""
        await self._update_tracker_session(tracker, message.output_channel, message.metadata)
        await self._handle_message_with_tracker(message, tracker)
        tracker = await self.run_action_extract_slots(message.output_channel, tracker)
        await self._run_prediction_loop(message.output_channel, tracker)
        await self.save_tracker(tracker)
        return tracker

    def _parse_message_with_graph(
        self, message: UserMessage, tracker: DialogueStateTracker, only_output_properties: bool = True
    ) -> dict[str, Any]:
        results = self.graph_runner.run(
            inputs={PLACEHOLDER_MESSAGE: [message], PLACEHOLDER_TRACKER: tracker}, targets=[self._text_target]
        )
        parsed = results[self._text_target][0].as_dict(only_output_properties=only_output_properties)
        return {TEXT: "", INTENT: {"name": None, "confidence": 0.0}, ENTITIES: [], **parsed}

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        before = tracker.copy()
        before.update_with_events(prediction.events, self.domain)
        try:
            events = await action.run(output_channel, nlg, before, self.domain)
        except ActionExecutionRejection:
            rejected = ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence)
            tracker.update(rejected)
            return self.should_predict_another_action(action.name())
        except EngineError:
            raise
        except Exception as error:  # whatever an action raises, it has failed
            raise ActionFailed(action.name(), type(error).__name__) from error
        self._log_action_on_tracker(tracker, action, events, prediction)
        if any(isinstance(event, UserUttered) for event in events or []):
            tracker = await self.run_action_extract_slots(output_channel, tracker)
        await self.execute_side_effects(events or [], tracker, output_channel)
        return self.should_predict_another_action(action.name())


def _stuck(tracker: DialogueStateTracker, output_channel: OutputChannel, nlg: NaturalLanguageGenerator) -> None:
    raise DialogueStuck("the limit of actions for one message was reached")
