"""Checks requests to Tavus against Tavus's own OpenAPI description, `tavus.json`, which names its source."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import jsonschema
import pytest

_DESCRIPTION: dict[str, Any] = json.loads(Path(__file__).with_name("tavus.json").read_text("utf-8"))


class Contract:
    """Checks each request of a client and records its operation.

    An undescribed request is an error, and so is an unknown field: Tavus would ignore it silently.
    """

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.requests: list[httpx2.Request] = []

    async def check(self, request: httpx2.Request) -> None:
        """Check one request. Raises AssertionError or ValidationError in the call."""
        operation = _operation(request)
        assert request.headers.get("x-api-key"), "every call needs the key"
        for name, value in request.url.params.items():
            assert name in operation.parameters, f"{operation.name} has no parameter {name}"
            kind, validator = operation.parameters[name]
            validator.validate(json.loads(value) if kind in ("integer", "boolean") else value)
        body = await request.aread()
        if operation.body is None:
            assert body == b"", f"{operation.name} takes no body"
        else:
            assert request.headers["content-type"] == "application/json"
            operation.body.validate(json.loads(body))
        self.seen.add(operation.name)
        self.requests.append(request)

    def bodies(self, operation_id: str) -> list[Any]:
        """The bodies sent to this operation."""
        return [json.loads(request.content) for request in self.requests if _operation(request).name == operation_id]


@pytest.fixture(autouse=True)
def contract(monkeypatch: pytest.MonkeyPatch) -> Contract:
    """Checks every request that is sent to Tavus during the test."""
    contract, send = Contract(), httpx2.AsyncClient.send

    async def checked(client: httpx2.AsyncClient, request: httpx2.Request, **how: Any) -> httpx2.Response:
        if request.url.path.startswith("/v2/"):
            await contract.check(request)
        return await send(client, request, **how)

    monkeypatch.setattr(httpx2.AsyncClient, "send", checked)
    return contract


@dataclass(frozen=True)
class _Operation:
    """One operation. `parameters` are those of the query, each with its type, since they are text there."""

    name: str
    method: str
    path: re.Pattern[str]
    parameters: dict[str, tuple[str, Any]]
    body: Any


def _operation(request: httpx2.Request) -> _Operation:
    for one in _operations():
        if one.method == request.method and one.path.fullmatch(request.url.path):
            return one
    raise AssertionError(f"There is no {request.method} {request.url.path}.")


@cache
def _operations() -> list[_Operation]:
    return [
        _Operation(
            name=operation["operationId"],
            method=method.upper(),
            path=re.compile(re.sub(r"\{\w+\}", "[^/]+", template)),
            parameters={
                one["name"]: (one["schema"]["type"], _validator(one["schema"]))
                for one in operation.get("parameters", [])
                if one["in"] == "query"
            },
            body=_body(operation),
        )
        for template, item in _DESCRIPTION["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    ]


def _body(operation: dict[str, Any]) -> Any:
    if "requestBody" not in operation:
        return None
    return _validator(operation["requestBody"]["content"]["application/json"]["schema"])


def _validator(schema: dict[str, Any]) -> Any:
    return jsonschema.Draft202012Validator({**_strict(schema), "components": _DESCRIPTION["components"]})


def _strict(schema: Any) -> Any:
    """The schema without additional properties."""
    if isinstance(schema, list):
        return [_strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {name: _strict(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        strict["additionalProperties"] = False
    return strict
