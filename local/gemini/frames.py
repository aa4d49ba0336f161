"""What the service sends, as JSON objects with the keys and the order of the recorded frames."""

import base64
import json
from typing import Any

from local.gemini.wire import OUT_RATE, Json

EMPTY: Json = {}
"""About half of all recorded frames hold nothing at all."""
NOTHING: Json = {"serverContent": {}}
GENERATED: Json = {"serverContent": {"generationComplete": True}}
INTERRUPTED: Json = {"serverContent": {"interrupted": True}}


def dump(message: Json) -> bytes:
    """A server message as it goes into a binary frame."""
    return json.dumps(message, separators=(",", ":")).encode()


def audio(pcm: bytes, words: str = "") -> Json:
    """A stretch of speech (PCM16 LE mono 24 kHz) and, in the same message, the words that go with it."""
    blob = {"mimeType": f"audio/pcm;rate={OUT_RATE}", "data": base64.b64encode(pcm).decode("ascii")}
    content: Json = {"modelTurn": {"parts": [{"inlineData": blob}], "role": "model"}}
    return {"serverContent": content | ({"outputTranscription": {"text": words}} if words else {})}


def words(text: str) -> Json:
    """Words without audio: recorded only as the second half of "<no speech>"."""
    return {"serverContent": {"outputTranscription": {"text": text}}}


def heard(text: str) -> Json:
    """What the candidate said."""
    return {"serverContent": {"inputTranscription": {"text": text}}}


def complete(usage: Json | None = None, reason: str = "") -> Json:
    """The end of a turn, with its usage and its `turnCompleteReason`, if any."""
    content: Json = {"turnComplete": True} | ({"turnCompleteReason": reason} if reason else {})
    return {"serverContent": content} | ({"usageMetadata": usage} if usage else {})


def tool_call(identity: str, name: str, args: dict[str, Any]) -> Json:
    """One function call."""
    return {"toolCall": {"functionCalls": [{"name": name, "args": args, "id": identity}]}}


def cancellation(identity: str) -> Json:
    """The call is not to be answered any more."""
    return {"toolCallCancellation": {"ids": [identity]}}


def handle(value: str) -> Json:
    """A handle that the session can be resumed with."""
    return {"sessionResumptionUpdate": {"newHandle": value, "resumable": True}}


def go_away(seconds: float) -> Json:
    """Notice that the connection ends in `seconds`."""
    return {"goAway": {"timeLeft": f"{seconds:g}s"}}
