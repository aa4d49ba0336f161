"""The backends that the handlers use, opened once in a process."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from interview.api.message import Response
from interview.api.single_flight import SingleFlight
from interview.avatar import Avatars, open_avatars
from interview.clock import now
from interview.files import Files, open_files
from interview.gemini import ASSESSMENT_SECONDS, GeminiText, SpeechModel, TextModel
from interview.settings import Settings
from interview.store import Store, open_store
from interview.tasks import Tasks, open_tasks


@dataclass(frozen=True, slots=True)
class Backends:
    """What a handler may use. `text_model` is None without Gemini, `avatars` without a Tavus key. `assessor` is the
    text model with as much time as a summary may take; `speech_model` is None without Gemini; `tasks` is None without a
    queue.

    `verify` returns the claims of an ID token, or raises Invalid or Unavailable; it is None if the sweep can't be
    called over HTTP. `check_page` raises Forbidden for a token that Firebase did not issue to our page, or
    Unavailable; it is None without App Check. `ends` shares concurrent calls that end the same interview, `samples`
    those for the same sample of a voice; `sample_failures` has when making one last failed, by its name.
    """

    store: Store
    files: Files
    settings: Settings
    text_model: TextModel | None = None
    assessor: TextModel | None = None
    speech_model: SpeechModel | None = None
    tasks: Tasks | None = None
    avatars: Avatars | None = None
    verify: Callable[[str], Awaitable[Mapping[str, Any]]] | None = None
    check_page: Callable[[str], Awaitable[None]] | None = None
    clock: Callable[[], datetime] = now
    ends: SingleFlight[Response] = field(default_factory=SingleFlight)
    samples: SingleFlight[bytes] = field(default_factory=SingleFlight)
    sample_failures: dict[str, datetime] = field(default_factory=dict)

    async def close(self) -> None:
        """Close the connections."""
        for model in (self.text_model, self.assessor):
            if model:
                await model.close()
        if self.tasks:
            await self.tasks.close()
        if self.avatars:
            await self.avatars.aclose()
        await self.files.close()
        await self.store.close()


def open_backends(settings: Settings) -> Backends:
    """The backends named by `settings`. Each connects at its first use."""
    store = open_store(settings.store)
    text_model = GeminiText(settings.gemini) if settings.gemini.configured else None
    return Backends(
        store=store,
        files=open_files(settings.files, settings.retention_days),
        settings=settings,
        text_model=text_model,
        speech_model=text_model,
        assessor=(
            GeminiText(settings.gemini, attempt_seconds=ASSESSMENT_SECONDS, total_seconds=ASSESSMENT_SECONDS)
            if settings.gemini.configured
            else None
        ),
        tasks=open_tasks(settings),
        avatars=open_avatars(settings, store),
        verify=_open_verifier(settings),
        check_page=_open_app_check(settings),
    )


def _open_verifier(settings: Settings) -> Callable[[str], Awaitable[Mapping[str, Any]]] | None:
    if settings.sweep is None:
        return None
    # Imported here: on a developer's machine nobody calls with a Google ID token.
    from interview.api.id_token import IdTokenVerifier

    return IdTokenVerifier(settings.sweep.audience).verify


def _open_app_check(settings: Settings) -> Callable[[str], Awaitable[None]] | None:
    if settings.app_check is None:
        return None
    from interview.api.app_check import AppCheckVerifier

    return AppCheckVerifier(settings.app_check.app_id).verify
