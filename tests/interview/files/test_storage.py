"""Tests of Cloud Storage alone."""

import socket

import pytest
from google.cloud.storage import Client

from interview.errors import StoreUnavailable
from interview.files import open_files
from interview.files.storage import StorageFiles
from tests.ports import free_port

PDF = "application/pdf"


async def test_an_address_names_a_bucket(bucket: str) -> None:
    files = open_files(f"gs://{bucket}")
    await files.put("s1/cv.pdf", b"data", PDF)
    client = Client(project="test")
    blob = client.bucket(bucket).get_blob("s1/cv.pdf")
    assert blob.content_type == PDF
    assert blob.download_as_bytes() == b"data"
    client.close()
    await files.close()


async def test_a_missing_bucket_is_an_error(bucket: str) -> None:
    files = StorageFiles(f"{bucket}-not")
    with pytest.raises(StoreUnavailable):
        await files.put("s1/cv.pdf", b"data", PDF)
    await files.close()


async def test_closed_files_can_be_used_again(bucket: str) -> None:
    files = StorageFiles(bucket)
    await files.put("s1/cv.pdf", b"data", PDF)
    await files.close()
    await files.close()
    assert await files.get("s1/cv.pdf") == b"data"
    await files.close()


async def test_a_closed_port_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{free_port()}")
    files = StorageFiles("bucket", attempt_seconds=0.5, call_seconds=1)
    for call in (files.put("s1/cv.pdf", b"data", PDF), files.get("s1/cv.pdf"), files.delete("s1/")):
        with pytest.raises(StoreUnavailable) as refused:
            await call
        assert refused.value.__cause__ is not None
        assert "cv.pdf" not in str(refused.value)
    await files.close()


async def test_a_silent_server_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{listener.getsockname()[1]}")
        files = StorageFiles("bucket", attempt_seconds=0.3, call_seconds=0.4)
        with pytest.raises(StoreUnavailable):
            await files.get("s1/cv.pdf")
        await files.close()


async def test_without_credentials_it_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STORAGE_EMULATOR_HOST", raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nonexistent/key.json")
    with pytest.raises(StoreUnavailable):
        await StorageFiles("bucket").get("s1/cv.pdf")
