"""Files in a folder, on one machine."""

import asyncio
import contextlib
import os
import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from interview import private
from interview.errors import NotFound, StoreUnavailable
from interview.files.name import checked, checked_prefix

T = TypeVar("T")

_CALL_SECONDS = 10.0


class FolderFiles:
    """Files in one folder, which is created with the first object. Content types are not stored.

    Each `put` deletes the files that are older than `retention`, as a bucket's lifecycle rule would. The first `put`
    takes the access of others from what an earlier version created.
    """

    def __init__(self, folder: str | Path, retention: timedelta = timedelta(days=30)) -> None:
        self._folder = Path(folder)
        self._retention = retention
        self._tightened = False

    async def put(self, name: str, data: bytes, content_type: str) -> None:  # noqa: ARG002
        path = self._folder / checked(name)

        def work() -> None:
            self._remove_expired()
            if not self._tightened:
                self._tighten()
                self._tightened = True
            _write(path, data)

        await _call(work)

    async def get(self, name: str) -> bytes:
        path = self._folder / checked(name)

        def work() -> bytes:
            try:
                return path.read_bytes()
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                raise NotFound from None

        return await _call(work)

    async def delete(self, prefix: str) -> list[str]:
        start = self._folder / checked_prefix(prefix).rpartition("/")[0]

        def work() -> list[str]:
            names = sorted(path.relative_to(self._folder).as_posix() for path in _files(start))
            chosen = [name for name in names if name.startswith(prefix)]
            for name in chosen:
                self._remove(self._folder / name)
            # An unfinished write is deleted too, but was not an object.
            return [name for name in chosen if "/." not in name]

        return await _call(work)

    async def close(self) -> None:
        """Nothing to close."""

    def _remove_expired(self) -> None:
        oldest = time.time() - self._retention.total_seconds()
        for path in _files(self._folder):
            with contextlib.suppress(FileNotFoundError):  # another process may delete it too
                if path.stat().st_mtime < oldest:
                    self._remove(path)

    def _tighten(self) -> None:
        for folder, _, names in os.walk(self._folder):
            private.tighten(Path(folder))
            for name in names:
                private.tighten(Path(folder, name))

    def _remove(self, path: Path) -> None:
        """Remove a file, and the folders that are empty then."""
        path.unlink(missing_ok=True)
        for folder in path.relative_to(self._folder).parents[:-1]:
            try:
                (self._folder / folder).rmdir()
            except OSError:
                return


async def _call(work: Callable[[], T]) -> T:
    """Run this work in a thread. Raises StoreUnavailable with the cause."""
    try:
        async with asyncio.timeout(_CALL_SECONDS):
            return await asyncio.to_thread(work)
    except OSError as error:  # TimeoutError is one
        raise StoreUnavailable("The files can't be read or written right now.") from error


def _write(path: Path, data: bytes) -> None:
    """Write a file atomically: under another name, which is then renamed."""
    private.make_folder(path.parent)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(private.create(unfinished), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _files(folder: Path) -> list[Path]:
    """All files at any depth; none if the folder does not exist."""

    def fail(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            raise error

    return [Path(parent, name) for parent, _, names in os.walk(folder, onerror=fail) for name in names]
