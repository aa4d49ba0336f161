"""Stores the original files: in a folder on one machine, or in Cloud Storage."""

from datetime import timedelta
from typing import Protocol

from interview.errors import Invalid


class Files(Protocol):
    """Objects by name (`{session_id}/cv.pdf`). Every method raises StoreUnavailable after a bounded time, and Invalid
    for an invalid name.
    """

    async def put(self, name: str, data: bytes, content_type: str) -> None:
        """Store an object. It replaces one with the same name."""

    async def get(self, name: str) -> bytes:
        """An object's bytes. Raises NotFound."""

    async def delete(self, prefix: str) -> list[str]:
        """Delete all objects whose name begins with `prefix`; returns their names."""

    async def close(self) -> None:
        """Close the connections."""


def open_files(address: str, retention_days: int = 30) -> Files:
    """The files in `file://FOLDER` or `gs://BUCKET`. The first call connects.

    A folder deletes expired files itself; a bucket has a lifecycle rule for that.
    """
    scheme, _, rest = address.partition("://")
    if scheme == "file":
        from interview.files.folder import FolderFiles

        return FolderFiles(rest, timedelta(days=retention_days))
    if scheme == "gs":
        from interview.files.storage import StorageFiles

        return StorageFiles(rest)
    raise Invalid("FILES must be file://FOLDER or gs://BUCKET.", field="FILES")
