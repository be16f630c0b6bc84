"""Forms whose helper trackers take over a state instead of playing the conversation again.

Stands in for what `FormAction` does with `DialogueStateTracker.from_events`: twice a turn it plays all events since the last
restart to get a tracker with a few more. And for its direct use of `RemoteAction`.
Checked by the equivalence of dialogues, which go through all forms.
"""

from __future__ import annotations

from typing import Any

from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.runtime.endpoints import ActionEndpoint
from bot.runtime.lean.actions import LeanAction, NamedDomain
from bot.runtime.lean.tracker import LeanTracker


class LeanForm(FormAction):
    """A form of the domain."""

    def __init__(self, name: str, endpoint: ActionEndpoint | None, domain: NamedDomain) -> None:
        """Take the form's name and what its custom actions need."""
        super().__init__(name, endpoint)
        self._validation = LeanAction(f"validate_{name}", endpoint, domain)

    async def validate_slots(
        self,
        slot_candidates: dict[str, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        """Have the custom action of the form, if there is one, look at what was told."""
        if self._validation.name() not in domain.action_names_or_texts:
            return []
        told = [SlotSet(name, value) for name, value in slot_candidates.items()]
        return await self._validation.run(output_channel, nlg, self._temporary_tracker(tracker, told, domain), domain)

    def _temporary_tracker(
        self, current_tracker: DialogueStateTracker, additional_events: list[Event], domain: Domain
    ) -> DialogueStateTracker:
        if not isinstance(current_tracker, LeanTracker):
            return super()._temporary_tracker(current_tracker, additional_events, domain)
        twin = current_tracker.copy()
        twin.events = twin._create_events(current_tracker.events_after_latest_restart())
        asked = SlotSet(REQUESTED_SLOT, self.get_slot_to_fill(current_tracker))
        for event in (asked, ActionExecuted(self.name()), *additional_events):
            twin.update(event)
        return twin

    async def _validate_if_required(
        self, tracker: DialogueStateTracker, domain: Domain, output_channel: OutputChannel, nlg: NaturalLanguageGenerator
    ) -> list[Event]:
        # As in Rasa, without its copy of the message for a log that is off.
        after_message = tracker.latest_action_name == ACTION_LISTEN_NAME and not tracker.is_active_loop_interrupted
        if not tracker.active_loop or after_message:
            return await self.validate(tracker, domain, output_channel, nlg)
        return await self.validate_slots({}, tracker, domain, output_channel, nlg)
