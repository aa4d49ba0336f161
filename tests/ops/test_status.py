"""The status of a deployment, by the Cloud Run Admin API and a relay's health check."""

import asyncio

from interview.version import VERSION
from ops import status
from ops.deployment import Deployment
from tests.ops.cloud import SITE, Google, outputs
from tests.relay.conftest import RunningRelay


def deployment() -> Deployment:
    found = Deployment.of(outputs())
    assert found
    return found


def test_it_names_revisions_traffic_and_what_is_not_ready(google: Google) -> None:
    google.serve("europe-west1", "interviewer-production-relay", "relay-00007-abc", uri="https://relay.example")
    google.serve("europe-west1", "interviewer-production-start", "start-1")
    end = google.serve("europe-west1", "interviewer-production-end", "end-2", ready=False)
    google.services[end]["traffic"] = [
        {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", "revision": "end-1", "percent": 100}
    ]
    google.deploy(end, "end-2")
    asked: list[str] = []

    def health(url: str) -> str:
        asked.append(url)
        return "ok"

    lines, well = status.status(deployment(), google.cloud(), health)
    assert not well
    assert lines == [
        "https://interviews.example",
        "relay  europe-west1     interviewer-production-relay  ready; relay-00007-abc 100 %; ok",
        "relay  us-central1      interviewer-production-relay  missing",
        "start  europe-west1     interviewer-production-start  ready; start-1 100 %",
        (
            "end    europe-west1     interviewer-production-end  "
            "not ready: The container did not listen.; end-1 100 %; the newest is end-2"
        ),
        "page   not released yet",
    ]
    assert asked == ["https://relay.example"]


def test_everything_is_ready(google: Google) -> None:
    for service in deployment().services:
        google.serve(service.region, service.name, f"{service.role}-1")
    google.releases.append(f"sites/{SITE}/versions/1")
    lines, well = status.status(deployment(), google.cloud(), lambda _: "ok")
    assert well
    assert lines[-1] == f"page   sites/{SITE}/versions/1"


async def test_a_relay_reports_its_live_interviews(running: RunningRelay) -> None:
    base = running.url.replace("ws://", "http://")
    assert await asyncio.to_thread(status.ask_health, base) == (
        f"ok, version {VERSION}, 0 live on the instance that answered"
    )
    assert (await asyncio.to_thread(status.ask_health, "http://127.0.0.1:1")).startswith("does not answer (")
