"""Reads a request body, multipart or JSON, as it arrives. A body over a limit is refused before it is in memory."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from typing import Any, ClassVar

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from interview.api.message import Request
from interview.errors import BadMessage, Invalid, TooLarge

BODY_SECONDS = 50
"""How long a body may take to arrive. Firebase Hosting ends a request after 60 seconds."""
STALLED_SECONDS = 5
LEAST_BYTES = 16 * 1024
"""This many bytes of a body, or the rest of it, must arrive within this many seconds. Over a slower connection no CV
arrives within `BODY_SECONDS`.
"""
FIELD_BYTES = 64 * 1024
"""The largest text field: more than 10,000 characters of four bytes."""
JSON_BYTES = 256 * 1024
"""The largest JSON body. A character may be an escape of twelve bytes."""
FRAMING_BYTES = 512 * 1024
"""How much a multipart body may hold besides its file."""
DISCARD_BYTES = 64 * 1024 * 1024
"""How much of a refused body is read and dropped, so that the sender sees the answer."""
_PARTS = 32


class UnsupportedBody(Invalid):
    """The body's type is not supported."""

    status: ClassVar[int] = 415
    title: ClassVar[str] = "Unsupported content type"
    code = "unsupported_body"


class SlowBody(Invalid):
    """The body did not arrive in time."""

    status: ClassVar[int] = 408
    title: ClassVar[str] = "The upload took too long"
    code = "slow_body"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a form. `filename` comes from the sender."""

    filename: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The text fields and files of a body, by name."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)


async def read_form(request: Request, *, max_file_bytes: int, numbers: Collection[str] = ()) -> Form:
    """The body as a form. In JSON the fields in `numbers` may be numbers; they are read as text, too.

    Raises TooLarge (code `cv_too_large` for the file, `too_large` for the rest), BadMessage for a body that is not a
    JSON object or not valid multipart, UnsupportedBody and SlowBody. Nothing over the limits is held in memory.
    """
    kind, options = parse_options_header(request.headers.get("content-type", "").encode("latin-1", "replace"))
    body = _moving(request.body)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            if kind == b"application/json":
                return _form_of_json(await _read_all(body, JSON_BYTES), numbers)
            if kind == b"multipart/form-data":
                parts = _Parts(options.get(b"boundary", b""), max_file_bytes)
                return await parts.read(body)
    except TimeoutError:
        raise _slow() from None
    except ConnectionError:
        raise BadMessage("The connection ended before the body did.") from None
    except (TooLarge, Invalid):
        await _discard(request.body)
        raise
    raise UnsupportedBody("Send multipart/form-data or application/json.")


async def read_json(request: Request, limit: int) -> Any:
    """The body as JSON, at most `limit` bytes of it. Raises TooLarge, BadMessage, SlowBody."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return _json(await _read_all(_moving(request.body), limit))
    except TimeoutError:
        raise _slow() from None
    except ConnectionError:
        raise BadMessage("The connection ended before the body did.") from None


