"""Real signatures with a key of the test, and a server in place of Google's certificate address."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport import Response
from hypothesis import given
from hypothesis import strategies as st

from interview.api.id_token import KEEP_SECONDS, IdTokenVerifier, fetch_certs
from interview.errors import Invalid, Unavailable
from tests.interview.signing import ACCOUNT, AUDIENCE, signer

NOW = int(time.time())


def identity(fetch: Callable[[], Response] = lambda: signer().published) -> IdTokenVerifier:
    return IdTokenVerifier(AUDIENCE, fetch)


async def test_a_valid_token_returns_its_claims() -> None:
    claims = await identity().verify(signer().token())
    assert (claims["email"], claims["email_verified"]) == (ACCOUNT, True)
    assert await identity().verify(signer().token(iss="accounts.google.com"))


@pytest.mark.parametrize(
    "token",
    [
        signer().token(aud="https://other.example"),
        signer().token(aud=None),
        signer().token(aud=[AUDIENCE]),
        signer().token(iss="https://accounts.example"),
        signer().token(iss=None),
        signer().token(iat=NOW - 7200, exp=NOW - 3600),
        signer().token(iat=NOW + 7_200, exp=NOW + 10_800),  # later than the longest run of the tests
        signer().token(exp=None),
        signer().token(exp="tomorrow"),
        signer().token(exp=[1]),
        signer("key-2").token(),
        signer().token({"alg": "none"}),
        signer().token({"alg": "HS256"}),
        signer().token({"alg": "ES256"}),
        signer().token({"alg": ["RS256"]}),
        signer().token({"alg": None}),
        signer().token().rpartition(".")[0] + ".",
        signer().token().rpartition(".")[0],
        signer().token() + "x" * 8192,
    ],
)
async def test_an_invalid_token_is_refused(token: str) -> None:
    with pytest.raises(Invalid):
        await identity().verify(token)


async def test_a_token_signed_by_another_key_with_our_key_id_is_refused() -> None:
    header, payload, _ = signer().token().split(".")
    signature = signer("key-2").token().rpartition(".")[2]
    with pytest.raises(Invalid):
        await identity().verify(f"{header}.{payload}.{signature}")


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


pieces = st.text(max_size=20) | st.builds(part, st.recursive(st.none() | st.integers() | st.text(), st.lists))
headers = st.builds(
    lambda alg, kid: part({"alg": alg, "kid": kid}),
    st.sampled_from(["RS256", "ES256", 1, None]),
    st.just("key-1") | st.integers() | st.lists(st.text(max_size=2)),
)


@pytest.mark.slow
@given(
    st.text()
    | st.builds(".".join, st.lists(pieces, max_size=4))
    | st.builds("{}.{}.{}".format, headers, pieces, pieces)
)
def test_any_malformed_token_is_invalid(token: str) -> None:
    with pytest.raises(Invalid):
        asyncio.run(identity().verify(token))


async def test_certificates_are_fetched_once_an_hour_for_any_number_of_tokens() -> None:
    fetched, now = 0, 1000.0

    def fetch() -> Response:
        nonlocal fetched
        fetched += 1
        return signer(f"key-{fetched}").published

    checked = IdTokenVerifier(AUDIENCE, fetch, lambda: now)
    await asyncio.gather(*(checked.verify(signer().token()) for _ in range(10)))
    now += KEEP_SECONDS - 1
    await checked.verify(signer().token())
    assert fetched == 1
    now += 2
    await checked.verify(signer("key-2").token())
    assert fetched == 2
    with pytest.raises(Invalid):
        await checked.verify(signer().token())


@pytest.mark.parametrize("error", [TransportError("down"), ValueError("no JSON")])
async def test_verification_is_unavailable_until_certificates_can_be_fetched(error: Exception) -> None:
    away = True

    def fetch() -> Response:
        if away:
            raise error
        return signer().published

    checked = identity(fetch)
    with pytest.raises(Unavailable):
        await checked.verify(signer().token())
    away = False
    assert await checked.verify(signer().token())


@asynccontextmanager
async def answering(answer: bytes | None) -> AsyncIterator[str]:
    """A server that answers every request with these bytes, or with None, not at all."""
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if answer is None:
            await over.wait()
        else:
            writer.write(answer)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/certs"
        over.set()


def http(status: str, body: bytes) -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (status.encode(), len(body), body)


async def test_certificates_are_fetched_over_http() -> None:
    async with answering(http("200 OK", json.dumps(signer().certs).encode())) as url:
        assert json.loads((await asyncio.to_thread(fetch_certs, url)).data) == signer().certs


@pytest.mark.parametrize(
    "answer",
    [
        http("500 Oh", json.dumps({"key-1": "x"}).encode()),
        http("200 OK", b"<html>"),
        http("200 OK", b"\xff"),
        http("200 OK", b"[]"),
        http("200 OK", b"{}"),
        http("200 OK", b'{"keys": []}'),
        b"\r\n",
        None,
    ],
)
async def test_an_unusable_answer_is_an_error(answer: bytes | None) -> None:
    async with answering(answer) as url:
        with pytest.raises((GoogleAuthError, ValueError)):
            await asyncio.to_thread(fetch_certs, url, 0.3)
