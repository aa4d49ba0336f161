import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from google.cloud.storage import Client

from interview.files import Files
from interview.files.folder import FolderFiles
from interview.files.storage import StorageFiles

OpenFiles = Callable[[], Files]


@pytest.fixture
def bucket(storage_emulator: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a new bucket in the emulator."""
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", storage_emulator)
    name = f"test-{secrets.token_hex(8)}"
    client = Client(project="test")
    client.create_bucket(name)
    client.close()
    return name


@pytest.fixture(params=["folder", "storage"])
async def open_files(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenFiles]:
    """Opens the files of this test again, as another process would."""
    opened: list[Files] = []
    name = request.getfixturevalue("bucket") if request.param == "storage" else ""

    def open_one() -> Files:
        files: Files = StorageFiles(name) if name else FolderFiles(tmp_path / "files")
        opened.append(files)
        return files

    yield open_one
    for files in opened:
        await files.close()


@pytest.fixture
def files(open_files: OpenFiles) -> Files:
    return open_files()
