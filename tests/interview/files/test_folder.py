"""Tests of the folder alone."""

import asyncio
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from interview.errors import Invalid, NotFound, StoreUnavailable
from interview.files import open_files
from interview.files.folder import FolderFiles
from tests.interview.conftest import SmallDisk, read_only

PDF = "application/pdf"


def tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


async def test_an_address_names_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    await open_files("file://relative/files").put("s1/cv.pdf", b"data", PDF)
    await open_files(f"file://{tmp_path}/absolute").put("s1/cv.pdf", b"data", PDF)
    assert {"relative/files/s1/cv.pdf", "absolute/s1/cv.pdf"} < set(tree(tmp_path))
    with pytest.raises(Invalid):
        open_files("ftp://elsewhere")


async def test_the_folder_is_created_with_the_first_object(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path / "files")
    with pytest.raises(NotFound):
        await files.get("s1/cv.pdf")
    assert tree(tmp_path) == []


async def test_only_the_owner_may_read_what_is_stored(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path / "data/files")
    before = os.umask(0)
    try:
        await files.put("s1/cv.pdf", b"data", PDF)
    finally:
        os.umask(before)
    modes = {name: (tmp_path / name).stat().st_mode & 0o777 for name in tree(tmp_path)}
    assert modes == {"data": 0o700, "data/files": 0o700, "data/files/s1": 0o700, "data/files/s1/cv.pdf": 0o600}


async def test_what_others_could_read_is_tightened(tmp_path: Path) -> None:
    (tmp_path / "files/s0").mkdir(mode=0o755, parents=True)
    (tmp_path / "files/s0/cv.pdf").write_bytes(b"data")
    (tmp_path / "files/s0/cv.pdf").chmod(0o644)
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    (tmp_path / "files/s0/link").symlink_to(tmp_path / "elsewhere")
    await FolderFiles(tmp_path / "files").put("s1/cv.pdf", b"data", PDF)
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in ("files", "files/s0")} == {0o700}
    assert (tmp_path / "files/s0/cv.pdf").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "elsewhere").stat().st_mode & 0o777 == 0o755, "a link leads out of the folder"


async def test_delete_leaves_no_empty_folder_but_its_own(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path / "files")
    await files.put("s1/audio/deep/1", b"data", PDF)
    await files.put("s2/cv.pdf", b"data", PDF)
    await files.delete("s1/")
    assert tree(tmp_path) == ["files", "files/s2", "files/s2/cv.pdf"]
    await files.delete("s2/")
    assert tree(tmp_path) == ["files"]


async def test_delete_removes_an_unfinished_write(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    await files.put("s1/cv.pdf", b"data", PDF)
    (tmp_path / "s1/.cv.pdf.0badcafe").write_bytes(b"half of a c")
    assert await files.delete("s1/") == ["s1/cv.pdf"]
    assert tree(tmp_path) == []


async def test_put_deletes_expired_files(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path, retention=timedelta(days=30))
    for name, days in (("s1/cv.pdf", 31), ("s2/cv.pdf", 29)):
        await files.put(name, b"data", PDF)
        then = time.time() - timedelta(days=days).total_seconds()
        os.utime(tmp_path / name, (then, then))
    await files.put("s3/cv.pdf", b"data", PDF)
    assert tree(tmp_path) == ["s2", "s2/cv.pdf", "s3", "s3/cv.pdf"]


async def test_a_reader_never_sees_a_partial_file(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    contents = [bytes([number]) * 300_000 for number in range(2)]
    await files.put("s1/cv.pdf", contents[0], PDF)

    async def write() -> None:
        for number in range(60):
            await files.put("s1/cv.pdf", contents[number % 2], PDF)

    writing = asyncio.create_task(write())
    while not writing.done():
        assert await files.get("s1/cv.pdf") in contents
    await writing
    assert tree(tmp_path) == ["s1", "s1/cv.pdf"]


async def test_a_full_disk_is_an_error_and_leaves_nothing(small_disk: SmallDisk) -> None:
    files = FolderFiles(small_disk.folder / "files")
    await files.put("s1/cv.pdf", b"old", PDF)
    with pytest.raises(StoreUnavailable) as refused:
        await files.put("s1/cv.pdf", bytes(1024 * 1024), PDF)
    assert isinstance(refused.value.__cause__, OSError)
    assert tree(small_disk.folder) == ["files", "files/s1", "files/s1/cv.pdf"]
    assert await files.get("s1/cv.pdf") == b"old"
    small_disk.enlarge()
    await files.put("s1/cv.pdf", bytes(1024 * 1024), PDF)
    assert await files.get("s1/cv.pdf") == bytes(1024 * 1024)


async def test_a_read_only_folder_is_an_error(open_folder: Path) -> None:
    files = FolderFiles(open_folder)
    await files.put("cv.pdf", b"data", PDF)
    with read_only(open_folder):
        for call in (files.put("s1/cv.pdf", b"data", PDF), files.delete("cv")):
            with pytest.raises(StoreUnavailable):
                await call
    assert await files.delete("cv") == ["cv.pdf"]
    await files.put("s1/cv.pdf", b"data", PDF)
