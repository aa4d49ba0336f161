"""What the handlers work with, put together once a process."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from interview.api.flights import Flights
from interview.api.message import Response
from interview.avatar import Avatars, open_avatars
from interview.clock import now
from interview.files import Files, open_files
from interview.gemini import GeminiText, TextModel
from interview.settings import Settings
from interview.store import Store, open_store


@dataclass(frozen=True, slots=True)
class Deps:
    """The parts a handler may use. `text_model` is None where no Gemini is configured, `avatars` where there is no key
    to have any; `verify` gives the claims of an ID token (or raises Invalid, Unavailable) and is None where nobody may
    sweep over HTTP.
    """

    store: Store
    files: Files
    settings: Settings
    text_model: TextModel | None = None
    avatars: Avatars | None = None
    verify: Callable[[str], Awaitable[Mapping[str, Any]]] | None = None
    clock: Callable[[], datetime] = now
    endings: Flights[Response] = field(default_factory=Flights)


def open_deps(settings: Settings) -> Deps:
    """The parts that `settings` name. Nothing connects before its first use."""
    store = open_store(settings.store)
    return Deps(
        store=store,
        files=open_files(settings.files, settings.retention_days),
        settings=settings,
        text_model=GeminiText(settings.gemini) if settings.gemini.configured else None,
        avatars=open_avatars(settings, store),
        verify=_verifier(settings),
    )


def _verifier(settings: Settings) -> Callable[[str], Awaitable[Mapping[str, Any]]] | None:
    if settings.sweep is None:
        return None
    # Imported here: on one machine nobody calls with a token of Google's.
    from interview.api.identity import Identity

    return Identity(settings.sweep.audience).verify
