"""The OpenAPI 3.1 file, made from the operations and their models."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from core.settings import Settings
from web import failures
from web.api.models import ErrorAnswer
from web.api.operation import KEY, Operation

ALWAYS = (401, 422, 429)
REF = "#/components/schemas/{model}"


def document(operations: Sequence[Operation[Any]], settings: Settings) -> dict[str, Any]:
    """The whole description of the API of this installation."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Pracha API: {settings.city_en}",
            "version": "1.0.0",
            "summary": "Ask the city's assistant, search its answers, read reports and follow cases.",
        },
        "servers": [{"url": settings.base_url}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(operations),
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": KEY}},
        },
    }


def _schemas(operations: Sequence[Operation[Any]]) -> dict[str, Any]:
    modes: list[tuple[type[BaseModel], JsonSchemaMode]] = [(ErrorAnswer, "serialization")]
    modes += [(operation.answer, "serialization") for operation in operations]
    modes += [(operation.asked, "validation") for operation in operations if operation.place == "body"]
    _, schema = models_json_schema(list(dict.fromkeys(modes)), ref_template=REF)
    definitions: dict[str, Any] = schema["$defs"]
    return definitions


def _operation(operation: Operation[Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"{operation.description}\n\n{operation.summary_th}: {operation.description_th}",
        "responses": {"200": _content("The answer.", operation.answer.__name__, operation.example["answer"])},
    }
    for status in sorted({*ALWAYS, *operation.failures}):
        described["responses"][str(status)] = _failure(status)
    if operation.place == "body":
        content = _content("", operation.asked.__name__, operation.example["request"])["content"]
        described["requestBody"] = {"required": True, "content": content}
    else:
        described["parameters"] = _parameters(operation)
    return described


def _parameters(operation: Operation[Any]) -> list[dict[str, Any]]:
    schema = operation.asked.model_json_schema(mode="validation")
    required = set(schema.get("required", ()))
    return [
        {
            "name": name,
            "in": operation.place,
            "required": name in required,
            "description": described.pop("description", ""),
            "schema": described,
        }
        for name, described in schema["properties"].items()
    ]


def _content(description: str, model: str, example: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": REF.format(model=model)}, "example": example}}
    return {"description": description, "content": content}


def _failure(status: int) -> dict[str, Any]:
    code, thai, english = failures.WORDS[status]
    example = {"error": {"code": code, "message_th": thai, "message": english}}
    described = _content(english, ErrorAnswer.__name__, example)
    if status == 429:
        described["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return described
