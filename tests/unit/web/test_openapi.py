import re

from aiohttp import ClientSession
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.unit.web.town import Town
from web.api import openapi
from web.api.routes import OPERATIONS


def test_the_file_is_valid(town: Town) -> None:
    OpenAPIV31SpecValidator(openapi.document(OPERATIONS, town.settings)).validate()


async def test_every_route_of_the_api_is_in_it(town: Town, http: ClientSession) -> None:
    async with http.get("/api/v1/openapi.json") as answer:
        described = await answer.json()
    served = {
        (route.method.lower(), route.resource.canonical)
        for route in town.server.app.router.routes()
        if route.resource.canonical.startswith("/api/v1/") and route.method != "HEAD"
    }
    listed = {(method, path) for path, methods in described["paths"].items() for method in methods}
    assert served - {("get", "/api/v1/openapi.json")} == listed


def test_the_examples_are_true() -> None:
    for operation in OPERATIONS:
        operation.asked.model_validate(operation.example["request"])
        operation.answer.model_validate(operation.example["answer"])


def test_every_path_names_its_parameters(town: Town) -> None:
    for path, methods in openapi.document(OPERATIONS, town.settings)["paths"].items():
        for described in methods.values():
            named = {one["name"] for one in described.get("parameters", ()) if one["in"] == "path"}
            assert named == set(re.findall(r"\{(\w+)\}", path))
