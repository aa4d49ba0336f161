"""Names that Tavus sends back: a conversation's name in the list, and the secret in its webhook's address."""

import re
import secrets
from dataclasses import dataclass, field

from interview.token import hash_token

WEBHOOK_PATH = "/api/interview/hooks/tavus/"
_SECRET = re.compile(r"([A-Za-z0-9_-]{1,128})-[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Webhook:
    """The secret in the address of one conversation's webhook. The record keeps its hash."""

    secret: str = field(repr=False)

    @property
    def sha256(self) -> str:
        return hash_token(self.secret)


def new_webhook(session_id: str) -> Webhook:
    """A new random secret that contains the session id."""
    return Webhook(f"{session_id}-{secrets.token_hex(16)}")


def session_of_webhook(secret: str) -> str | None:
    """The session id in a secret, or None if it does not have the form of one."""
    found = _SECRET.fullmatch(secret)
    return found[1] if found else None


def conversation_name(deployment: str, session_id: str) -> str:
    """The name at Tavus of this interview's conversation."""
    return f"interview/{deployment}/{session_id}"


def session_of_conversation(deployment: str, name: str) -> str | None:
    """The session id in a conversation's name, or None if another deployment created it."""
    prefix = conversation_name(deployment, "")
    return name.removeprefix(prefix) if name.startswith(prefix) else None
