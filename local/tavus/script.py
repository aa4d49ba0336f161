"""The script of the stand-in: limits, delays, and faults of the API, the replica and the room."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, Self, get_args

Operation = Literal["create", "end", "get", "list", "delete", "persona", "replicas"]
AnswerFault = Literal[
    "key",  # 401, as for an unknown key
    "credit",  # out of conversational credits, with `status` or 402
    "concurrency",  # the account has as many conversations as it may have
    "error",  # HTTP `status`, or 500
    "strange",  # 200 with a body that is not JSON
    "slow",  # the request is carried out at once, and answered `seconds` late
    "lost",  # the connection is reset without an answer
]
RoomFault = Literal[
    "never",  # the replica never joins
    "leave",  # the replica leaves, and returns after `seconds`
    "deaf",  # the replica takes audio, but neither speaks nor sends events, for `seconds`
    "freeze",  # the video is frozen for `seconds`
    "drop",  # connections to the room are lost, and nobody can join for `seconds`; `abrupt`: without a close frame
    "eject",  # the participants are removed
    "shutdown",  # the service ends the conversation with `reason`
]
FaultKind = Literal[AnswerFault, RoomFault]
ANSWERS: frozenset[str] = frozenset(get_args(AnswerFault))
ROOMS: frozenset[str] = frozenset(get_args(RoomFault))


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure.

    Of an answer: `on` is the operation, `times` how often (None: always). `created`: with "error", "strange" and
    "lost", whether the request is carried out nevertheless.

    Of a room: it happens `after` seconds from when the replica joined ("never": from the beginning), or, with
    `utterance`, that many seconds into the replica's utterance of this number, counted from 0. `seconds` None: for
    ever. `times` counts conversations.
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
        """A fault from JSON. Raises ValueError for an unknown name or kind."""
        unknown = set(value) - {one.name for one in fields(cls)}
        if unknown or value.get("kind") not in ANSWERS | ROOMS:
            raise ValueError(f"there is no such fault: {dict(value)!r}")
        if value.get("on", "create") not in get_args(Operation):
            raise ValueError(f"there is no such operation: {value['on']!r}")
        return cls(**value)


@dataclass(frozen=True, slots=True)
class Script:
    """All options. Times in seconds.

    `api_key`: the only key that is accepted; None accepts any. `concurrent`: the most active conversations.
    `credits`: minutes of conversation that are left at the start. `replica_delay`: from a conversation's creation until
    its replica joins. `latency`: from the first audio that the replica is sent until it speaks. `echo_timeout`: an
    utterance without `done` is cut after this long without audio. `max_app_message_size`: the limit that the room
    states when somebody joins; None states none, and 4096 applies. `role`: what events call a replica; the service has
    renamed it to "pal" and sends such events under the old name too. `webhooks`: whether any are sent.
    """

    api_key: str | None = None
    concurrent: int | None = None
    credits: float | None = None
    replica_delay: float = 0.8
    latency: float = 0.1
    echo_timeout: float = 1.0
    max_app_message_size: int | None = None
    role: Literal["replica", "pal"] = "replica"
    webhooks: bool = True
    faults: tuple[Fault, ...] = ()

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """A script from JSON. Raises TypeError or ValueError for an unknown name."""
        return cls(**{**value, "faults": tuple(Fault.read(fault) for fault in value.get("faults", ()))})

    @classmethod
    def load(cls, path: Path) -> Self:
        """A script from a JSON file."""
        return cls.read(json.loads(path.read_text("utf-8")))


def dump(script: Script) -> str:
    """A script as JSON that `Script.load` takes."""
    return json.dumps(asdict(script))
