import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.gemini.audio_fast_path import AudioReader, frame_audio, is_empty

PCM = bytes(range(256)) * 4


def message(pcm: bytes, **content: object) -> bytes:
    data = base64.b64encode(pcm).decode()
    parts = [{"inlineData": {"mimeType": "audio/pcm;rate=24000", "data": data}}]
    return json.dumps({"serverContent": {"modelTurn": {"parts": parts}, **content}}).encode()


@pytest.fixture
def reader() -> AudioReader:
    """A reader that has seen a plain audio message."""
    reader = AudioReader()
    assert reader.read(message(PCM)) is None
    return reader


@given(st.binary(min_size=1))
def test_plain_audio_is_read_after_the_first_message(pcm: bytes) -> None:
    reader = AudioReader()
    reader.read(message(PCM))
    assert reader.read(message(pcm)) == pcm
    assert (reader.hits, reader.misses) == (1, 1)


def two_parts() -> bytes:
    parsed = json.loads(message(PCM))
    parsed["serverContent"]["modelTurn"]["parts"] *= 2
    return json.dumps(parsed).encode()


@pytest.mark.parametrize(
    "other",
    [
        message(PCM, turnComplete=True),
        message(PCM, generationComplete=True),
        two_parts(),
        message(PCM).replace(b"}]}}}", b'}, {"text": "thinking"}]}}}'),
        json.dumps({"serverContent": {"interrupted": True}}).encode(),
        json.dumps({"serverContent": {"outputTranscription": {"text": '"inlineData"'}}}).encode(),
        message(PCM)[:-1],
        b"",
        b"{",
    ],
)
def test_every_other_message_is_left_to_the_sdk(reader: AudioReader, other: bytes) -> None:
    assert reader.read(other) is None
    assert reader.read(message(PCM)) == PCM, "the audio after it is read as before"


def test_url_safe_base64_is_left_to_the_sdk() -> None:
    reader = AudioReader()
    odd = message(b"\xff\xff\xff").replace(b"////", b"____")
    assert [reader.read(odd), reader.read(odd)] == [None, None]


def test_a_changed_envelope_is_learnt(reader: AudioReader) -> None:
    compact = json.dumps(json.loads(message(PCM)), separators=(",", ":")).encode()
    assert reader.read(compact) is None
    assert reader.read(compact) == PCM


def test_an_envelope_that_always_varies_is_left_to_the_sdk() -> None:
    reader = AudioReader()
    for number in range(3):
        varying = json.loads(message(PCM))
        varying["usageMetadata"] = {"totalTokenCount": number}
        assert reader.read(json.dumps(varying).encode()) is None
    assert reader.misses == 3


def test_a_frame_is_json_with_the_audio_in_it() -> None:
    assert json.loads(frame_audio(PCM)) == {
        "realtime_input": {"audio": {"data": base64.b64encode(PCM).decode(), "mime_type": "audio/pcm;rate=16000"}}
    }


@pytest.mark.parametrize(
    ("message", "empty"),
    [
        (b"{}", True),
        (b'{\n  "serverContent": {}\n}\n', True),
        ("{}", True),
        (b'{"serverContent":{"turnComplete":true}}', False),
        (b'{"goAway":{}}', False),
        (b"", False),
    ],
)
def test_a_message_that_says_nothing_is_passed_over(message: str | bytes, empty: bool) -> None:
    assert is_empty(message) is empty
