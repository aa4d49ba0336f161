"""The messages that the page sends to the replica: `conversation.echo` and `conversation.interrupt`."""

import base64
import binascii
import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

import numpy as np

RATE = 24_000
"""Samples per second of the room's audio."""
SAMPLE_BYTES = 2
DEFAULT_RATE = 16_000
"""Samples per second that Tavus assumes if an echo names no rate."""


@dataclass(frozen=True, slots=True)
class Echo:
    """A piece of an utterance. `given` is the id as sent, `inference_id` the service's normalised form of it."""

    given: str | None
    inference_id: str
    pcm: bytes
    rate: int
    done: bool


@dataclass(frozen=True, slots=True)
class Interrupt:
    """Stop speaking."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """A message that the replica ignores, and why."""

    why: str


def normalise(inference_id: str) -> str:
    """The UUID that the service derives from an inference id by MD5: always the same for the same id."""
    return str(uuid.UUID(hashlib.md5(inference_id.encode(), usedforsecurity=False).hexdigest()))


def read(data: Any, conversation_id: str) -> Echo | Interrupt | Unheard:
    """An app-message as the replica of this conversation understands it."""
    if not isinstance(data, dict) or data.get("message_type") != "conversation":
        return Unheard("no conversation event")
    kind = data.get("event_type")
    if data.get("conversation_id", conversation_id) != conversation_id:
        return Unheard("of another conversation")
    if kind == "conversation.interrupt":
        return Interrupt()
    if kind != "conversation.echo":
        return Unheard(f"event {kind!r}")
    properties = data.get("properties")
    return _echo(properties) if isinstance(properties, dict) else Unheard("an echo without properties")


def _echo(properties: dict[str, Any]) -> Echo | Unheard:
    if properties.get("modality", "text") != "audio":
        return Unheard("text: the stand-in has no voice of its own")
    rate, done, given = properties.get("sample_rate", DEFAULT_RATE), properties.get("done", False), None
    if "inference_id" in properties:
        given = properties["inference_id"]
    try:
        pcm = base64.b64decode(properties.get("audio", ""), validate=True)
    except (binascii.Error, TypeError, ValueError):
        return Unheard("audio that is not base64")
    if len(pcm) % SAMPLE_BYTES:
        return Unheard("half a sample")
    if isinstance(rate, bool) or not isinstance(rate, int) or rate <= 0:
        return Unheard("no sample rate")
    if not isinstance(done, bool) or not (given is None or isinstance(given, str)):
        return Unheard("an inference_id or a done of the wrong type")
    return Echo(given, normalise(given) if given is not None else str(uuid.uuid4()), pcm, rate, done)


def at_room_rate(pcm: bytes, rate: int) -> bytes:
    """PCM16 mono, resampled to the room's rate."""
    if rate == RATE or not pcm:
        return pcm
    samples = np.frombuffer(pcm, "<i2").astype(np.float64)
    count = round(len(samples) * RATE / rate)
    positions = np.arange(count) * (rate / RATE)
    return bytes(np.interp(positions, np.arange(len(samples)), samples).round().astype("<i2").tobytes())
