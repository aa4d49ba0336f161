"""The address that a command tests: the one given, `make dev`, or a deployment's."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from ops import development, google, terraform
from ops.deployment import Deployment
from ops.failure import CommandFailed
from ops.services import Services


def find(
    url: str | None,
    outputs: Path | None,
    environment: str,
    connect: Callable[[str], Services] = lambda project: Services(project, google.credentials()),
) -> tuple[str, list[str]]:
    """The address to test, and the revisions that serve there: the given address, else the deployment of these outputs,
    else `make dev` if it runs, else the environment's deployment.
    """
    if url and outputs is None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
            raise CommandFailed(f"the address must be like https://interviews.example, not {url!r}")
        return url, []
    here = development.address()
    if outputs is None and development.runs(here):
        return here, []
    try:
        deployment = Deployment.read(outputs) if outputs else terraform.deployment(environment)
    except CommandFailed as error:
        raise error if outputs else CommandFailed(f"nothing answers at {here}, and {error}") from None
    if deployment is None:
        raise CommandFailed("nothing is deployed")
    services = connect(deployment.project)
    found = [services.find(service) for service in deployment.services]
    revisions = [f"{one.service.role:<12}{', '.join(one.traffic)} in {one.service.region}" for one in found if one]
    return url or deployment.url, revisions
