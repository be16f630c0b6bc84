"""Dead letters: messages that will not be sent. Staff read why, and can put them back (`pracha outbox`)."""

import structlog

from conversations.outbox import STOPPED, Outgoing

log = structlog.get_logger()


def stop(row: Outgoing, reason: str) -> None:
    """Give up a row, loaded in the caller's transaction; nobody is sending it any more."""
    row.state, row.reason, row.lease_holder, row.lease_until = STOPPED, reason, None, None
    log.warning("outgoing_stopped", outbox=row.id, channel=row.channel, account=row.account)
