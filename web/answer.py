"""Answers in JSON, with Thai as Thai."""

import json as standard
from collections.abc import Mapping
from typing import Any

from aiohttp import web


def json(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer that people can read too: Thai stays Thai and is not written as numbers."""
    text = standard.dumps(data, ensure_ascii=False)
    return web.json_response(text=text, status=status, headers=headers)
