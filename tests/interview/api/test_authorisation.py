from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from interview.api.authorisation import authorised
from interview.api.backends import Backends, open_backends
from interview.api.message import Request
from interview.clock import now
from interview.errors import NotFound
from interview.settings import load
from interview.token import hash_token
from tests.interview.records import an_interview

SESSION = "0f" * 16


@pytest.fixture
async def backends(tmp_path: Path) -> AsyncIterator[Backends]:
    opened = open_backends(load({"DATA_DIR": str(tmp_path)}))
    kept = an_interview(session_id=SESSION, token_sha256=hash_token("mine"), expires_at=now() + timedelta(days=1))
    await opened.store.create(kept)
    yield opened
    await opened.store.close()
    await opened.files.close()


def request(authorization: str, session_id: str = SESSION) -> Request:
    async def nothing() -> AsyncIterator[bytes]:
        yield b""

    return Request("GET", "/", {"authorization": authorization}, {}, nothing(), session_id)


@pytest.mark.parametrize("authorization", ["Bearer mine", "bearer mine", "Bearer  mine "])
async def test_the_bearer_token_gives_access(backends: Backends, authorization: str) -> None:
    assert (await authorised(request(authorization), backends)).session_id == SESSION


@pytest.mark.parametrize(
    "authorization", ["", "mine", "Bearer", "Bearer ", "Basic mine", "Bearer yours", "Bearer m\xefne"]
)
async def test_any_other_authorization_is_not_found(backends: Backends, authorization: str) -> None:
    with pytest.raises(NotFound):
        await authorised(request(authorization), backends)


@pytest.mark.parametrize("session_id", ["", "..", "a/b", "x" * 65, "__name__.", SESSION[:-1] + "z"])
async def test_invalid_session_ids_are_not_found(backends: Backends, session_id: str) -> None:
    with pytest.raises(NotFound):
        await authorised(request("Bearer mine", session_id), backends)


async def test_an_expired_interview_still_in_the_store_is_not_found(backends: Backends) -> None:
    late = Backends(
        backends.store, backends.files, backends.settings, clock=lambda: now() + timedelta(days=1, seconds=1)
    )
    with pytest.raises(NotFound):
        await authorised(request("Bearer mine"), late)
