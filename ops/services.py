"""The services on Cloud Run: which revisions serve, whether they are ready, and sending traffic to others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from google.api_core.exceptions import GoogleAPIError, NotFound
from google.api_core.retry import Retry
from google.auth.credentials import Credentials
from google.cloud import run_v2

from ops.deployment import Service
from ops.trouble import Trouble

TIMEOUT: Final = 60.0
"""Seconds that a question may take, all tries together."""
CHANGE_TIMEOUT: Final = 180.0
"""Seconds in which a change of traffic must be done."""

_LATEST: Final = run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST
_REVISION: Final = run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION


@dataclass(frozen=True, slots=True)
class Serving:
    """A service as it stands: `traffic` is percent by revision, as it really goes."""

    service: Service
    url: str
    ready: bool
    reason: str
    """Why it is not ready; empty when it is."""
    newest: str
    traffic: Mapping[str, int]


class Services:
    """The services of a project. Every method raises Trouble when Cloud Run does not do what was asked."""

    def __init__(self, project: str, held: Credentials, endpoint: str | None = None) -> None:
        self._project = project
        self._client = run_v2.ServicesClient(
            credentials=held, transport="rest", client_options={"api_endpoint": endpoint} if endpoint else None
        )

    def find(self, service: Service) -> Serving | None:
        """The service as it stands, or None where there is none."""
        try:
            found = self._client.get_service(name=self._path(service), timeout=TIMEOUT, retry=Retry(timeout=TIMEOUT))
        except NotFound:
            return None
        except GoogleAPIError as error:
            raise _trouble(service, error) from None
        return _serving(service, found)

    def send_to(self, service: Service, traffic: Mapping[str, int]) -> None:
        """Have these revisions serve, in these parts of a hundred. What is under way stays where it is."""
        targets = [
            run_v2.TrafficTarget(type_=_REVISION, revision=revision, percent=percent)
            for revision, percent in traffic.items()
        ]
        self._change(service, targets)

    def send_to_newest(self, service: Service) -> None:
        """Have the newest revision serve, and from now on each one that is newer."""
        self._change(service, [run_v2.TrafficTarget(type_=_LATEST, percent=100)])

    def _change(self, service: Service, targets: Sequence[run_v2.TrafficTarget]) -> None:
        name = self._path(service)
        try:
            present = self._client.get_service(name=name, timeout=TIMEOUT, retry=Retry(timeout=TIMEOUT))
            present.traffic = list(targets)
            # The etag is sent along: a change by somebody else in between is refused, and not undone.
            change = self._client.update_service(
                request=run_v2.UpdateServiceRequest(service=present, update_mask="traffic"), timeout=TIMEOUT
            )
            change.result(timeout=CHANGE_TIMEOUT)  # type: ignore[no-untyped-call]
        except GoogleAPIError as error:
            raise _trouble(service, error) from None

    def _path(self, service: Service) -> str:
        return f"projects/{self._project}/locations/{service.region}/services/{service.name}"


def _serving(service: Service, found: run_v2.Service) -> Serving:
    condition = found.terminal_condition
    ready = condition.state == run_v2.Condition.State.CONDITION_SUCCEEDED
    newest = found.latest_ready_revision.rsplit("/", 1)[-1]
    traffic: dict[str, int] = {}
    for target in found.traffic_statuses:
        if target.percent:
            revision = target.revision.rsplit("/", 1)[-1] or newest
            traffic[revision] = traffic.get(revision, 0) + target.percent
    reason = "" if ready else (condition.message or condition.state.name.removeprefix("CONDITION_").lower())
    return Serving(service, found.uri, ready, reason, newest, traffic)


def _trouble(service: Service, error: GoogleAPIError) -> Trouble:
    told = getattr(error, "message", "") or type(error).__name__
    return Trouble(f"Cloud Run, {service.name} in {service.region}: {told}")
