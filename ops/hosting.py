"""Releases of the page on Firebase Hosting, by its REST API: a version is files and configuration, and a release makes
a version public. An earlier version can be released again.
"""

import gzip
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from interview.version import VERSION
from ops.failure import CommandFailed
from ops.google import Rest

BASE: Final = "https://firebasehosting.googleapis.com/v1beta1"

_CONFIG: Final = "/config.json"


def live_version(rest: Rest, site: str) -> str | None:
    """The public version; None before the first release."""
    releases = rest.call("GET", f"sites/{site}/releases", pageSize="1").get("releases", [])
    return str(releases[0]["version"]["name"]) if releases and "version" in releases[0] else None


def create_version(rest: Rest, site: str, files: Mapping[str, bytes], config: Mapping[str, Any]) -> str:
    """Create a version of these files, which is not public yet. Files that Hosting already has are not sent."""
    version = str(rest.call("POST", f"sites/{site}/versions", json={"config": config})["name"])
    # Without a time in it, the same file always has the same hash.
    packed = {path: gzip.compress(content, mtime=0) for path, content in files.items()}
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in packed.items()}
    by_hash = {hashes[path]: content for path, content in packed.items()}
    wanted = rest.call("POST", f"{version}:populateFiles", json={"files": hashes})
    for digest in wanted.get("uploadRequiredHashes", []):
        rest.call("POST", f"{wanted['uploadUrl']}/{digest}", content=by_hash[digest])
    rest.call("PATCH", version, json={"status": "FINALIZED"}, updateMask="status")
    return version


def release(rest: Rest, site: str, version: str, message: str) -> None:
    """Make a version public. The console shows the message in the site's release history."""
    rest.call("POST", f"sites/{site}/releases", json={"message": message}, versionName=version)


def read_page(folder: Path, page_config: Mapping[str, Any]) -> dict[str, bytes]:
    """The files of the built page, and /config.json with the deployment's configuration and version.

    The first picture in /index.html has the name and colour of the build. A deployment with its own gets the document
    without it, so that neither changes before the candidate's eyes.

    Raises CommandFailed if the page is not built.
    """
    files = {f"/{path.relative_to(folder)}": path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    if "/index.html" not in files:
        raise CommandFailed(f"there is no page in {folder}; build it with: npm --prefix web run build")
    if page_config.keys() & {"page_name", "page_colour"}:
        files["/index.html"] = files["/page.html"]
    return {**files, _CONFIG: json.dumps({**page_config, "version": VERSION}).encode()}
