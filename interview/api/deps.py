"""What the handlers work with, put together once a process."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from interview.api.flights import Flights
from interview.api.message import Response
from interview.clock import now
from interview.files import Files, open_files
from interview.gemini import GeminiText, TextModel
from interview.settings import Settings
from interview.store import Store, open_store


@dataclass(frozen=True, slots=True)
class Deps:
    """The parts a handler may use. `text_model` is None where no Gemini is configured."""

    store: Store
    files: Files
    settings: Settings
    text_model: TextModel | None = None
    clock: Callable[[], datetime] = now
    endings: Flights[Response] = field(default_factory=Flights)


def open_deps(settings: Settings) -> Deps:
    """The parts that `settings` name. Nothing connects before its first use."""
    return Deps(
        store=open_store(settings.store),
        files=open_files(settings.files, settings.retention_days),
        settings=settings,
        text_model=GeminiText(settings.gemini) if settings.gemini.configured else None,
    )
