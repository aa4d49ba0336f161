import json

import pytest

from interview.errors import BadMessage
from relay.browser import messages
from relay.browser.messages import Avatar, ChangeOutput, End, Hello, Hold, Mute, Played, Text, parse


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"type": "hello", "token": "t"}, Hello("t", "voice")),
        ({"type": "hello", "token": "t", "output": "avatar"}, Hello("t", "avatar")),
        ({"type": "text", "text": "  yes \n"}, Text("yes")),
        ({"type": "output", "mode": "avatar"}, ChangeOutput("avatar")),
        ({"type": "avatar", "state": "ready", "max_message_bytes": 4096}, Avatar("ready", 4096)),
        ({"type": "avatar", "state": "lost"}, Avatar("lost", None, "room")),
        ({"type": "avatar", "state": "lost", "reason": "frozen"}, Avatar("lost", None, "frozen")),
        ({"type": "avatar", "state": "lost", "reason": "boredom"}, Avatar("lost", None, "room")),
        ({"type": "avatar", "state": "lost", "reason": ["frozen"]}, Avatar("lost", None, "room")),
        ({"type": "played"}, Played()),
        ({"type": "hold", "on": True}, Hold(on=True)),
        ({"type": "mute", "on": False}, Mute(on=False)),
        ({"type": "end"}, End()),
        ({"type": "end", "of": "story"}, End()),
    ],
)
def test_messages_of_the_contract(frame: dict[str, object], message: messages.ClientMessage) -> None:
    assert parse(json.dumps(frame)) == message


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "[]",
        '"hello"',
        "{}",
        '{"type": 1}',
        '{"type": "shout"}',
        '{"type": "hello"}',
        '{"type": "hello", "token": 5}',
        '{"type": "hello", "token": "t", "output": "smoke"}',
        '{"type": "text", "text": "  "}',
        json.dumps({"type": "text", "text": "x" * (messages.MAX_ANSWER + 1)}),
        '{"type": "output"}',
        '{"type": "avatar", "state": "sleepy"}',
        '{"type": "avatar", "state": "ready", "max_message_bytes": true}',
        '{"type": "avatar", "state": "ready", "max_message_bytes": 0}',
        '{"type": "hold", "on": "yes"}',
        '{"type": "mute"}',
        "[" * 100_000,
    ],
)
def test_what_the_protocol_does_not_know_is_refused(frame: str) -> None:
    with pytest.raises(BadMessage) as refused:
        parse(frame)
    assert refused.value.close_code == 4400


def test_a_refusal_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(BadMessage) as refused:
        parse('{"type": "hello", "token": ["s3cret"], "output": "s3cret"}')
    assert "s3cret" not in str(refused.value)


def test_what_the_relay_sends() -> None:
    assert json.loads(
        messages.ready("s", resumed=False, output="voice", elapsed_seconds=1.26, max_duration_seconds=1500)
    ) == {
        "type": "ready",
        "session_id": "s",
        "resumed": False,
        "output": "voice",
        "elapsed_seconds": 1.3,
        "max_duration_seconds": 1500,
    }
    assert json.loads(messages.caption(3, "candidate", "Grüße", final=True)) == {
        "type": "caption",
        "turn": 3,
        "speaker": "candidate",
        "text": "Grüße",
        "final": True,
    }
    assert json.loads(messages.floor("thinking")) == {"type": "floor", "holder": "thinking"}
    assert json.loads(messages.interrupted(2)) == {"type": "interrupted", "turn": 2}
    assert json.loads(messages.spoken(2)) == {"type": "spoken", "turn": 2}
    assert json.loads(messages.time(elapsed_seconds=15.04, remaining_seconds=2)) == {
        "type": "time",
        "elapsed_seconds": 15.0,
        "remaining_seconds": 2,
    }
    assert json.loads(messages.notice("code", "Words.")) == {"type": "notice", "code": "code", "message": "Words."}
    assert json.loads(messages.reconnect(500)) == {"type": "reconnect", "after_ms": 500}
    assert json.loads(messages.ended("time_limit")) == {"type": "ended", "reason": "time_limit"}
