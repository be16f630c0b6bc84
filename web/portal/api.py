"""The API's documentation, for people."""

import json
from typing import Any

from aiohttp import web

from web import parts
from web.api import openapi
from web.api.routes import OPERATIONS
from web.portal import page


async def show(request: web.Request) -> web.Response:
    """The OpenAPI file as a page: each call with its fields and an example."""
    settings = parts.of(request).settings
    described = openapi.document(OPERATIONS, settings)
    return page.render(
        request,
        "api.html",
        operations=OPERATIONS,
        described=described,
        fields=lambda name: _fields(described["components"]["schemas"][name]),
        parameters=_parameters,
        pretty=lambda data: json.dumps(data, ensure_ascii=False, indent=2),
    )


def _fields(schema: dict[str, Any]) -> list[tuple[str, str, bool, str]]:
    """A model's fields as (name, type, required, description)."""
    required = schema.get("required", ())
    return [
        (name, _type(described), name in required, described.get("description", ""))
        for name, described in schema.get("properties", {}).items()
    ]


def _parameters(described: dict[str, Any]) -> list[tuple[str, str, bool, str]]:
    """An operation's parameters, in the same form."""
    return [(one["name"], _type(one["schema"]), one["required"], one["description"]) for one in described["parameters"]]


def _type(described: dict[str, Any]) -> str:
    """``string``, ``Button[]``, ``string or null``: a type in words."""
    if "anyOf" in described:
        return " | ".join(_type(one) for one in described["anyOf"])
    if "$ref" in described:
        return str(described["$ref"]).rsplit("/", 1)[-1]
    if "enum" in described:
        return " | ".join(json.dumps(value) for value in described["enum"])
    if described.get("type") == "array":
        return f"{_type(described['items'])}[]"
    return str(described.get("type", "any"))
