"""The steps of a deployment before and after Terraform's, for cloudbuild.yaml: `python -m ops.release STEP …`.

    note OUTPUTS BEFORE     write the revisions and the page's version that serve now to a file
    forward OUTPUTS         send all traffic to the newest revisions
    page OUTPUTS DIST       release the built page
    back OUTPUTS BEFORE     send traffic to the noted revisions and release the noted page again

OUTPUTS is a file with `terraform output -json`. `back` restores code and page. Other changes of Terraform (accounts,
indexes, alerts) stay.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops import failure, google, hosting
from ops.deployment import Deployment, Service
from ops.failure import CommandFailed
from ops.google import Rest
from ops.services import Services


@dataclass(frozen=True, slots=True)
class Cloud:
    """The two Google services that a release uses."""

    services: Services
    hosting: Rest


def note(deployment: Deployment | None, cloud: Callable[[Deployment], Cloud]) -> dict[str, Any]:
    """What serves now, as JSON; empty if nothing is deployed yet."""
    if deployment is None:
        return {"services": [], "page": None}
    reached = cloud(deployment)
    found = [(service, reached.services.find(service)) for service in deployment.services]
    return {
        "services": [
            {"role": service.role, "region": service.region, "name": service.name, "traffic": dict(serving.traffic)}
            for service, serving in found
            if serving and serving.traffic
        ],
        "page": hosting.live_version(reached.hosting, deployment.hosting_site),
    }


def forward(deployment: Deployment, cloud: Cloud) -> None:
    """Send all traffic to the newest revisions: an earlier `back` has pinned it to older ones."""
    for service in deployment.services:
        serving = cloud.services.find(service)
        if serving is None:
            raise CommandFailed(f"there is no service {service.name} in {service.region}")
        if not serving.ready:
            raise CommandFailed(f"{service.name} in {service.region} is not ready: {serving.reason}")
        if serving.traffic != {serving.newest: 100}:
            cloud.services.send_to_newest(service)


def page(deployment: Deployment, cloud: Cloud, folder: Path) -> str:
    """Release the built page; returns its version."""
    files = hosting.read_page(folder, deployment.page_config)
    version = hosting.create_version(cloud.hosting, deployment.hosting_site, files, deployment.hosting_config)
    hosting.release(cloud.hosting, deployment.hosting_site, version)
    return version


def back(deployment: Deployment, cloud: Cloud, before: Mapping[str, Any]) -> list[str]:
    """Restore what served before. Returns a line for each part that could not be restored; failures don't stop it."""
    left = []
    for noted in before["services"]:
        service = Service(noted["role"], noted["region"], noted["name"])
        try:
            serving = cloud.services.find(service)
            if serving and serving.traffic != noted["traffic"]:
                cloud.services.send_to(service, noted["traffic"])
        except CommandFailed as error:
            left.append(str(error))
    known = {(noted["region"], noted["name"]) for noted in before["services"]}
    left += [
        f"{service.name} in {service.region} is new: there is nothing to restore"
        for service in deployment.services
        if (service.region, service.name) not in known
    ]
    try:
        if before["page"] is None:
            left.append("the page is new: there is nothing to restore")
        elif hosting.live_version(cloud.hosting, deployment.hosting_site) != before["page"]:
            hosting.release(cloud.hosting, deployment.hosting_site, before["page"])
    except CommandFailed as error:
        left.append(str(error))
    return left


def reach(deployment: Deployment) -> Cloud:
    """Google's services, with this machine's credentials."""
    credentials = google.credentials()
    token = google.token_of(credentials)
    return Cloud(Services(deployment.project, credentials), Rest(hosting.BASE, deployment.project, token))


def main() -> None:
    """`python -m ops.release STEP …`."""
    parser = argparse.ArgumentParser(
        prog="python -m ops.release", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=("note", "forward", "page", "back"))
    parser.add_argument("outputs", type=Path)
    parser.add_argument("path", type=Path, nargs="?", help="BEFORE or DIST")
    options = parser.parse_args()
    if options.step != "forward" and options.path is None:
        parser.error(f"{options.step} needs a second path")
    try:
        _take(options.step, Deployment.read(options.outputs), options.path)
    except CommandFailed as error:
        failure.exit_with("release", error)


def _take(step: str, deployment: Deployment | None, path: Path) -> None:
    if step == "note":
        path.write_text(json.dumps(note(deployment, reach)), "utf-8")
        return
    if deployment is None:
        raise CommandFailed("nothing is deployed")
    cloud = reach(deployment)
    match step:
        case "forward":
            forward(deployment, cloud)
        case "page":
            print(f"released {page(deployment, cloud, path)}")
        case "back":
            left = back(deployment, cloud, json.loads(path.read_text("utf-8")))
            print("restored what served before" if not left else "could not restore everything:", file=sys.stderr)
            for line in left:
                print(f"  {line}", file=sys.stderr)
            if left:
                sys.exit(1)


if __name__ == "__main__":
    main()
