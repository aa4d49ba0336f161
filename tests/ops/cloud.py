"""A stand-in of Google's services over a real socket: the parts of the Cloud Run Admin API (v2) and of Firebase
Hosting's REST API that a release uses, with their rules: a version needs all its files to be
finalized, must be finalized to be released, and a change of a service needs its newest etag.
"""

import gzip
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from google.auth.credentials import AnonymousCredentials

from ops.deployment import Deployment
from ops.google import Rest
from ops.release import Cloud
from ops.services import Services

TOKEN = "a-token"
SITE = "a-project-production"


class Refused(Exception):
    def __init__(self, code: int, status: str, message: str) -> None:
        self.answer = {"error": {"code": code, "status": status, "message": message}}
        super().__init__(code)


@dataclass
class Google:
    """The state of the stand-in, and the requests that it got."""

    base: str = ""
    services: dict[str, dict[str, Any]] = field(default_factory=dict)
    operations: dict[str, dict[str, Any]] = field(default_factory=dict)
    versions: dict[str, dict[str, Any]] = field(default_factory=dict)
    releases: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    """The message of each release."""
    uploaded: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    failures: list[tuple[str, int]] = field(default_factory=list)
    """A part of a path, and the status of the next answer to a path with it."""

    def serve(self, region: str, name: str, *revisions: str, ready: bool = True, uri: str = "") -> str:
        """Add a service with these revisions. The last is the newest and has all the traffic."""
        path = f"projects/a-project/locations/{region}/services/{name}"
        self.services[path] = {
            "name": path,
            "uri": uri,
            "etag": '"1"',
            "latestReadyRevision": f"{path}/revisions/{revisions[-1]}",
            "traffic": [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}],
            "terminalCondition": {
                "type": "Ready",
                "state": "CONDITION_SUCCEEDED" if ready else "CONDITION_FAILED",
                "message": "" if ready else "The container did not listen.",
            },
        }
        self._route(path)
        return path

    def deploy(self, path: str, revision: str) -> None:
        """Add a newer revision, as Terraform does: traffic does not change."""
        self.services[path]["latestReadyRevision"] = f"{path}/revisions/{revision}"
        self._route(path)

    def serving(self, path: str) -> dict[str, int]:
        return {one["revision"]: one["percent"] for one in self.services[path]["trafficStatuses"]}

    def _route(self, path: str) -> None:
        service = self.services[path]
        newest = service["latestReadyRevision"].rsplit("/", 1)[-1]
        service["trafficStatuses"] = [{**one, "revision": one.get("revision") or newest} for one in service["traffic"]]

    def answer(self, method: str, path: str, query: dict[str, str], body: bytes) -> dict[str, Any]:
        self.asked.append((method, path))
        for at, (part, status) in enumerate(self.failures):
            if part in path:
                del self.failures[at]
                raise Refused(status, "UNAVAILABLE", "Try again.")
        if path.startswith("/v2/"):
            return self.run(method, path.removeprefix("/v2/"), query, body)
        if path.startswith("/upload/"):
            digest = path.rsplit("/", 1)[-1]
            assert hashlib.sha256(body).hexdigest() == digest
            self.uploaded[digest] = body
            return {}
        return self._hosting(method, path.removeprefix("/v1beta1/"), query, json.loads(body or b"{}"))

    def run(self, method: str, path: str, query: dict[str, str], body: bytes) -> dict[str, Any]:
        if path in self.operations:
            return self.operations.pop(path)
        if path not in self.services:
            raise Refused(404, "NOT_FOUND", f"Resource '{path}' was not found")
        service = self.services[path]
        if method == "PATCH":
            change = json.loads(body)
            field = query["updateMask"]
            assert field in ("traffic", "invokerIamDisabled")
            if change["etag"] != service["etag"]:
                raise Refused(409, "ABORTED", "Conflict for resource: version mismatch.")
            service |= {field: change[field], "etag": f'"{int(service["etag"][1:-1]) + 1}"'}
            self._route(path)
            operation = f"{path.rsplit('/', 2)[0]}/operations/{len(self.asked)}"
            answer = {"@type": "type.googleapis.com/google.cloud.run.v2.Service", **service}
            self.operations[operation] = {"name": operation, "done": True, "response": answer}
            return {"name": operation, "done": False}
        return service

    def _hosting(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        if path == f"sites/{SITE}/versions":
            name = f"{path}/{len(self.versions) + 1}"
            self.versions[name] = {"config": body["config"], "status": "CREATED", "files": {}}
            return {"name": name}
        if path.endswith(":populateFiles"):
            version = self.versions[path.removesuffix(":populateFiles")]
            version["files"] |= body["files"]
            missing = sorted({digest for digest in body["files"].values() if digest not in self.uploaded})
            return {"uploadRequiredHashes": missing, "uploadUrl": f"{self.base}/upload/files"}
        if path in self.versions and method == "PATCH":
            version = self.versions[path]
            if not set(version["files"].values()) <= set(self.uploaded):
                raise Refused(400, "FAILED_PRECONDITION", "Files are missing.")
            assert query["updateMask"] == "status"
            version["status"] = body["status"]
            return {"name": path}
        if path == f"sites/{SITE}/releases" and method == "POST":
            if self.versions.get(query["versionName"], {}).get("status") != "FINALIZED":
                raise Refused(400, "FAILED_PRECONDITION", "The version is not finalized.")
            self.releases.append(query["versionName"])
            self.messages.append(body["message"])
            return {"name": f"{path}/{len(self.releases)}"}
        if path == f"sites/{SITE}/releases":
            return {"releases": [{"version": {"name": name}} for name in self.releases[::-1][: int(query["pageSize"])]]}
        raise Refused(404, "NOT_FOUND", path)

    def page(self, path: str) -> bytes:
        """A public file."""
        return gzip.decompress(self.uploaded[self.versions[self.releases[-1]]["files"][path]])

    def cloud(self, _: Deployment | None = None) -> Cloud:
        """Clients that reach this stand-in."""
        services = Services("a-project", AnonymousCredentials(), self.base)
        return Cloud(services, Rest(f"{self.base}/v1beta1", "a-project", lambda: TOKEN))


@contextmanager
def serving_google() -> Iterator[Google]:
    google = Google()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            if not re.match("/v2/", parts.path):
                assert self.headers["authorization"] == f"Bearer {TOKEN}"
                assert self.headers["x-goog-user-project"] == "a-project"
            try:
                status, answer = 200, google.answer(self.command, parts.path, query, body)
            except Refused as refused:
                status, answer = refused.args[0], refused.answer
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = handle_any  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    google.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield google
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def outputs(**more: object) -> str:
    """The output of `terraform output -json` for a deployment with two relays."""
    values = {
        "project_id": "a-project",
        "region": "europe-west1",
        "environment": "production",
        "url": "https://interviews.example",
        "relays": {"europe-west1": "interviewer-production-relay", "us-central1": "interviewer-production-relay"},
        "functions": {
            name: {"region": "europe-west1", "service": f"interviewer-production-{name}"} for name in ("start", "end")
        },
        "hosting_site": SITE,
        "hosting_config": {"headers": [], "rewrites": [{"glob": "/api/**", "run": {"serviceId": "s", "region": "r"}}]},
        "page_config": {"interviewer": "gemini", "retention_days": 30, "interview_minutes": 25, "avatar": False},
        **more,
    }
    return json.dumps({name: {"sensitive": False, "type": "string", "value": value} for name, value in values.items()})
