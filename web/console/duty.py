"""Duties: what a member must do before anything else, such as choosing a password of their own."""

from helpdesk import second_factor
from web.console.visit import Visit

ACCOUNT = "/console/account"
SECOND_FACTOR = f"{ACCOUNT}/second-factor"
PASSWORD_FIRST = "รหัสผ่านนี้เป็นรหัสชั่วคราว กรุณาตั้งรหัสผ่านของคุณเองก่อนเริ่มทำงาน"  # noqa: S105
SECOND_FACTOR_FIRST = "บทบาทของคุณต้องใช้การยืนยันสองขั้น กรุณาตั้งค่าก่อนเริ่มทำงาน"


def first(visit: Visit, roles: list[str], providers: frozenset[str]) -> tuple[str, str] | None:
    """Where the member must go first, and why; nothing when they may work.

    ``roles`` must have a second factor. Who signs in through one of ``providers`` needs no password of their own.
    """
    if visit.who.must_change and visit.session.method not in providers:
        return ACCOUNT, PASSWORD_FIRST
    if second_factor.required(visit.who, roles) and not visit.session.strong:
        return SECOND_FACTOR, SECOND_FACTOR_FIRST
    return None
