"""The services on Cloud Run: which revisions serve, whether they are ready, and where traffic goes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from google.api_core.exceptions import GoogleAPIError, NotFound
from google.api_core.retry import Retry
from google.auth.credentials import Credentials
from google.cloud import run_v2

from ops.deployment import Service
from ops.failure import CommandFailed

TIMEOUT: Final = 60.0
"""Seconds that a read may take, all attempts together."""
CHANGE_TIMEOUT: Final = 180.0
"""Seconds within which a change of traffic must be complete."""

_LATEST: Final = run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST
_REVISION: Final = run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION


@dataclass(frozen=True, slots=True)
class Serving:
    """The present state of a service; `traffic` is the real percentage by revision."""

    service: Service
    url: str
    ready: bool
    reason: str
    """Why it is not ready; empty if it is."""
    newest: str
    traffic: Mapping[str, int]
    public: bool = False
    """Cloud Run lets anybody call it, and the service itself checks each request."""


class Services:
    """The services of a project. Every method raises CommandFailed if Cloud Run refuses or fails."""

    def __init__(self, project: str, credentials: Credentials, endpoint: str | None = None) -> None:
        self._project = project
        self._client = run_v2.ServicesClient(
            credentials=credentials, transport="rest", client_options={"api_endpoint": endpoint} if endpoint else None
        )

    def find(self, service: Service) -> Serving | None:
        """The present state of a service; None if it does not exist."""
        try:
            found = self._client.get_service(name=self._path(service), timeout=TIMEOUT, retry=Retry(timeout=TIMEOUT))
        except NotFound:
            return None
        except GoogleAPIError as error:
            raise _failed(service, error) from None
        return _serving(service, found)

    def send_to(self, service: Service, traffic: Mapping[str, int]) -> None:
        """Send this percentage of traffic to each revision. Open connections stay where they are."""
        targets = [
            run_v2.TrafficTarget(type_=_REVISION, revision=revision, percent=percent)
            for revision, percent in traffic.items()
        ]
        self._send(service, targets)

    def send_to_newest(self, service: Service) -> None:
        """Send all traffic to the newest revision, from now on too."""
        self._send(service, [run_v2.TrafficTarget(type_=_LATEST, percent=100)])

    def make_public(self, service: Service) -> None:
        """Switch off Cloud Run's check of who may call it. The service checks each request itself."""

        def change(present: run_v2.Service) -> None:
            present.invoker_iam_disabled = True

        self._change(service, change, "invoker_iam_disabled")

    def _send(self, service: Service, targets: Sequence[run_v2.TrafficTarget]) -> None:
        def change(present: run_v2.Service) -> None:
            present.traffic = list(targets)

        self._change(service, change, "traffic")

    def _change(self, service: Service, change: Callable[[run_v2.Service], None], field: str) -> None:
        name = self._path(service)
        try:
            present = self._client.get_service(name=name, timeout=TIMEOUT, retry=Retry(timeout=TIMEOUT))
            change(present)
            # The etag is sent too: if somebody else has changed the service meanwhile, the update is refused.
            request = run_v2.UpdateServiceRequest(service=present, update_mask={"paths": [field]})
            operation = self._client.update_service(request=request, timeout=TIMEOUT)
            operation.result(timeout=CHANGE_TIMEOUT)  # type: ignore[no-untyped-call]
        except GoogleAPIError as error:
            raise _failed(service, error) from None

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
    return Serving(service, found.uri, ready, reason, newest, traffic, public=found.invoker_iam_disabled)


def _failed(service: Service, error: GoogleAPIError) -> CommandFailed:
    told = getattr(error, "message", "") or type(error).__name__
    return CommandFailed(f"Cloud Run, {service.name} in {service.region}: {told}")
