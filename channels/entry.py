"""The word a citizen came by: ``https://t.me/city_bot?start=report``, a QR code on a lamp post, an m.me link."""

import json
import re

WELCOME = "/session_started"
_CASE = re.compile(r"case_?p(\d{2})(\d{6,9})(\d)", re.ASCII | re.IGNORECASE)
_FAQ = re.compile(r"faq_([A-Za-z0-9][A-Za-z0-9_-]{0,79})", re.ASCII)
_FIXED = {"report": "/report_problem", "human": "/talk_to_human"}


def payload(word: str) -> str:
    """What a link's word asks of the engine.

    ``report``, ``human``, ``case_P69-000123-8`` (also ``CASE_p690001238``) and ``faq_id-card-lost`` have a meaning; all others,
    and no word, are a welcome.
    """
    word = word.strip()
    if case := _CASE.fullmatch(re.sub(r"[-\s]", "", word)):
        return "/check_case_status" + json.dumps({"case_number": "P{}-{}-{}".format(*case.groups())})
    if faq := _FAQ.fullmatch(word):
        return "/choose_faq" + json.dumps({"faq": faq[1]})
    return _FIXED.get(word.lower(), WELCOME)
