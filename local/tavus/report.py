"""What has happened at the stand-in, as JSON. Keys and meeting tokens are not in it."""

import base64
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from local.tavus.account import Account
from local.tavus.clock import Clock
from local.tavus.conversation import Conversation
from local.tavus.replica import Utterance
from local.tavus.rest import Call
from local.tavus.webhooks import Webhooks

Json = dict[str, Any]


def report(account: Account, clock: Clock, calls: Iterable[Call], webhooks: Webhooks, *, audio: bool) -> Json:
    """The whole report. With `audio`, each utterance has the audio that was received, in base64."""
    return {
        "now": clock.stamp(),
        "billed_seconds": round(account.billed, 3),
        "active": len(account.active),
        "personas": [*account.personas.values()],
        "conversations": [_conversation(one, clock, audio=audio) for one in account.conversations.values()],
        "calls": [asdict(one) for one in calls],
        "webhooks": [asdict(one) for one in webhooks.sent],
    }


def _conversation(one: Conversation, clock: Clock, *, audio: bool) -> Json:
    return {
        "conversation_id": one.terms.conversation_id,
        "conversation_name": one.terms.name,
        "persona_id": one.terms.persona_id,
        "replica_id": one.terms.replica_id,
        "request": one.terms.request,
        "status": one.status,
        "deleted": one.deleted,
        "created_at": clock.stamp(one.created),
        "ended_at": None if one.ended is None else clock.stamp(one.ended),
        "shutdown_reason": one.reason,
        "billed_seconds": round(one.billed, 3),
        "participants": len(one.participants),
        "joins": one.joins,
        "replica_present": one.present,
        "utterances": [_utterance(utterance, audio=audio) for utterance in one.replica.utterances],
        "interrupts": one.replica.interrupts,
        "echoes_lost": one.lost,
        "too_large": one.too_large,
        "unheard": one.unheard,
        "events": one.events.noted,
    }


def _utterance(one: Utterance, *, audio: bool) -> Json:
    shown: Json = {
        "inference_id": one.given,
        "normalised_id": one.inference_id,
        "sample_rate": one.rate,
        "pieces": one.pieces,
        "bytes": one.length,
        "sha256": one.digest.hexdigest(),
        "done": one.done,
        "interrupted": one.interrupted,
        "cut": one.cut,
        "over": one.over,
        "spoken_seconds": round(one.seconds, 3),
    }
    if audio:
        shown["audio"] = None if one.received is None else base64.b64encode(one.received).decode()
    return shown
