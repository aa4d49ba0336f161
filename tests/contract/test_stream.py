"""The stream's messages on the wire: names, shapes and words as programs rely on them."""

import json
from typing import get_args

import msgspec
import pytest

from contract import stream
from contract.generate.shape import CLIENT, SERVER, tag
from relay.browser import messages

WIRE = {
    "hello": {"token", "output"},
    "text": {"text"},
    "output": {"mode"},
    "avatar": {"state", "max_message_bytes", "reason"},
    "played": set(),
    "hold": {"on"},
    "mute": {"on"},
    "end": set(),
    "ready": {"session_id", "resumed", "output", "elapsed_seconds", "max_duration_seconds"},
    "echo": {"event"},
    "caption": {"turn", "speaker", "text", "final"},
    "floor": {"holder"},
    "interrupted": {"turn"},
    "spoken": {"turn"},
    "time": {"elapsed_seconds", "remaining_seconds"},
    "notice": {"code", "message"},
    "reconnect": {"after_ms"},
    "ended": {"reason"},
}


def test_no_message_and_no_field_has_gone_or_has_another_name() -> None:
    fields = {tag(one): set(one.__struct_fields__) for one in (*CLIENT, *SERVER)}
    assert {name: fields.get(name, set()) & wanted for name, wanted in WIRE.items()} == WIRE


@pytest.mark.parametrize("example", [one for one in stream.EXAMPLES if type(one) in CLIENT], ids=repr)
def test_the_relay_reads_every_example_of_a_client(example: stream.ClientMessage) -> None:
    assert messages.parse(msgspec.json.encode(example).decode()) == example


@pytest.mark.parametrize("struct", CLIENT, ids=tag)
def test_unknown_fields_of_a_client_are_passed_over(struct: type[msgspec.Struct]) -> None:
    example = next(one for one in stream.EXAMPLES if type(one) is struct)
    newer = {**json.loads(msgspec.json.encode(example)), "later": [{"x": 1}]}
    assert messages.parse(json.dumps(newer)) == example


@pytest.mark.parametrize("struct", [*CLIENT, *SERVER], ids=tag)
def test_a_message_is_of_one_side_and_says_so_in_its_docstring(struct: type[msgspec.Struct]) -> None:
    assert (struct in get_args(stream.ClientMessage)) != (struct in get_args(stream.ServerMessage))
    assert (struct.__doc__ or "").endswith(".")
