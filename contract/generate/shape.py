"""Structs and closed sets as data that a generator can walk: JSON Schema, and the names of what stands in it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args

import msgspec

from contract import stream, terms
from contract.generate.source import documented

Schema = Mapping[str, Any]


def unknown(schema: Schema) -> TypeError:
    """The error for a type of the contract that the generator cannot write yet."""
    return TypeError(f"No rule for this schema in contract/generate: {dict(schema)}")


TERMS: Final[Mapping[str, tuple[str, ...]]] = {
    name: words for name in documented(terms) if (words := get_args(getattr(terms, name)))
}
"""The closed sets by name, each with its words in the order of the source."""

_NAMES: Final = {frozenset(words): name for name, words in TERMS.items()}

CLIENT: Final[tuple[type[msgspec.Struct], ...]] = get_args(stream.ClientMessage)
SERVER: Final[tuple[type[msgspec.Struct], ...]] = get_args(stream.ServerMessage)


def components(types: Iterable[type[msgspec.Struct]]) -> Mapping[str, Schema]:
    """The JSON Schemas of structs and their parts, by name; a reference in them is the bare name. Parts come first."""
    _, found = msgspec.json.schema_components(types, ref_template="{name}")
    ordered: dict[str, Schema] = {}

    def add(name: str) -> None:
        for part in _references(found[name]):
            if part not in ordered:
                add(part)
        ordered[name] = found[name]

    for name in found:
        if name not in ordered:
            add(name)
    return ordered


def term(schema: Schema) -> str | None:
    """The name of the closed set that an enum is, or None."""
    return _NAMES.get(frozenset(schema["enum"]))


def tag(struct: type[msgspec.Struct]) -> str:
    """A message's `type`."""
    return str(struct.__struct_config__.tag)


def nullable(schema: Schema) -> Schema | None:
    """The schema beside `null`, or None where null is not allowed."""
    match schema.get("anyOf"):
        case [inner, {"type": "null"}]:
            return {**inner, **{key: value for key, value in schema.items() if key != "anyOf"}}
        case _:
            return None


def _references(schema: Any) -> Iterable[str]:
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            yield schema["$ref"]
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)
