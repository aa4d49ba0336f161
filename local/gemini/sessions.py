"""The sessions that can be resumed: what each handle stands for, kept in memory."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass

from local.gemini.conversation import Conversation
from local.gemini.wire import Hangup

_MOST = 1000


@dataclass(frozen=True, slots=True)
class Saved:
    """A session at the moment its handle was given out: the conversation, and the tokens of its context."""

    session: str
    conversation: Conversation
    tokens: int


class Sessions:
    """Handles and the sessions that are connected. The oldest handles are forgotten beyond a thousand."""

    def __init__(self) -> None:
        self._saved: OrderedDict[str, Saved] = OrderedDict()
        self._connected: set[str] = set()

    def connect(self, session: str) -> None:
        """A session takes a connection. Raises Hangup 1011 when it has one already."""
        if session in self._connected:
            raise Hangup(1011, "Internal error occurred. The session is still connected.")
        self._connected.add(session)

    def disconnect(self, session: str) -> None:
        """The session's connection is gone."""
        self._connected.discard(session)

    def forget(self) -> None:
        """No handle leads anywhere any more."""
        self._saved.clear()

    def save(self, saved: Saved) -> str:
        """A new handle for a session as it stands."""
        handle = secrets.token_urlsafe(24)
        self._saved[handle] = saved
        if len(self._saved) > _MOST:
            self._saved.popitem(last=False)
        return handle

    def resume(self, handle: str) -> Saved:
        """What a handle stands for. Raises Hangup 1007 for one that is not known."""
        saved = self._saved.get(handle)
        if saved is None:
            raise Hangup(1007, "Invalid session resumption handle.")
        return saved
