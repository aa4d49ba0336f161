"""Requests to Tavus, held against Tavus's own OpenAPI description: `tavus.json`, which says whence it is."""

import json
import re
from pathlib import Path
from typing import Any

import httpx2
import jsonschema

_DESCRIPTION: dict[str, Any] = json.loads(Path(__file__).with_name("tavus.json").read_text("utf-8"))


class Contract:
    """Checks each request of a client and notes which operation it was. What is not described is an error, and so is a
    field that the description does not know: it would do nothing, and nobody knew.
    """

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.requests: list[httpx2.Request] = []

    async def check(self, request: httpx2.Request) -> None:
        """As a hook of the client: raises AssertionError or ValidationError into the call."""
        path, operation, parameters = _operation(request.method, request.url.path)
        assert request.headers.get("x-api-key"), "every call needs the key"
        declared = {one["name"]: one["schema"] for one in parameters if one["in"] == "query"}
        for name, value in request.url.params.items():
            assert name in declared, f"{path} has no parameter {name}"
            jsonschema.validate(_typed(value, declared[name]), _strict(declared[name]))
        body = await request.aread()
        if "requestBody" in operation:
            content = operation["requestBody"]["content"]
            schema = content[request.headers["content-type"]]["schema"]
            jsonschema.validate(json.loads(body), _strict(schema) | {"components": _DESCRIPTION["components"]})
        else:
            assert body == b"", f"{path} takes no body"
        self.seen.add(operation["operationId"])
        self.requests.append(request)

    def bodies(self, operation_id: str) -> list[Any]:
        """What was sent to this operation."""
        return [
            json.loads(request.content)
            for request in self.requests
            if _operation(request.method, request.url.path)[1]["operationId"] == operation_id
        ]


def _operation(method: str, path: str) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
    for template, item in _DESCRIPTION["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method.lower() in item:
            operation = item[method.lower()]
            return template, operation, [*item.get("parameters", []), *operation.get("parameters", [])]
    raise AssertionError(f"There is no {method} {path}.")


def _typed(value: str, schema: dict[str, Any]) -> Any:
    """A parameter in an address is text; what it stands for is in the description."""
    return json.loads(value) if schema["type"] in ("integer", "boolean") else value


def _strict(schema: Any) -> Any:
    """With nothing beside the properties that are named."""
    if isinstance(schema, list):
        return [_strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {name: _strict(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        strict["additionalProperties"] = False
    return strict
