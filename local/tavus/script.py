"""What a test tells the stand-in to do: limits, delays, and failures of the API, the replica and the room."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, Self, get_args

Operation = Literal["create", "end", "get", "list", "delete", "persona", "replicas"]
AnswerFault = Literal[
    "key",  # 401, as for a key that is not known
    "credit",  # out of conversational credits, with `status` or 402
    "concurrency",  # as many conversations as the account may have
    "error",  # HTTP `status`, or 500
    "strange",  # 200 with a body that no client expects
    "slow",  # the answer comes `seconds` late; what was asked for is done at once
    "lost",  # the connection is reset without an answer
]
RoomFault = Literal[
    "never",  # the replica never joins
    "leave",  # the replica leaves, and comes back after `seconds`
    "deaf",  # the replica takes what it is sent and neither speaks nor answers, for `seconds`
    "freeze",  # the video stands still for `seconds`
    "drop",  # the line to the room is lost, and nobody gets in for `seconds`; `abrupt`: without a word
    "eject",  # the participants are put out
    "shutdown",  # the service ends the conversation with `reason`
]
FaultKind = Literal[AnswerFault, RoomFault]
ANSWERS: frozenset[str] = frozenset(get_args(AnswerFault))
ROOMS: frozenset[str] = frozenset(get_args(RoomFault))


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure.

    Of an answer: `on` which operation, and how often (`times` None: always). `created`: with "error", "strange"
    and "lost", whether what was asked for is done all the same.

    Of a room: `after` so many seconds from when the replica joined ("never": from the beginning); with `utterance` so
    many seconds into the replica's speech number `utterance` of a conversation, counted from 0. `seconds` None: for
    good. `times` counts conversations.
    """

    kind: FaultKind
    on: Operation = "create"
    times: int | None = None
    status: int | None = None
    created: bool = False
    seconds: float | None = None
    after: float = 0.0
    utterance: int | None = None
    reason: str = "internal error occurred at step x"
    abrupt: bool = False

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """A fault from JSON. Raises ValueError for a name or a kind that does not exist."""
        unknown = set(value) - {one.name for one in fields(cls)}
        if unknown or value.get("kind") not in ANSWERS | ROOMS:
            raise ValueError(f"there is no such fault: {dict(value)!r}")
        if value.get("on", "create") not in get_args(Operation):
            raise ValueError(f"there is no such operation: {value['on']!r}")
        return cls(**value)


@dataclass(frozen=True, slots=True)
class Script:
    """Everything that can be driven. Times in seconds.

    `api_key`: the only key that is accepted; None accepts any. `concurrent`: conversations that may be active at once.
    `credits`: minutes of conversation that are left at the start. `replica_delay`: from a conversation's creation until
    its replica joins. `latency`: from the first sound that the replica is sent until it speaks. `patience`: without
    sound, and without word that the utterance is done, the replica stops after so long. `max_app_message_size`: what
    the room says at joining; None says nothing, and 4096 holds. `role`: what a replica is called in events: the service
    has renamed it to "pal", and where it says so it sends the events under the old name too. `webhooks`: whether any
    are sent.
    """

    api_key: str | None = None
    concurrent: int | None = None
    credits: float | None = None
    replica_delay: float = 0.8
    latency: float = 0.1
    patience: float = 1.0
    max_app_message_size: int | None = None
    role: Literal["replica", "pal"] = "replica"
    webhooks: bool = True
    faults: tuple[Fault, ...] = ()

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """A script from JSON. Raises TypeError or ValueError for a name that does not exist."""
        return cls(**{**value, "faults": tuple(Fault.read(fault) for fault in value.get("faults", ()))})

    @classmethod
    def load(cls, path: Path) -> Self:
        """A script from a JSON file."""
        return cls.read(json.loads(path.read_text("utf-8")))


def dump(script: Script) -> str:
    """A script as JSON that `Script.load` takes."""
    return json.dumps(asdict(script))
