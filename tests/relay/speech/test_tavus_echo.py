import base64
import json
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.speech.tavus_echo import FIRST, LARGEST, TAIL, TavusEcho

ODD = bytes(range(256)) * 60
"""15,360 bytes that are no multiple of any message."""


def events(messages: list[str]) -> list[dict[str, Any]]:
    told = [json.loads(message) for message in messages]
    assert all(message["type"] == "echo" for message in told)
    return [message["event"] for message in told]


def audio(messages: list[str]) -> bytes:
    return b"".join(base64.b64decode(event["properties"]["audio"], validate=True) for event in events(messages))


def echo(limit: int | None = None) -> TavusEcho:
    names = count(1)
    return TavusEcho("c123", limit, lambda: f"utterance-{next(names)}")


def test_a_message_is_what_tavus_documents() -> None:
    (event,) = events(echo().add(bytes(FIRST)))
    assert event == {
        "message_type": "conversation",
        "event_type": "conversation.echo",
        "conversation_id": "c123",
        "properties": {
            "modality": "audio",
            "audio": base64.b64encode(bytes(FIRST)).decode(),
            "sample_rate": 24_000,
            "inference_id": "utterance-1",
            "done": False,
        },
    }


def test_the_end_is_the_rest_and_then_silence_that_says_so() -> None:
    framer = echo()
    framer.add(b"\1\2" * 960)
    framer.add(b"\3\4" * 100)
    rest, last = events(framer.finish())
    assert base64.b64decode(rest["properties"]["audio"]) == b"\3\4" * 100
    assert rest["properties"]["done"] is False
    assert base64.b64decode(last["properties"]["audio"]) == TAIL == bytes(1920)
    assert last["properties"]["done"] is True
    assert rest["properties"]["inference_id"] == last["properties"]["inference_id"] == "utterance-1"


def test_an_interruption_has_no_properties_and_nothing_stale_after_it() -> None:
    framer = echo()
    framer.add(bytes(FIRST))
    framer.add(b"\5\6" * 7)
    (event,) = events([framer.interrupt()])
    assert event == {
        "message_type": "conversation",
        "event_type": "conversation.interrupt",
        "conversation_id": "c123",
    }
    assert framer.pending() == []
    (after,) = events(framer.add(bytes(2)))
    assert after["properties"]["inference_id"] == "utterance-2"


def test_each_utterance_has_a_name_of_its_own() -> None:
    framer = echo()
    framer.add(bytes(FIRST))
    framer.finish()
    framer.begin()
    (event,) = events(framer.add(bytes(FIRST)))
    assert event["properties"]["inference_id"] == "utterance-2"


def test_names_are_made_for_each_conversation() -> None:
    first, second = (events(TavusEcho("c").add(bytes(2)))[0]["properties"]["inference_id"] for _ in range(2))
    assert first != second


@given(st.lists(st.binary(max_size=3000).map(lambda data: data[: len(data) // 2 * 2]), max_size=30))
def test_every_byte_comes_out_once_and_in_order(chunks: list[bytes]) -> None:
    framer = echo()
    messages = [message for chunk in chunks for message in framer.add(chunk)]
    assert audio([*messages, *framer.finish()]) == b"".join(chunks) + TAIL


def test_the_first_sound_does_not_wait_for_more() -> None:
    framer = echo(64_000)
    assert audio(framer.add(b"\1\2" * 10)) == b"\1\2" * 10
    assert framer.add(b"\1\2" * 10) == []
    assert audio(framer.pending()) == b"\1\2" * 10


@pytest.mark.parametrize("limit", [None, 1200, 4096, 4097, 5000, 8192, 64_000])
def test_no_message_is_larger_than_the_room_takes(limit: int | None) -> None:
    framer = echo(limit)
    messages = [*framer.add(ODD), *framer.add(ODD), *framer.finish(), framer.interrupt()]
    sizes = [len(json.dumps(event, separators=(",", ":"))) for event in events(messages)]
    assert max(sizes) <= (limit or 4096)
    assert all(len(base64.b64decode(e["properties"]["audio"])) % 2 == 0 for e in events(messages[:-1]))
    assert audio(messages[:-2]) == ODD * 2


def test_a_message_carries_40_ms_until_the_room_has_said_more_and_then_100() -> None:
    assert echo().size == FIRST == 1920
    assert echo(64_000).size == LARGEST == 4800
    assert echo(4096).size > FIRST


def test_a_room_that_takes_next_to_nothing_is_no_use() -> None:
    assert echo(300).size == 0
