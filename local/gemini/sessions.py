"""The sessions that can be resumed: what each handle stands for, kept in memory."""

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
    """A session as a handle leads back to it: the conversation, and the tokens of its context."""

    session: str
    conversation: Conversation
    tokens: Tokens


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
        """Every handle is dead from now on."""
        self._saved.clear()

    def save(self, saved: Saved) -> str:
        """A new handle for a session as it stands."""
        handle = secrets.token_urlsafe(24)
        self._saved[handle] = saved
        if len(self._saved) > _MOST:
            self._saved.popitem(last=False)
        return handle

    def keep(self, saved: Saved) -> None:
        """The session has gone on: all of its handles lead to this from now on."""
        for handle, old in self._saved.items():
            if old.session == saved.session:
                self._saved[handle] = saved

    def resume(self, handle: str, code: int = 1008) -> Saved:
        """What a handle stands for. Raises Hangup with the code for one that is dead."""
        saved = self._saved.get(handle)
        if saved is None:
            raise Hangup(code, errors.NO_SESSION)
        return saved
