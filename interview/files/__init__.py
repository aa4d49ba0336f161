"""Where original files are kept: a folder on one machine, Cloud Storage in the cloud."""

from datetime import timedelta
from typing import Protocol

from interview.errors import Invalid


class Files(Protocol):
    """Objects by name (`{session_id}/cv.pdf`). Every method raises StoreUnavailable when it can't be done in bounded
    time, and Invalid for what can't be a name.
    """

    async def put(self, name: str, data: bytes, content_type: str) -> None:
        """Keep an object; the same name again replaces it."""

    async def get(self, name: str) -> bytes:
        """An object's bytes. Raises NotFound."""

    async def delete(self, prefix: str) -> list[str]:
        """Delete all objects whose name begins with `prefix`; returns their names."""

    async def close(self) -> None:
        """Give connections back."""


def open_files(address: str, retention_days: int = 30) -> Files:
    """The files behind `file://FOLDER` or `gs://BUCKET`. Connects at first use.

    A folder sees to the retention itself; for a bucket it is a lifecycle rule.
    """
    scheme, _, rest = address.partition("://")
    if scheme == "file":
        from interview.files.folder import FolderFiles

        return FolderFiles(rest, timedelta(days=retention_days))
    if scheme == "gs":
        from interview.files.storage import StorageFiles

        return StorageFiles(rest)
    raise Invalid("FILES must be file://FOLDER or gs://BUCKET.", field="FILES")
