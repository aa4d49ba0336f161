"""The steps of a deployment before and after Terraform's, for cloudbuild.yaml: `python -m ops.release STEP …`.

    note OUTPUTS BEFORE     write the revisions and the page's version that serve now to a file
    public OUTPUTS          let browsers call the functions
    forward OUTPUTS         send all traffic to the newest revisions
    page OUTPUTS DIST       release the built page; with --skipped the release names the tests that were left out
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

from interview.version import VERSION
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


def public(deployment: Deployment, cloud: Cloud) -> list[str]:
    """Switch off Cloud Run's check of the caller at the functions. Returns the names of those that had it.

    A grant to `allUsers` would do the same, and many organisations refuse it; the resource of Terraform that builds a
    function has no setting for it (docs/decisions/0055-first-run.md). A function that does not exist yet is left out.
    """
    changed = []
    for service in deployment.services:
        if service.role == "relay":
            continue  # Terraform sets it
        serving = cloud.services.find(service)
        if serving and not serving.public:
            cloud.services.make_public(service)
            changed.append(service.name)
    return changed


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


def page(deployment: Deployment, cloud: Cloud, folder: Path, skipped: str = "") -> str:
    """Release the built page; returns its version. The release's message names the tests that were `skipped`."""
    files = hosting.read_page(folder, deployment.page_config)
    version = hosting.create_version(cloud.hosting, deployment.hosting_site, files, deployment.hosting_config)
    message = f"Hotfix: not tested by {skipped}." if skipped else f"Version {VERSION}"
    hosting.release(cloud.hosting, deployment.hosting_site, version, message)
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
            hosting.release(cloud.hosting, deployment.hosting_site, before["page"], "Rolled back")
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
    parser.add_argument("step", choices=("note", "public", "forward", "page", "back"))
    parser.add_argument("outputs", type=Path)
    parser.add_argument("path", type=Path, nargs="?", help="BEFORE or DIST")
    parser.add_argument("--skipped", default="", help="the tests that were left out, for the release's message")
    options = parser.parse_args()
    if options.step not in ("forward", "public") and options.path is None:
        parser.error(f"{options.step} needs a second path")
    with failure.reported("release"):
        _take(options.step, Deployment.read(options.outputs), options.path, options.skipped)


def _take(step: str, deployment: Deployment | None, path: Path, skipped: str) -> None:
    if step == "note":
        path.write_text(json.dumps(note(deployment, reach)), "utf-8")
        return
    if deployment is None:
        if step == "public":
            return
        raise CommandFailed("nothing is deployed")
    cloud = reach(deployment)
    match step:
        case "public":
            for name in public(deployment, cloud):
                print(f"browsers may call {name}")
        case "forward":
            forward(deployment, cloud)
        case "page":
            print(f"released {page(deployment, cloud, path, skipped)}")
            if skipped:
                print(f"NOT TESTED: this release was not tested by {skipped}")
        case "back":
            _restore(deployment, cloud, path)


def _restore(deployment: Deployment, cloud: Cloud, before: Path) -> None:
    left = back(deployment, cloud, json.loads(before.read_text("utf-8")))
    print("restored what served before" if not left else "could not restore everything:", file=sys.stderr)
    for line in left:
        print(f"  {line}", file=sys.stderr)
    if left:
        sys.exit(1)


if __name__ == "__main__":
    main()
