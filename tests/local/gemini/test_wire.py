"""Client frames in both cases and both alphabets of base64; invalid ones are refused as by the real service."""

import base64
import json

import pytest

from local.gemini import frames
from local.gemini.wire import (
    Activity,
    Audio,
    Content,
    Hangup,
    StreamEnd,
    Text,
    ToolResponses,
    parse,
    read_message,
    read_setup,
)

PCM = bytes(range(248, 256)) + b"\xfb\xff"


def message(value: object) -> list[object]:
    return list(read_message(parse(json.dumps(value))))


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize(("outer", "inner"), [("realtime_input", "mime_type"), ("realtimeInput", "mimeType")])
def test_audio_in_every_spelling(encode: object, outer: str, inner: str) -> None:
    data = encode(PCM).decode()  # type: ignore[operator]
    blob = {"data": data.rstrip("="), inner: "audio/pcm;rate=16000"}
    assert message({outer: {"audio": blob}}) == [Audio(PCM)]
    assert message({outer: {"media_chunks": [blob, blob]}}) == [Audio(PCM), Audio(PCM)]


def test_other_rates_become_sixteen_kilohertz() -> None:
    blob = {"data": base64.b64encode(bytes(960 * 2)).decode(), "mime_type": "audio/pcm;rate=48000"}
    assert message({"realtime_input": {"audio": blob}}) == [Audio(bytes(320 * 2))]


def test_everything_else_that_a_client_sends() -> None:
    assert message({"realtime_input": {"text": "Hello"}}) == [Text("Hello")]
    assert message({"realtime_input": {"activity_start": {}}}) == [Activity(began=True)]
    assert message({"realtimeInput": {"activityEnd": {}}}) == [Activity(began=False)]
    assert message({"realtimeInput": {"audioStreamEnd": True}}) == [StreamEnd()]
    turns = [{"role": "model", "parts": [{"text": "Hi"}]}, {"parts": [{"text": "a"}, {"text": "b"}]}]
    assert message({"client_content": {"turns": turns, "turn_complete": True}}) == [
        Content((("model", "Hi"), ("user", "a\nb")), complete=True)
    ]
    answers = {"function_responses": [{"id": "1", "name": "f", "response": {"error": "no"}, "scheduling": "SILENT"}]}
    (responses,) = message({"tool_response": answers})
    assert isinstance(responses, ToolResponses)
    (response,) = responses.responses
    assert (response.silent, response.refused, response.scheduled) == (True, True, True)


@pytest.mark.parametrize(
    "bad",
    [
        {"weather": {}},
        {"realtime_input": {"audio": {"data": "!!", "mime_type": "audio/pcm"}}},
        {"realtime_input": {"audio": {"data": "", "mime_type": "audio/mp3"}}},
        {"tool_response": {"function_responses": [{"name": "f"}]}},
    ],
)
def test_an_invalid_message_is_1007(bad: object) -> None:
    with pytest.raises(Hangup) as hangup:
        message(bad)
    assert hangup.value.code == 1007


@pytest.mark.parametrize("frame", ["{", "[]", b"\xff", '"text"'])
def test_a_frame_that_is_not_an_object_is_1007(frame: str | bytes) -> None:
    with pytest.raises(Hangup) as hangup:
        parse(frame)
    assert hangup.value.code == 1007


def test_a_setup_is_read_from_the_sdks_mixed_case() -> None:
    setup = read_setup(
        parse(
            json.dumps(
                {
                    "setup": {
                        "model": "models/gemini-3.8-live",
                        "generationConfig": {"responseModalities": ["AUDIO"]},
                        "systemInstruction": {"parts": [{"text": "Be kind."}], "role": "user"},
                        "tools": [{"functionDeclarations": [{"name": "end_interview"}]}],
                        "inputAudioTranscription": {"language_codes": ["en-US"]},
                        "realtimeInputConfig": {
                            "automatic_activity_detection": {
                                "start_of_speech_sensitivity": "START_SENSITIVITY_LOW",
                                "silence_duration_ms": 1200,
                            }
                        },
                        "sessionResumption": {"handle": "h"},
                        "historyConfig": {"initial_history_in_client_content": True},
                        "contextWindowCompression": {"sliding_window": {}},
                    }
                }
            )
        )
    )
    assert (setup.model, setup.instruction, setup.tools) == ("models/gemini-3.8-live", "Be kind.", ("end_interview",))
    assert (setup.hears, setup.captions) == (True, False)
    assert (setup.detection.eager_start, setup.detection.silence_ms) == (False, 1200)
    assert (setup.handle, setup.resumable, setup.seeded) == ("h", True, True)
    assert setup.language == "en-US"


@pytest.mark.parametrize("first", [{}, {"realtimeInput": {}}, {"setup": {"model": "m", "mood": "sunny"}}])
def test_a_first_message_that_is_not_a_setup_is_1007(first: dict[str, object]) -> None:
    with pytest.raises(Hangup) as hangup:
        read_setup(first)
    assert hangup.value.code == 1007


def test_audio_goes_out_as_recorded() -> None:
    # Standard base64 in inlineData, its MIME type first, then the role, then the words.
    assert frames.dump(frames.audio(PCM, "Hello ")) == (
        b'{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"'
        + base64.b64encode(PCM)
        + b'"}}],"role":"model"},"outputTranscription":{"text":"Hello "}}}'
    )
