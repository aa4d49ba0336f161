"""Reading bodies while they arrive."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Iterable

import pytest

from interview.api import body
from interview.api.body import Form, SlowBody, UnsupportedBody, Upload, read_form
from interview.api.message import Request
from interview.errors import BadMessage, InterviewError, Invalid, TooLarge

MEGABYTE = 2**20


class Body:
    """A body in chunks; `given` counts the bytes that were read."""

    def __init__(self, chunks: Iterable[bytes], *, breaks: bool = False) -> None:
        self._chunks = chunks
        self._breaks = breaks
        self.given = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            await asyncio.sleep(0)
            self.given += len(chunk)
            yield chunk
        if self._breaks:
            raise ConnectionAbortedError


def request(body: Body, kind: str = "multipart/form-data; boundary=b") -> Request:
    return Request("POST", "/", {"content-type": kind}, {}, aiter(body))


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    file = "" if filename is None else f'; filename="{filename}"'
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"


async def read(*chunks: bytes, kind: str = "multipart/form-data; boundary=b") -> Form:
    return await read_form(request(Body(chunks), kind), max_file_bytes=MEGABYTE)


async def test_fields_and_files_in_chunks_of_any_size() -> None:
    body = part("a", "ä\r\nb".encode()) + part("f", b"\x00\r\n--c", 'é "1".pdf'.replace('"', '\\"')) + b"--b--\r\n"
    for size in (1, 7, len(body)):
        chunks = [body[i : i + size] for i in range(0, len(body), size)]
        assert await read(*chunks) == Form({"a": "ä\r\nb"}, {"f": Upload('é "1".pdf', b"\x00\r\n--c")})


async def test_json() -> None:
    read_json = await read(b'{"a": "x", ', b'"b": null}', kind="application/json")
    assert read_json == Form({"a": "x"}, {})


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (part("a", b"1") + part("a", b"2") + b"--b--", Invalid),
        (part("a", b"1") + part("a", b"2", "a.pdf") + b"--b--", Invalid),
        (part("a", b"\xff") + b"--b--", Invalid),
        (b"".join(part(f"a{i}", b"") for i in range(33)) + b"--b--", BadMessage),
        (part("a", b"1"), BadMessage),
        (b"--c\r\n", BadMessage),
        (b"--b\r\n" + b"X-Long: " + b"y" * 100_000, BadMessage),
        (part("a", b"x" * (64 * 1024 + 1)) + b"--b--", TooLarge),
        (part("f", b"x" * (MEGABYTE + 1), "f") + b"--b--", TooLarge),
        (part("f", b"x" * MEGABYTE, "f") + part("g", b"x" * MEGABYTE, "g") + b"--b--", TooLarge),
    ],
)
async def test_forms_that_are_refused(body: bytes, error: type[InterviewError]) -> None:
    with pytest.raises(error):
        await read(body)


async def test_a_file_of_exactly_the_limit() -> None:
    read_back = await read(part("f", b"x" * MEGABYTE, "f"), b"--b--\r\n")
    assert len(read_back.files["f"].data) == MEGABYTE


async def test_a_body_over_the_limit_is_read_to_its_end_and_not_kept() -> None:
    """The sender of 40 MB gets an answer, and the body is never in memory."""

    def chunks() -> Iterable[bytes]:
        yield part("f", b"", "f")[:-2]
        for _ in range(640):
            yield bytes(64 * 1024)

    body = Body(chunks())
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            await read_form(request(body), max_file_bytes=MEGABYTE)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * MEGABYTE
    assert body.given > 40 * MEGABYTE


async def test_an_endless_body_is_not_read_for_ever() -> None:
    body = Body(bytes(MEGABYTE) for _ in iter(int, 1))
    with pytest.raises(TooLarge):
        await read_form(request(body, "application/json"), max_file_bytes=MEGABYTE)
    assert body.given < 70 * MEGABYTE


async def test_a_body_that_does_not_arrive_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "BODY_SECONDS", 0.05)

    async def silence() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    asked = Request("POST", "/", {"content-type": "application/json"}, {}, silence())
    with pytest.raises(SlowBody):
        await read_form(asked, max_file_bytes=MEGABYTE)


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=b"])
async def test_a_connection_that_breaks_during_the_body_is_a_bad_message(kind: str) -> None:
    with pytest.raises(BadMessage):
        await read_form(request(Body([b"--b\r\n"], breaks=True), kind), max_file_bytes=MEGABYTE)


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/mixed; boundary=b"])
async def test_other_content_types_are_refused(kind: str) -> None:
    with pytest.raises(UnsupportedBody):
        await read(b"x", kind=kind)


@pytest.mark.parametrize("boundary", ["", "b" * 300])
async def test_invalid_boundaries_are_refused(boundary: str) -> None:
    with pytest.raises(BadMessage):
        await read(b"x", kind=f"multipart/form-data; boundary={boundary}")
