"""Names that come back to us: a conversation's, in the provider's list, and the secret in its callback address."""

import re
import secrets
from dataclasses import dataclass, field

from interview.token import hash_token

HOOK_PATH = "/api/interview/hooks/tavus/"
_SECRET = re.compile(r"([A-Za-z0-9_-]{1,128})-[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Hook:
    """The secret of one conversation's callback address. The record keeps its hash."""

    secret: str = field(repr=False)

    @property
    def sha256(self) -> str:
        return hash_token(self.secret)


def new_hook(session_id: str) -> Hook:
    """A secret that says which interview it is for, and can't be guessed."""
    return Hook(f"{session_id}-{secrets.token_hex(16)}")


def session_of_hook(secret: str) -> str | None:
    """The interview that a secret would be for, if it has the form of one."""
    found = _SECRET.fullmatch(secret)
    return found[1] if found else None


def conversation_name(deployment: str, session_id: str) -> str:
    """What our conversation of this interview is called at the provider."""
    return f"interview/{deployment}/{session_id}"


def session_of_conversation(deployment: str, name: str) -> str | None:
    """The interview that a conversation belongs to, if it is one of this deployment's."""
    prefix = conversation_name(deployment, "")
    return name.removeprefix(prefix) if name.startswith(prefix) else None
