"""Avatar conversations at Tavus. Each is ended no later than its interview."""

from interview.avatar.avatars import Avatars
from interview.avatar.client import Client, Timing
from interview.avatar.creation import Creation
from interview.settings import Settings
from interview.store import Store

__all__ = ["Avatars", "Creation", "open_avatars"]


def open_avatars(settings: Settings, store: Store, timing: Timing | None = None) -> Avatars | None:
    """The avatars of this process, or None without an API key. The first call connects.

    When no avatars are allowed (`settings.tavus.configured` is false), earlier conversations can still be ended.
    """
    if not settings.tavus.api_key:
        return None
    client = Client(settings.tavus, timing)
    return Avatars(store, client, settings.tavus, origin=next(iter(settings.allowed_origins), None))
