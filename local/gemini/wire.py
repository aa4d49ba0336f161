"""What clients send over the socket, as typed values.

The SDK mixes snake and camel case and both alphabets of base64. All are accepted, as by the real service.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

IN_RATE = 16_000
OUT_RATE = 24_000
SAMPLE_BYTES = 2

Json = dict[str, Any]

_PREFIX_MS = 100
# By whether the sensitivity to the end of speech is high. Recorded with the default: pauses of 600 and 700 ms don't end
# an utterance, and one that is followed by 500 ms of silence and then by no audio at all is never answered.
_SILENCE_MS = {True: 800, False: 1_000}
# Keys below which names belong to the caller, not to the protocol.
_FOREIGN = {"args", "response", "parameters", "parametersJsonSchema", "responseSchema", "responseJsonSchema"}
_SETUP_KEYS = {
    "contextWindowCompression", "explicitVadSignal", "generationConfig", "historyConfig", "inputAudioTranscription",
    "model", "outputAudioTranscription", "proactivity", "realtimeInputConfig", "safetySettings", "sessionResumption",
    "systemInstruction", "tools",
}  # fmt: skip


class Hangup(Exception):
    """The connection ends: with a close frame, or without one (`code` None), which the peer sees as 1006."""

    def __init__(self, code: int | None, reason: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class Detection:
    """How the service finds the beginning and the end of speech (`automaticActivityDetection`), times in ms."""

    disabled: bool = False
    eager_start: bool = True
    prefix_ms: int = _PREFIX_MS
    silence_ms: int = _SILENCE_MS[True]


@dataclass(frozen=True, slots=True)
class Setup:
    """The first message of a connection. `handle` resumes an earlier session; `seeded` announces its history;
    `language` is the first language code that it names, if any.
    """

    model: str
    instruction: str
    tools: tuple[str, ...] = ()
    hears: bool = False
    captions: bool = False
    detection: Detection = field(default_factory=Detection)
    resumable: bool = False
    handle: str | None = None
    seeded: bool = False
    language: str | None = None
    compression: tuple[int, int] | None = None
    """Tokens at which the context is shortened, and to how many."""


@dataclass(frozen=True, slots=True)
class Audio:
    """A stretch of microphone: PCM16 LE mono, 16 kHz."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class Text:
    """Text as realtime input: a complete turn."""

    text: str


@dataclass(frozen=True, slots=True)
class Activity:
    """The client says that speech begins or ends (activityStart, activityEnd)."""

    began: bool


@dataclass(frozen=True, slots=True)
class StreamEnd:
    """audioStreamEnd: the microphone is off."""


