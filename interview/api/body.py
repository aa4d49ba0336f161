"""Reading a body, multipart or JSON, while it arrives: what is too large is refused before it is held in memory."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from interview.api.message import Request
from interview.errors import BadMessage, Invalid, TooLarge

BODY_SECONDS = 50
"""How long a body may take to arrive; Firebase Hosting cuts a request at 60 seconds."""
FIELD_BYTES = 64 * 1024
"""More than any text field can need (10,000 characters of four bytes each)."""
JSON_BYTES = 256 * 1024
"""The same for JSON, where a character may be written as an escape of twelve bytes."""
FRAMING_BYTES = 512 * 1024
"""What a multipart body may hold beside its file."""
DISCARD_BYTES = 64 * 1024 * 1024
"""How much of a refused body is read to its end, so that the sender gets to see the answer."""
_PARTS = 32


class UnsupportedBody(Invalid):
    """A body of a type that the endpoint does not take."""

    status: ClassVar[int] = 415
    title: ClassVar[str] = "That type of body can't be read"
    code = "unsupported_body"


class SlowBody(Invalid):
    """A body that does not arrive."""

    status: ClassVar[int] = 408
    title: ClassVar[str] = "The upload took too long"
    code = "slow_body"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file out of a form. `filename` is the sender's word for it."""

    filename: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The text fields and files of a body, by their names."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)


async def read_form(request: Request, *, max_file_bytes: int) -> Form:
    """The body as a form.

    Raises TooLarge (code `cv_too_large` for the file, `too_large` for the rest), BadMessage for what is no JSON object
    or no multipart, UnsupportedBody and SlowBody. Nothing over the limits is held in memory.
    """
    kind, options = parse_options_header(request.headers.get("content-type", "").encode("latin-1", "replace"))
    try:
        async with asyncio.timeout(BODY_SECONDS):
            if kind == b"application/json":
                return _form_of_json(await _read_all(request.body, JSON_BYTES))
            if kind == b"multipart/form-data":
                parts = _Parts(options.get(b"boundary", b""), max_file_bytes)
                return await parts.read(request.body)
    except TimeoutError:
        raise SlowBody(f"The body did not arrive within {BODY_SECONDS} seconds.") from None
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
            return _json(await _read_all(request.body, limit))
    except TimeoutError:
        raise SlowBody(f"The body did not arrive within {BODY_SECONDS} seconds.") from None
    except ConnectionError:
        raise BadMessage("The connection ended before the body did.") from None


async def _read_all(body: AsyncIterator[bytes], limit: int) -> bytes:
    data = bytearray()
    async for chunk in body:
        data += chunk
        if len(data) > limit:
            raise TooLarge(f"The body is over {limit // 1024} KB.")
    return bytes(data)


async def _discard(body: AsyncIterator[bytes]) -> None:
    """Let the rest go by: a server that hangs up in mid-upload shows the sender a broken connection, not its answer."""
    left = DISCARD_BYTES
    with contextlib.suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in body:
                left -= len(chunk)
                if left < 0:
                    return


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise BadMessage("The body is no JSON.") from None


def _form_of_json(data: bytes) -> Form:
    content = _json(data)
    if not isinstance(content, dict):
        raise BadMessage("The body must be a JSON object.")
    fields: dict[str, str] = {}
    for name, value in content.items():
        if value is None:
            continue
        if not isinstance(value, str):
            raise Invalid(f"{name} must be a string.", field=name)
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Invalid(f"{name} holds half of a character.", field=name) from None
        fields[name] = value
    return Form(fields)


class _Parts:
    """The parts of one multipart body, collected from the parser's callbacks."""

    def __init__(self, boundary: bytes, max_file_bytes: int) -> None:
        if not boundary:
            raise BadMessage("The multipart body names no boundary.")
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
        """Feed the parser to the body's end."""
        left = self._max_file_bytes + FRAMING_BYTES
        async for chunk in body:
            try:
                self._parser.write(chunk)
            except FormParserError:
                raise BadMessage("The body is no well-formed multipart.") from None
            # After the parts' own limits, whose errors say more.
            left -= len(chunk)
            if left < 0:
                raise TooLarge("The body is larger than any form that this endpoint takes.")
        if not self._complete:
            raise BadMessage("The multipart body ends too early.")
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
            raise Invalid(f"{self._name} is there twice.", field=self._name)
        if self._filename is None:
            try:
                self._form.fields[self._name] = self._data.decode()
            except UnicodeDecodeError:
                raise Invalid(f"{self._name} is not UTF-8.", field=self._name) from None
        elif self._filename or self._data:  # A file input that was left empty sends neither.
            self._form.files[self._name] = Upload(self._filename, bytes(self._data))

    def _finish(self) -> None:
        self._complete = True
