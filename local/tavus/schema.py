"""What a request may contain, after Tavus's OpenAPI description.

The description allows unknown fields. They are refused here, because nobody would notice that a misspelt field does
nothing.
"""

from collections.abc import Mapping
from typing import Any

from local.tavus.errors import Refused

Json = dict[str, Any]
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "object": dict,
    "strings": list,
}
_CONVERSATION = {
    "replica_id": "string",
    "persona_id": "string",
    "audio_only": "boolean",
    "callback_url": "string",
    "conversation_name": "string",
    "conversational_context": "string",
    "custom_greeting": "string",
    "memory_stores": "strings",
    "document_ids": "strings",
    "document_retrieval_strategy": "string",
    "document_tags": "strings",
    "test_mode": "boolean",
    "require_auth": "boolean",
    "max_participants": "integer",
    "properties": "object",
}
_PROPERTIES = {
    "max_call_duration": "integer",
    "participant_left_timeout": "integer",
    "participant_absent_timeout": "integer",
    "enable_recording": "boolean",
    "enable_closed_captions": "boolean",
    "apply_greenscreen": "boolean",
    "require_auth": "boolean",
    "language": "string",
    "recording_s3_bucket_name": "string",
    "recording_s3_bucket_region": "string",
    "aws_assume_role_arn": "string",
    "recording_storage": "object",
}
_PERSONA = {
    "persona_name": "string",
    "system_prompt": "string",
    "context": "string",
    "pipeline_mode": "string",
    "default_replica_id": "string",
    "document_ids": "strings",
    "document_tags": "strings",
    "objectives_id": "string",
    "guardrails_id": "string",
    "layers": "object",
}
_LAYERS = dict.fromkeys(
    ("perception", "stt", "conversational_flow", "llm", "tts", "transport", "conferencing"), "object"
)
_FEWEST_PARTICIPANTS = 2


def conversation(body: Json) -> None:
    """POST /v2/conversations. Raises Refused."""
    _fits(body, _CONVERSATION)
    _fits(body.get("properties", {}), _PROPERTIES)
    if body.get("max_participants", _FEWEST_PARTICIPANTS) < _FEWEST_PARTICIPANTS:
        raise Refused(400, "{'max_participants': ['Must be greater than or equal to 2.']}")
    for name, value in body.get("properties", {}).items():
        if _PROPERTIES[name] == "integer" and value < 0:
            raise Refused(400, f"{{'{name}': ['Must be greater than or equal to 0.']}}")


def persona(body: Json) -> None:
    """POST /v2/personas. Raises Refused."""
    _fits(body, _PERSONA)
    layers = body.get("layers", {})
    _fits(layers, _LAYERS)
    mode = body.get("pipeline_mode", "full")
    if mode not in ("full", "echo"):
        raise Refused(400, "{'pipeline_mode': ['Must be one of: full, echo.']}")
    if mode == "full" and not body.get("system_prompt"):
        raise Refused(400, "{'system_prompt': ['Missing data for required field.']}")
    if mode == "echo":
        for name in ("system_prompt", "context"):
            if name in body:
                raise Refused(400, f"{{'{name}': ['Not allowed in echo mode.']}}")
    model = layers.get("perception", {}).get("perception_model", "off")
    if model not in ("raven-1", "raven-0", "off"):
        raise Refused(400, "{'perception_model': ['Must be one of: raven-1, raven-0, off.']}")


def _fits(body: Json, allowed: Mapping[str, str]) -> None:
    for name, value in body.items():
        kind = allowed.get(name)
        if kind is None:
            raise Refused(400, f"{{'{name}': ['Unknown field.']}}")
        right = isinstance(value, _TYPES[kind]) and not (kind == "integer" and isinstance(value, bool))
        if not right or (kind == "strings" and not all(isinstance(one, str) for one in value)):
            raise Refused(400, f"{{'{name}': ['Not a valid {kind}.']}}")