@dataclass(frozen=True, slots=True)
class Content:
    """Turns as (role, text); `complete` asks for an answer, or ends the seeded history."""

    turns: tuple[tuple[str, str], ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class ToolResponse:
    """A function's result. `silent` (scheduling SILENT): say nothing about it. `refused`: the result is an error.
    `scheduled`: it names any scheduling.
    """

    id: str
    name: str
    silent: bool
    refused: bool
    scheduled: bool = False


@dataclass(frozen=True, slots=True)
class ToolResponses:
    """One or more results in one message."""

    responses: tuple[ToolResponse, ...]


Message = Audio | Text | Activity | StreamEnd | Content | ToolResponses


def parse(frame: str | bytes) -> Json:
    """A client frame as an object in camel case. Raises Hangup 1007 for anything else."""
    try:
        value = json.loads(frame)
    except ValueError:
        raise Hangup(1007, "Request contains an invalid argument.") from None
    if not isinstance(value, dict):
        raise Hangup(1007, "Request contains an invalid argument.")
    camel: Json = _camel(value)
    return camel


def read_setup(message: Json) -> Setup:
    """The setup in a connection's first message. Raises Hangup 1007 for what the real service refuses."""
    setup = message.get("setup")
    if not isinstance(setup, dict):
        raise Hangup(1007, "The first message must be a setup message.")
    unknown = sorted(set(setup) - _SETUP_KEYS)
    if unknown:
        raise Hangup(
            1007, f"Invalid JSON payload received. Unknown name \"{unknown[0]}\" at 'setup': Cannot find field."
        )
    config = setup.get("generationConfig") or {}
    modalities = config.get("responseModalities") or ["AUDIO"]
    if modalities != ["AUDIO"]:
        raise Hangup(1007, "Cannot extract voices from a non-audio request.")
    if "thinkingLevel" in (config.get("thinkingConfig") or {}):
        raise Hangup(1007, "Thinking level is not supported for this model.")
    resumption = setup.get("sessionResumption")
    return Setup(
        model=str(setup.get("model", "")),
        instruction=_text_of(setup.get("systemInstruction") or {}),
        tools=tuple(_tool_names(setup.get("tools") or [])),
        hears="inputAudioTranscription" in setup,
        captions="outputAudioTranscription" in setup,
        detection=_detection((setup.get("realtimeInputConfig") or {}).get("automaticActivityDetection") or {}),
        resumable=resumption is not None,
        handle=(resumption or {}).get("handle") or None,
        seeded=bool((setup.get("historyConfig") or {}).get("initialHistoryInClientContent")),
        language=_language(setup),
        compression=_compression(setup.get("contextWindowCompression")),
    )


def _compression(given: Json | None) -> tuple[int, int] | None:
    if not given or "triggerTokens" not in given:
        return None
    trigger = int(given["triggerTokens"])
    return trigger, int((given.get("slidingWindow") or {}).get("targetTokens", trigger // 2))


def read_message(message: Json) -> list[Message]:
    """Everything in one client message after the setup, in order. Raises Hangup 1007 for what makes no sense."""
    found: list[Message] = []
    for key, value in message.items():
        match key:
            case "realtimeInput":
                found += _realtime(value)
            case "clientContent":
                turns = tuple((str(turn.get("role") or "user"), _text_of(turn)) for turn in value.get("turns") or [])
                found.append(Content(turns, bool(value.get("turnComplete"))))
            case "toolResponse":
                found.append(ToolResponses(tuple(_response(one) for one in value.get("functionResponses") or [])))
            case _:
                raise Hangup(1007, f'Invalid JSON payload received. Unknown name "{key}": Cannot find field.')
    return found


def _realtime(value: Json) -> list[Message]:
    found: list[Message] = []
    blobs = [value[key] for key in ("audio",) if key in value] + list(value.get("mediaChunks") or [])
    found += [Audio(_pcm(blob)) for blob in blobs]
    if "text" in value:
        found.append(Text(str(value["text"])))
    if "activityStart" in value:
        found.append(Activity(began=True))
    if "activityEnd" in value:
        found.append(Activity(began=False))
    if value.get("audioStreamEnd"):
        found.append(StreamEnd())
    return found


def _pcm(blob: Json) -> bytes:
    mime = str(blob.get("mimeType", ""))
    if not mime.startswith("audio/pcm"):
        raise Hangup(1007, "Unsupported MIME type for realtime input.")
    data = str(blob.get("data", "")).translate({ord("-"): "+", ord("_"): "/"})
    try:
        pcm = base64.b64decode(data + "=" * (-len(data) % 4), validate=True)
    except binascii.Error:
        raise Hangup(1007, "Base64 decoding failed.") from None
    pcm = pcm[: len(pcm) // SAMPLE_BYTES * SAMPLE_BYTES]
    named = re.search(r"rate=(\d+)", mime)
    return pcm if named is None or int(named.group(1)) == IN_RATE else _resampled(pcm, int(named.group(1)))


def _resampled(pcm: bytes, rate: int) -> bytes:
    samples = np.frombuffer(pcm, "<i2")
    at = np.arange(len(samples) * IN_RATE // max(rate, 1)) * (rate / IN_RATE)
    return bytes(np.interp(at, np.arange(len(samples)), samples).astype("<i2").tobytes()) if len(samples) else b""


def _response(value: Json) -> ToolResponse:
    if not value.get("id"):
        raise Hangup(1007, "Function response must have an id.")
    response = value.get("response") or {}
    scheduling = value.get("scheduling") or response.get("scheduling")
    return ToolResponse(
        str(value["id"]),
        str(value.get("name", "")),
        silent=scheduling == "SILENT",
        refused="error" in response,
        scheduled=bool(scheduling),
    )


def _detection(value: Json) -> Detection:
    eager_end = value.get("endOfSpeechSensitivity") != "END_SENSITIVITY_LOW"
    silence, prefix = value.get("silenceDurationMs"), value.get("prefixPaddingMs")
    return Detection(
        disabled=bool(value.get("disabled")),
        eager_start=value.get("startOfSpeechSensitivity") != "START_SENSITIVITY_LOW",
        prefix_ms=int(prefix) if prefix else _PREFIX_MS,
        silence_ms=int(silence) if silence else _SILENCE_MS[eager_end],
    )


def _language(setup: Json) -> str | None:
    spoken = ((setup.get("generationConfig") or {}).get("speechConfig") or {}).get("languageCode")
    heard = setup.get("inputAudioTranscription") or {}
    codes = heard.get("languageCodes") or (heard.get("languageHints") or {}).get("languageCodes") or [spoken]
    return str(codes[0]) if codes[0] else None


def _tool_names(tools: list[Json]) -> list[str]:
    return [str(one["name"]) for tool in tools for one in tool.get("functionDeclarations") or [] if one.get("name")]


def _text_of(content: Json) -> str:
    return "\n".join(str(part["text"]) for part in content.get("parts") or [] if "text" in part)


def _camel(value: Any) -> Any:
    if isinstance(value, list):
        return [_camel(one) for one in value]
    if not isinstance(value, dict):
        return value
    result: Json = {}
    for key, inner in value.items():
        head, *rest = str(key).split("_")
        name = head + "".join(part[:1].upper() + part[1:] for part in rest)
        result[name] = inner if name in _FOREIGN else _camel(inner)
    return result
