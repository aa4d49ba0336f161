"""The sessions that can be resumed, by handle, in memory."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass

from local.gemini import errors
from local.gemini.conversation import Conversation
from local.gemini.tokens import Tokens
from local.gemini.wire import Hangup

_MOST = 1000


@dataclass(frozen=True, slots=True)
class Saved:
    """The state of a session: the conversation, and the tokens of its context."""

    session: str
    conversation: Conversation
    tokens: Tokens


class Sessions:
    """Handles, and the sessions that are connected. The newest thousand handles are kept."""

    def __init__(self) -> None:
        self._saved: OrderedDict[str, Saved] = OrderedDict()
        self._connected: set[str] = set()

    def connect(self, session: str) -> None:
        """Register a session's connection. Raises Hangup 1011 if it has one already."""
        if session in self._connected:
            raise Hangup(1011, "Internal error occurred. The session is still connected.")
        self._connected.add(session)

    def disconnect(self, session: str) -> None:
        """Unregister a session's connection."""
        self._connected.discard(session)

    def forget(self) -> None:
        """Make every handle invalid."""
        self._saved.clear()

    def save(self, saved: Saved) -> str:
        """A new handle for this state of a session."""
        handle = secrets.token_urlsafe(24)
        self._saved[handle] = saved
        if len(self._saved) > _MOST:
            self._saved.popitem(last=False)
        return handle

    def keep(self, saved: Saved) -> None:
        """Let all handles of the session lead to this state from now on."""
        for handle, old in self._saved.items():
            if old.session == saved.session:
                self._saved[handle] = saved

    def resume(self, handle: str, code: int = 1008) -> Saved:
        """The state that a handle leads to. Raises Hangup with the code if the handle is invalid."""
        saved = self._saved.get(handle)
        if saved is None:
            raise Hangup(code, errors.NO_SESSION)
        return saved
