"""Tests of both implementations of files."""

import asyncio
import secrets

import pytest

from interview.errors import Invalid, NotFound
from interview.files import Files
from tests.interview.files.conftest import OpenFiles

PDF = "application/pdf"

NAMES = ["s1/cv.pdf", "s1/audio/0001.opus", "s-1_2/Lebenslauf Zoë (2).docx", "one", "履歴書/最新.pdf", "a" * 200]
NOT_NAMES = [
    *("", "/", "/etc/passwd", "s1/", "s1//cv.pdf", "../cv.pdf", "s1/../../cv.pdf", "s1/..", ".", "s1/./cv.pdf"),
    *("s1/.hidden", "..\\cv.pdf", "s1\\cv.pdf", "a\x00b", "a\nb", "a\x7fb", "\ud800", "a" * 201, "a/" * 450 + "a"),
]


@pytest.mark.parametrize("name", NAMES)
async def test_put_and_get(files: Files, name: str) -> None:
    data = secrets.token_bytes(1000)
    await files.put(name, data, PDF)
    assert await files.get(name) == data


@pytest.mark.parametrize("size", [0, 1, 10 * 1024 * 1024])
async def test_objects_of_any_size(files: Files, size: int) -> None:
    data = secrets.token_bytes(size)
    await files.put("s1/cv.pdf", data, PDF)
    assert await files.get("s1/cv.pdf") == data


async def test_put_replaces_an_object_with_the_same_name(open_files: OpenFiles) -> None:
    one, other = open_files(), open_files()
    await one.put("s1/cv.pdf", b"old and longer", PDF)
    await other.put("s1/cv.pdf", b"new", PDF)
    assert await one.get("s1/cv.pdf") == b"new"
    assert await one.delete("s1/") == ["s1/cv.pdf"]


async def test_a_missing_object_is_not_found(files: Files) -> None:
    await files.put("s1/cv.pdf", b"data", PDF)
    for name in ("s1/cv.docx", "s2/cv.pdf", "s1", "s1/cv.pdf/page"):
        with pytest.raises(NotFound):
            await files.get(name)


async def test_delete_removes_objects_with_the_prefix(files: Files) -> None:
    for name in ("s1/cv.pdf", "s1/audio/1", "s1/audio/2", "s10/cv.pdf", "s2/cv.pdf"):
        await files.put(name, b"data", PDF)
    assert await files.delete("s1/") == ["s1/audio/1", "s1/audio/2", "s1/cv.pdf"]
    assert await files.delete("s1/") == []
    assert await files.get("s10/cv.pdf") == b"data"
    assert await files.delete("s1") == ["s10/cv.pdf"]
    assert await files.delete("s2/c") == ["s2/cv.pdf"]
    with pytest.raises(NotFound):
        await files.get("s2/cv.pdf")


async def test_delete_of_nothing_returns_nothing(files: Files) -> None:
    assert await files.delete("s1/") == []
    await files.put("s1/cv.pdf", b"data", PDF)
    assert await files.delete("s1/cv.pdf/") == []


@pytest.mark.parametrize("name", NOT_NAMES)
async def test_an_invalid_name_is_refused(files: Files, name: str) -> None:
    with pytest.raises(Invalid):
        await files.put(name, b"data", PDF)
    with pytest.raises(Invalid):
        await files.get(name)


@pytest.mark.parametrize("prefix", ["", "/", "../", "s1/../", ".", "s1//"])
async def test_an_invalid_prefix_is_refused(files: Files, prefix: str) -> None:
    await files.put("s1/cv.pdf", b"data", PDF)
    with pytest.raises(Invalid):
        await files.delete(prefix)
    assert await files.get("s1/cv.pdf") == b"data"


async def test_one_of_several_concurrent_writes_wins(open_files: OpenFiles) -> None:
    one, other = open_files(), open_files()
    contents = [bytes([number]) * 100_000 for number in range(10)]
    await asyncio.gather(*((one, other)[n % 2].put("s1/cv.pdf", data, PDF) for n, data in enumerate(contents)))
    assert await one.get("s1/cv.pdf") in contents
    assert await one.delete("s1/") == ["s1/cv.pdf"]


async def test_many_concurrent_calls(files: Files) -> None:
    names = [f"s{number}/cv.pdf" for number in range(20)]
    await asyncio.gather(*(files.put(name, name.encode(), PDF) for name in names))
    assert await asyncio.gather(*(files.get(name) for name in names)) == [name.encode() for name in names]
