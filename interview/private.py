"""Folders and files of one machine that only their owner may read: 0700 and 0600 under every umask."""

import contextlib
import os
import stat
from pathlib import Path
from typing import Final

FOLDER: Final = 0o700
FILE: Final = 0o600


def make_folder(folder: Path) -> None:
    """Create a folder, with its parents, for the owner alone. Folders that exist stay as they are."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        # Another process may create it at the same time.
        with contextlib.suppress(FileExistsError):
            one.mkdir(mode=FOLDER)
            one.chmod(FOLDER)


def create(file: Path) -> int:
    """Create a file for the owner alone; returns its descriptor for writing. Raises FileExistsError."""
    return os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE)


def tighten(path: Path) -> None:
    """Take the access of others from a file or a folder that exists. One that is gone, or belongs to somebody else,
    stays as it is.
    """
    with contextlib.suppress(OSError):
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return
        allowed = FOLDER if stat.S_ISDIR(mode) else FILE
        if stat.S_IMODE(mode) & ~allowed:
            path.chmod(stat.S_IMODE(mode) & allowed)
