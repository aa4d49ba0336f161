"""The interviewer's face: conversations at the avatar's provider, and that none of them outlives its interview."""

from interview.avatar.avatars import Avatars
from interview.avatar.client import Client, Timing
from interview.avatar.creation import Attempt
from interview.settings import Settings
from interview.store import Store

__all__ = ["Attempt", "Avatars", "open_avatars"]


def open_avatars(settings: Settings, store: Store, timing: Timing | None = None) -> Avatars | None:
    """The avatars of this process, or None without a key. With a key but none allowed (`settings.tavus.configured`
    false) there still are some to be ended. Connects at the first call.
    """
    if not settings.tavus.api_key:
        return None
    client = Client(settings.tavus, timing)
    return Avatars(store, client, settings.tavus, origin=next(iter(settings.allowed_origins), None))
