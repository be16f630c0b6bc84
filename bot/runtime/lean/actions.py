"""Custom actions, called with what they need over a connection that stays open.

Stands in for `RemoteAction` and `EndpointConfig.request`, which open a new connection for every call, send all events of
the conversation and the whole domain (50 kB) each time, and check the answer with a validator made anew. Here:

- the call holds the last turns, as `tracker.events` does in a bounded tracker;
- the domain is sent once and named by its digest afterwards, as later versions of Rasa do; an action server that does not have it
  (449, SDK 3.9 and later) is sent it again;
- the answer is checked by `lean/action_answers.py` and its events are read by `lean/event_types.py`.

Rasa's hooks for its paid extensions (prefixes, tracing) are not called.
Checked by tests/engine/lean/test_actions.py and by the equivalence of dialogues, where both call the real action server.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError

from bot.runtime.endpoints import ActionEndpoint
from bot.runtime.lean.action_answers import check_answer
from bot.runtime.lean.event_types import read_events
from bot.runtime.lean.jsontext import dumps

_REFUSED = 400  # the SDK's way to say "this action refuses to run now"
_NO_DOMAIN = 449  # the SDK's way to say "I do not have this domain"


class NamedDomain:
    """A domain as JSON, and the digest that names it."""

    def __init__(self, domain: Domain) -> None:
        """Write a domain down."""
        self.written = dumps(domain.as_dict())
        self.digest = hashlib.sha256(self.written).hexdigest()


class LeanAction(RemoteAction):
    """A custom action on the action server."""

    action_endpoint: ActionEndpoint | None

    def __init__(self, name: str, endpoint: ActionEndpoint | None, domain: NamedDomain) -> None:
        """Take the action's name, where it runs, and the domain it may ask for."""
        super().__init__(name, endpoint)
        self._domain = domain

    async def run(
        self, output_channel: OutputChannel, nlg: NaturalLanguageGenerator, tracker: DialogueStateTracker, domain: Domain
    ) -> list[Event]:
        """Run the action; returns what it said and the events it wants.

        Raises:
            ActionExecutionRejection: If the action refuses to run.
            ActionFailed: If there is no proper answer.
        """
        if self.action_endpoint is None:
            return await super().run(output_channel, nlg, tracker, domain)  # which tells that there is no endpoint
        try:
            answer = await self._asked(self._action_call_format(tracker, domain))
        except ClientResponseError as error:
            if error.status != _REFUSED:
                raise
            refusal = json.loads(error.text)
            raise ActionExecutionRejection(refusal["action_name"], refusal.get("error")) from error
        check_answer(answer)
        said = await self._utter_responses(answer.get("responses", []), output_channel, nlg, tracker)
        return [*said, *read_events(answer.get("events", []))]

    def _action_call_format(self, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        call = super()._action_call_format(tracker, domain)
        if call.pop("domain", None) is not None:
            call["domain_digest"] = self._domain.digest
        return call

    async def _asked(self, call: dict[str, Any]) -> dict[str, Any]:
        endpoint, written = self.action_endpoint, dumps(call)
        assert endpoint is not None  # noqa: S101 - asked before
        try:
            return await endpoint.ask(written, self._name)
        except ClientResponseError as error:
            if error.status != _NO_DOMAIN:
                raise
        return await endpoint.ask(b'{"domain":' + self._domain.written + b"," + written[1:], self._name)
