"""What is wrong with the settings or the database, in words that name the variable and never show its value."""

import re
from collections.abc import Sequence

from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy.exc import DBAPIError

_UNPREFIXED = {"database_url", "redis_url"}  # see core.settings


def explain(error: Exception) -> list[str]:
    """What the operator is to be told: one line for each variable that is missing or wrong, or that the tables are missing.

    Nothing when the error is of another kind.
    """
    if isinstance(error, DBAPIError) and re.search(r"no such table|UndefinedTable", str(error)):
        return ["The database has no tables yet: run `pracha migrate` (or `pracha run`) first."]
    wrong = _wrong(error)
    return ["The settings (.env, or the environment) need a look:", *(f"  {one}" for one in wrong)] if wrong else []


def _wrong(error: Exception) -> list[str]:
    if isinstance(error, SettingsError):
        found = re.search(r'field "(\w+)"', str(error))
        return [f"{variable([found[1]])}: this is not the JSON that it should be"] if found else ["a value cannot be read"]
    if not isinstance(error, ValidationError) or error.title != "Settings":
        return []
    faults = error.errors(include_input=False, include_url=False, include_context=False)
    return [f"{variable(one['loc'])}: {'is missing' if one['type'] == 'missing' else one['msg']}" for one in faults]


def variable(place: Sequence[str | int]) -> str:
    """The environment's name of a setting: ``("line", "main", "access_token")`` -> ``PRACHA_LINE__MAIN__ACCESS_TOKEN``."""
    names = [name for name in place if isinstance(name, str)]
    joined = "__".join(names).upper()
    return joined if joined.lower() in _UNPREFIXED else f"PRACHA_{joined}"
