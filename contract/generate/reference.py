"""`docs/stream.md`: the stream for somebody who writes another client. Its prose is in the `stream.md` beside this."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Template
from typing import Any, Final

import msgspec

from contract import closes, limits, notices, terms
from contract.generate.shape import CLIENT, SERVER, TERMS, Schema, components, nullable, tag, term, unknown
from contract.generate.source import documented
from contract.stream import EXAMPLES

_PROSE: Final = Path(__file__).with_name("stream.md")
"""In which `$NAME` stands for a limit of the contract, or for a table that is made here."""


def text() -> str:
    """The whole page."""
    values = {
        name: f"{value:,g}" for name in documented(limits) if not isinstance(value := getattr(limits, name), tuple)
    }
    template = Template(_PROSE.read_text("utf-8"))
    return template.substitute(
        values,
        FRAME_KB=limits.MAX_FRAME // 1024,
        MICROPHONE_BYTES=f"{limits.MICROPHONE_RATE * 2 * 40 // 1000:,}",
        CLIENT=_messages(CLIENT),
        SERVER=_messages(SERVER),
        TERMS=_terms(),
        CLOSES=_closes(),
        NOTICES=_notices(),
        EXCHANGE=_exchange(),
    )


def _messages(structs: Iterable[type[msgspec.Struct]]) -> str:
    structs = tuple(structs)
    schemas = components(structs)
    return "\n".join(_message(one, schemas[one.__name__]) for one in structs)


def _message(struct: type[msgspec.Struct], schema: Schema) -> str:
    fields = {name: value for name, value in schema["properties"].items() if name != "type"}
    table = ""
    if fields:
        rows = "".join(_row(name, value, name in schema["required"]) for name, value in fields.items())
        table = f"| field | type | bounds | |\n| --- | --- | --- | --- |\n{rows}\n"
    examples = "\n".join(msgspec.json.encode(one).decode() for one in EXAMPLES if type(one) is struct)
    return f"### `{tag(struct)}`\n{schema['description']}\n\n{table}```json\n{examples}\n```\n"


def _row(name: str, schema: Schema, required: bool) -> str:  # noqa: FBT001 - one column of the table
    notes = [str(schema["description"])] if "description" in schema else []
    if not required:
        notes.append(f"Default `{msgspec.json.encode(schema.get('default')).decode()}`.")
    return f"| `{name}` | {_type(schema)} | {_bounds(schema)} | {' '.join(notes)} |\n"


def _type(schema: Schema) -> str:
    if inner := nullable(schema):
        return f"{_type(inner)} or null"
    match schema:
        case {"enum": _}:
            name = term(schema)
            return ", ".join(f"`{word}`" for word in TERMS[name]) if name else "string"
        case {"type": "integer"}:
            return "whole number"
        case {"type": plain}:
            return str(plain)
    raise unknown(schema)


def _bounds(schema: Schema) -> str:
    inner = nullable(schema) or schema
    match inner:
        case {"minLength": least, "maxLength": most}:
            return f"{least:,} to {most:,} characters"
        case {"minimum": least}:
            return f"from {least:,}"
    return ""


def _terms() -> str:
    said = {value for one in (*CLIENT, *SERVER) for value in _words(components([one])[one.__name__])}
    docs = documented(terms)
    rows = "".join(
        f"| {', '.join(f'`{word}`' for word in words)} | {docs[name]} |\n"
        for name, words in TERMS.items()
        if name in said
    )
    return f"| words | |\n| --- | --- |\n{rows}"


def _words(schema: Schema) -> Iterable[str]:
    return (name for value in schema["properties"].values() if "enum" in value and (name := term(value)))


def _closes() -> str:
    rows = "".join(
        f"| {close.code} | {close.name} | {close.meaning} | {'no' if close.final else 'yes'} | {close.advice} |\n"
        for close in closes.CLOSES
    )
    return f"| code | name | meaning | dial again | what to do |\n| --- | --- | --- | --- | --- |\n{rows}"


def _notices() -> str:
    rows = "".join(f"| `{code}` | {meaning} |\n" for code, meaning in notices.NOTICES.items())
    return f"| code | |\n| --- | --- |\n{rows}"


def _exchange() -> str:
    """The order of messages, as the examples have them."""
    said: Mapping[str, Any] = {tag(type(one)): msgspec.json.encode(one).decode() for one in reversed(EXAMPLES)}
    lines = (
        ("client", "hello"),
        ("relay", "ready"),
        ("client", "binary: microphone, from here on without a break"),
        ("relay", "floor"),
        ("relay", "binary: the interviewer's voice"),
        ("relay", "caption of each side, again and again, the last one final"),
        ("relay", "spoken"),
        ("client", "played"),
        ("relay", 'floor, holder "candidate"'),
        ("client", "end"),
        ("relay", "ended"),
        ("relay", "close 1000"),
    )
    return "\n".join(f"{_ARROWS[who]} {said.get(what, what)}" for who, what in lines)


_ARROWS: Final = {"client": "client -> relay  ", "relay": "relay  -> client "}
