import base64
import json
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.speech.tavus_echo import FIRST, LARGEST, TAIL, TavusEcho

ODD = bytes(range(256)) * 60
"""15,360 bytes: no multiple of the audio in a message."""


def events(messages: list[str]) -> list[dict[str, Any]]:
    told = [json.loads(message) for message in messages]
    assert all(message["type"] == "echo" for message in told)
    return [message["event"] for message in told]


def audio(messages: list[str]) -> bytes:
    return b"".join(base64.b64decode(event["properties"]["audio"], validate=True) for event in events(messages))


def echo(limit: int | None = None) -> TavusEcho:
    names = count(1)
    return TavusEcho("c123", limit, lambda: f"utterance-{next(names)}")


def test_a_message_has_the_form_that_tavus_documents() -> None:
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


def test_an_utterance_ends_with_its_rest_and_silence_marked_done() -> None:
    framer = echo()
    framer.add(b"\1\2" * 960)
    framer.add(b"\3\4" * 100)
    rest, last = events(framer.finish())
    assert base64.b64decode(rest["properties"]["audio"]) == b"\3\4" * 100
    assert rest["properties"]["done"] is False
    assert base64.b64decode(last["properties"]["audio"]) == TAIL == bytes(1920)
    assert last["properties"]["done"] is True
    assert rest["properties"]["inference_id"] == last["properties"]["inference_id"] == "utterance-1"


def test_after_an_interruption_nothing_of_the_utterance_is_sent() -> None:
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


def test_each_utterance_has_its_own_id() -> None:
    framer = echo()
    framer.add(bytes(FIRST))
    framer.finish()
    framer.begin()
    (event,) = events(framer.add(bytes(FIRST)))
    assert event["properties"]["inference_id"] == "utterance-2"


def test_ids_differ_between_conversations() -> None:
    first, second = (events(TavusEcho("c").add(bytes(2)))[0]["properties"]["inference_id"] for _ in range(2))
    assert first != second


@given(st.lists(st.binary(max_size=3000).map(lambda data: data[: len(data) // 2 * 2]), max_size=30))
def test_every_byte_is_sent_once_and_in_order(chunks: list[bytes]) -> None:
    framer = echo()
    messages = [message for chunk in chunks for message in framer.add(chunk)]
    assert audio([*messages, *framer.finish()]) == b"".join(chunks) + TAIL


def test_the_first_audio_is_sent_at_once() -> None:
    framer = echo(64_000)
    assert audio(framer.add(b"\1\2" * 10)) == b"\1\2" * 10
    assert framer.add(b"\1\2" * 10) == []
    assert audio(framer.pending()) == b"\1\2" * 10


@pytest.mark.parametrize("limit", [None, 1200, 4096, 4097, 5000, 8192, 64_000])
def test_no_message_exceeds_the_limit_of_the_room(limit: int | None) -> None:
    framer = echo(limit)
    messages = [*framer.add(ODD), *framer.add(ODD), *framer.finish(), framer.interrupt()]
    sizes = [len(json.dumps(event, separators=(",", ":"))) for event in events(messages)]
    assert max(sizes) <= (limit or 4096)
    assert all(len(base64.b64decode(e["properties"]["audio"])) % 2 == 0 for e in events(messages[:-1]))
    assert audio(messages[:-2]) == ODD * 2


def test_a_message_carries_40_ms_while_the_limit_is_unknown_and_at_most_100() -> None:
    assert echo().size == FIRST == 1920
    assert echo(64_000).size == LARGEST == 4800
    assert echo(4096).size > FIRST


def test_a_room_with_too_low_a_limit_takes_no_audio() -> None:
    assert echo(300).size == 0
