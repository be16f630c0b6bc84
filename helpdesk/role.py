"""Roles: what a member of staff is, and what each role may do."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is; one member may be several."""

    CURATOR = "curator"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"


TITLES: Mapping[Role, str] = {
    Role.CURATOR: "ผู้ดูแลคำตอบ",
    Role.REVIEWER: "ผู้ตรวจทาน",
    Role.ADMINISTRATOR: "ผู้ดูแลระบบ",
    Role.OFFICER: "เจ้าหน้าที่",
    Role.SUPERVISOR: "หัวหน้างาน",
    Role.AUDITOR: "ผู้ตรวจสอบ",
}

_CURATION = frozenset({Role.CURATOR, Role.REVIEWER, Role.ADMINISTRATOR})
_REVIEW = frozenset({Role.REVIEWER, Role.ADMINISTRATOR})
_DESK = frozenset({Role.OFFICER, Role.SUPERVISOR})
_LEAD = frozenset({Role.SUPERVISOR})

RIGHTS: Mapping[str, frozenset[Role]] = {
    "faq.read": _CURATION,
    "faq.write": _CURATION,
    "faq.switch": _CURATION,
    "faq.publish": _REVIEW,
    "faq.exchange": _CURATION,
    "gap.work": _CURATION,
    "synonym.write": _CURATION,
    "statistics.read": _CURATION,
    "case.read": _DESK | {Role.AUDITOR},
    "case.work": _DESK,
    "case.supervise": _LEAD,
    "chat.read": _DESK | {Role.AUDITOR},
    "chat.work": _DESK,
    "dashboard.read": _LEAD | {Role.ADMINISTRATOR, Role.AUDITOR},
    "agency.manage": frozenset({Role.ADMINISTRATOR}),
    "audit.read": frozenset({Role.AUDITOR, Role.ADMINISTRATOR}),
    "staff.manage": frozenset({Role.ADMINISTRATOR}),
}
"""Who has a right. That nobody publishes their own text is not a right but a rule of the FAQ itself."""
