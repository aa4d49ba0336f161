"""Fills a JSON schema, in Gemini's spelling (OBJECT) or JSON Schema's (object), from values known by name."""

from collections.abc import Mapping
from typing import Any

_DEPTH = 12


def fill(schema: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    """A value that fits the schema: known properties from `values`, others empty or the least that is allowed."""
    return _fit(schema, values, schema, _DEPTH)


def _fit(schema: Mapping[str, Any], value: Any, root: Mapping[str, Any], depth: int) -> Any:
    schema = _resolved(schema, root)
    if "enum" in schema:
        return value if value in schema["enum"] else schema["enum"][-1]
    if depth == 0:  # a schema that refers to itself
        return None
    kind = str(schema.get("type", "object")).lower()
    if kind == "object":
        known = value if isinstance(value, Mapping) else {}
        properties: Mapping[str, Any] = schema.get("properties") or {}
        return {name: _fit(inner, known.get(name), root, depth - 1) for name, inner in properties.items()}
    if kind == "array":
        items = value if isinstance(value, list) else []
        least = int(schema.get("minItems") or 0)
        most = int(schema.get("maxItems") or len(items))
        padded = [*items, *[None] * (least - len(items))][: max(most, least)]
        return [_fit(schema.get("items") or {}, item, root, depth - 1) for item in padded]
    return _simple(kind, value, schema)


def _simple(kind: str, value: Any, schema: Mapping[str, Any]) -> Any:
    if kind == "string":
        return _string(value)
    if kind == "boolean":
        return bool(value)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if number else schema.get("minimum", 0)


def _string(value: Any) -> str:
    """Text as it is; of a point with evidence, the point."""
    if isinstance(value, Mapping):
        return str(value.get("point", ""))
    return value if isinstance(value, str) else ""


def _resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema behind a reference, and the first alternative that is not null."""
    reference = schema.get("$ref") or schema.get("ref")
    if isinstance(reference, str):
        name = reference.rsplit("/", 1)[-1]
        definitions = root.get("$defs") or root.get("defs") or root.get("definitions") or {}
        return _resolved(definitions.get(name, {}), root)
    for alternative in schema.get("anyOf") or schema.get("oneOf") or ():
        if str(alternative.get("type", "")).lower() != "null":
            return _resolved(alternative, root)
    return schema
