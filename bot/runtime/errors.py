"""What can go wrong with one event, each with the HTTP status and code its caller is told."""

from __future__ import annotations


class EngineError(Exception):
    """An event that was not answered; nothing of it was kept, so it may be sent again."""

    status = 503
    code = "engine_failed"


class BadRequest(EngineError):
    """The request itself is wrong; sending it again would not cure it."""

    status = 400
    code = "bad_request"


class ActionFailed(EngineError):
    """A custom action gave no answer, an error, or one that cannot be read."""

    code = "action_failed"

    def __init__(self, action: str, reason: str) -> None:
        """Name the action and, without any of the conversation's words, the reason."""
        super().__init__(f"{action}: {reason}")


class TrackersUnavailable(EngineError):
    """The store of the trackers cannot be reached."""

    code = "trackers_unavailable"


class DialogueStuck(EngineError):
    """The dialogue took action after action without coming to an end."""

    code = "dialogue_stuck"


class StartRefused(Exception):
    """The process must not start or train; the message says why, in words for an operator."""
