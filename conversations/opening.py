"""Opening: the conversations of many citizens at once, for the gateway, in a few statements for all of them."""

from collections.abc import Collection, Sequence
from functools import cache
from itertools import batched

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.engine import Connection

from conversations.conversation import Conversation
from conversations.person import ChannelIdentity, Person
from core import clock, ids
from core.database import among, insert_absent

Citizen = tuple[str, str, str]  # channel, account, external id
AT_ONCE = 2000  # values of one statement: databases take some thirty thousand
_CITIZEN = (ChannelIdentity.channel, ChannelIdentity.account, ChannelIdentity.external_id)


def find_or_open(connection: Connection, citizens: Collection[Citizen]) -> dict[Citizen, str]:
    """The id of every citizen's conversation, opened together with its person where it is their first word.

    Call it inside a writing transaction. Several processes may open the same citizen's at once: one of them does, the others
    wait for it and find what it opened.
    """
    found = _find(connection, citizens)
    new = [citizen for citizen in citizens if citizen not in found]
    if new:
        found |= _open(connection, new)
        late = [citizen for citizen in new if citizen not in found]
        found |= _find(connection, late) if late else {}
    return found


def _find(connection: Connection, citizens: Collection[Citizen]) -> dict[Citizen, str]:
    rows = connection.execute(_known(connection.dialect.name), {"citizens": list(citizens)})
    return {(channel, account, external_id): conversation for channel, account, external_id, conversation in rows}


@cache  # SQLAlchemy takes longer to put the statement together than SQLite to answer it
def _known(dialect: str) -> Select[str, str, str, str]:
    query = select(*_CITIZEN, Conversation.id).join(Conversation, Conversation.identity_id == ChannelIdentity.id)
    return query.where(among(dialect, "citizens", *_CITIZEN))


def _open(connection: Connection, citizens: Sequence[Citizen]) -> dict[Citizen, str]:
    """Those that nobody else was opening meanwhile."""
    now, people = clock.now(), {citizen: ids.new_id("per") for citizen in citizens}
    connection.execute(insert(Person), [{"id": person, "created_at": now} for person in people.values()])
    identities = [
        {"id": ids.new_id("idn"), "channel": c, "account": a, "external_id": e, "person_id": person, "created_at": now}
        for (c, a, e), person in people.items()
    ]
    own = _own(connection, identities)
    if len(own) < len(people):
        for some in batched([people[citizen] for citizen in people if citizen not in own], AT_ONCE):
            connection.execute(delete(Person).where(Person.id.in_(some)))
    opened = {citizen: ids.new_id("cnv") for citizen in own}
    if opened:
        rows = [
            {"id": opened[c, a, e], "identity_id": own[c, a, e], "person_id": people[c, a, e], "channel": c, "account": a}
            | {"external_id": e, "created_at": now, "last_at": now}
            for c, a, e in opened
        ]
        connection.execute(insert(Conversation), rows)
    return opened


def _own(connection: Connection, identities: list[dict[str, object]]) -> dict[Citizen, str]:
    """The ids of the identities that were new."""
    rows = connection.execute(insert_absent(connection, ChannelIdentity, *_CITIZEN, ChannelIdentity.id), identities)
    return {(channel, account, external_id): identity for channel, account, external_id, identity in rows}