async def _moving(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The chunks of a body. Raises TimeoutError when fewer than `LEAST_BYTES` arrive within `STALLED_SECONDS`."""
    loop = asyncio.get_running_loop()
    arrived, due = 0, loop.time() + STALLED_SECONDS
    while True:
        try:
            async with asyncio.timeout_at(due):
                chunk = await anext(body)
        except StopAsyncIteration:
            return
        arrived += len(chunk)
        if arrived >= LEAST_BYTES:
            arrived, due = 0, loop.time() + STALLED_SECONDS
        yield chunk


def _slow() -> SlowBody:
    least = LEAST_BYTES // 1024
    return SlowBody(
        f"A body must arrive within {BODY_SECONDS} s, and at least {least} KB of it in {STALLED_SECONDS} s."
    )


async def _read_all(body: AsyncIterator[bytes], limit: int) -> bytes:
    data = bytearray()
    async for chunk in body:
        data += chunk
        if len(data) > limit:
            raise TooLarge(f"The body is over {limit // 1024} KB.")
    return bytes(data)


async def _discard(body: AsyncIterator[bytes]) -> None:
    """Read and drop the rest. If the server closed the connection, a browser would show that instead of the answer."""
    left = DISCARD_BYTES
    with contextlib.suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in _moving(body):
                left -= len(chunk)
                if left < 0:
                    return


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise BadMessage("The body is not valid JSON.") from None


def _form_of_json(data: bytes, numbers: Collection[str]) -> Form:
    content = _json(data)
    if not isinstance(content, dict):
        raise BadMessage("The body must be a JSON object.")
    fields: dict[str, str] = {}
    for name, value in content.items():
        if value is None:
            continue
        if name in numbers and isinstance(value, int | float) and not isinstance(value, bool):
            fields[name] = str(value)
            continue
        if not isinstance(value, str):
            raise Invalid(f"{name} must be a string.", field=name)
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Invalid(f"{name} contains half of a surrogate pair.", field=name) from None
        fields[name] = value
    return Form(fields)


class _Parts:
    """The parts of one multipart body, collected from the parser's callbacks."""

    def __init__(self, boundary: bytes, max_file_bytes: int) -> None:
        if not boundary:
            raise BadMessage("The multipart body has no boundary.")
        self._max_file_bytes = max_file_bytes
        self._form = Form()
        self._name = ""
        self._filename: str | None = None
        self._header = bytearray()
        self._header_value = bytearray()
        self._data = bytearray()
        self._parts = 0
        self._complete = False
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
                    "on_header_value": lambda data, start, end: self._header_value.extend(data[start:end]),
                    "on_header_end": self._end_header,
                    "on_part_data": self._add,
                    "on_part_end": self._end,
                    "on_end": self._finish,
                },
            )
        except FormParserError:
            raise BadMessage("The multipart boundary is not valid.") from None

    async def read(self, body: AsyncIterator[bytes]) -> Form:
        """Parse the whole body."""
        left = self._max_file_bytes + FRAMING_BYTES
        async for chunk in body:
            try:
                self._parser.write(chunk)
            except FormParserError:
                raise BadMessage("The body is not valid multipart.") from None
            # Checked after the limits of the parts, whose errors are more specific.
            left -= len(chunk)
            if left < 0:
                raise TooLarge("The body is too large.")
        if not self._complete:
            raise BadMessage("The multipart body is incomplete.")
        return self._form

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > _PARTS:
            raise BadMessage(f"The body has more than {_PARTS} parts.")
        self._name, self._filename = "", None
        self._data = bytearray()

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            # Browsers write names and filenames in UTF-8.
            _, options = parse_options_header(bytes(self._header_value))
            self._name = options.get(b"name", b"").decode("utf-8", "replace")
            if b"filename" in options:
                self._filename = options[b"filename"].decode("utf-8", "replace")
        self._header.clear()
        self._header_value.clear()

    def _add(self, data: bytes, start: int, end: int) -> None:
        size = len(self._data) + end - start
        if self._filename is None and size > FIELD_BYTES:
            raise TooLarge(f"{self._name or 'A field'} is over {FIELD_BYTES // 1024} KB.")
        if size > self._max_file_bytes:
            megabytes = self._max_file_bytes // (1024 * 1024)
            raise TooLarge(f"The file is over {megabytes} MB.", code="cv_too_large")
        self._data += data[start:end]

    def _end(self) -> None:
        if self._name in self._form.fields or self._name in self._form.files:
            raise Invalid(f"{self._name} appears twice.", field=self._name)
        if self._filename is None:
            try:
                self._form.fields[self._name] = self._data.decode()
            except UnicodeDecodeError:
                raise Invalid(f"{self._name} is not UTF-8.", field=self._name) from None
        elif self._filename or self._data:  # An empty file input sends neither.
            self._form.files[self._name] = Upload(self._filename, bytes(self._data))

    def _finish(self) -> None:
        self._complete = True
