"""All tables of all rooms, for migrations and for tests that need a whole database."""

from importlib import import_module

ROOMS_WITH_TABLES = (
    "core.audit",
    "conversations.attachment",
    "conversations.canned",
    "conversations.feedback",
    "conversations.outbox",
    "conversations.search",
    "conversations.utterance",
    "conversations.waiting",
    "channels.account",
    "channels.inbox",
    "knowledge_base.faq",
    "knowledge_base.questions",
    "knowledge_base.synonym",
    "knowledge_base.use",
    "helpdesk.agency",
    "helpdesk.case",
    "helpdesk.holiday",
    "helpdesk.office",
    "helpdesk.rule",
    "helpdesk.service_target",
    "helpdesk.saved_view",
    "helpdesk.staff",
    "helpdesk.staff_notice",
    "helpdesk.second_factor",
    "helpdesk.identity",
)


def import_all() -> None:
    """Import every module that declares tables, so that `Base.metadata` is complete."""
    for name in ROOMS_WITH_TABLES:
        import_module(name)
