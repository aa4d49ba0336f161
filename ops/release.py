"""The steps of a deployment around Terraform's, as cloudbuild.yaml takes them: `python -m ops.release STEP …`.

    note OUTPUTS BEFORE     write down which revisions and which version of the page serve now
    forward OUTPUTS         have the newest revisions serve
    page OUTPUTS DIST       release the built page
    back OUTPUTS BEFORE     have serve again what was written down

OUTPUTS is a file of `terraform output -json`. What `back` brings back is code and page. What Terraform changed beside
them (accounts, indexes, alerts) stays as applied.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops import google, hosting, trouble
from ops.deployment import Deployment, Service
from ops.google import Rest
from ops.services import Services
from ops.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Cloud:
    """The two services of Google's that a release is made at."""

    services: Services
    hosting: Rest


def note(deployment: Deployment | None, cloud: Callable[[Deployment], Cloud]) -> dict[str, Any]:
    """What serves now, as JSON; nothing where nothing is deployed yet."""
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
    """Undo what an earlier `back` left: traffic that it pinned to a revision would stay there for ever."""
    for service in deployment.services:
        serving = cloud.services.find(service)
        if serving is None:
            raise Trouble(f"there is no service {service.name} in {service.region}")
        if not serving.ready:
            raise Trouble(f"{service.name} in {service.region} is not ready: {serving.reason}")
        if serving.traffic != {serving.newest: 100}:
            cloud.services.send_to_newest(service)


def page(deployment: Deployment, cloud: Cloud, folder: Path) -> str:
    """Release the built page; gives its version."""
    files = hosting.read_page(folder, deployment.page_config)
    version = hosting.put_up(cloud.hosting, deployment.hosting_site, files, deployment.hosting_config)
    hosting.release(cloud.hosting, deployment.hosting_site, version)
    return version


def back(deployment: Deployment, cloud: Cloud, before: Mapping[str, Any]) -> list[str]:
    """Have serve again what did before; gives in words what could not be brought back. One failure stops nothing."""
    left = []
    for noted in before["services"]:
        service = Service(noted["role"], noted["region"], noted["name"])
        try:
            serving = cloud.services.find(service)
            if serving and serving.traffic != noted["traffic"]:
                cloud.services.send_to(service, noted["traffic"])
        except Trouble as error:
            left.append(str(error))
    known = {(noted["region"], noted["name"]) for noted in before["services"]}
    left += [
        f"{service.name} in {service.region} is new: there is nothing to go back to"
        for service in deployment.services
        if (service.region, service.name) not in known
    ]
    try:
        if before["page"] is None:
            left.append("the page is new: there is nothing to go back to")
        elif hosting.live_version(cloud.hosting, deployment.hosting_site) != before["page"]:
            hosting.release(cloud.hosting, deployment.hosting_site, before["page"])
    except Trouble as error:
        left.append(str(error))
    return left


def reach(deployment: Deployment) -> Cloud:
    """With this machine's credentials."""
    held = google.credentials()
    return Cloud(Services(deployment.project, held), Rest(hosting.BASE, deployment.project, google.token_of(held)))


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
    except Trouble as error:
        trouble.fail("release", error)


def _take(step: str, deployment: Deployment | None, path: Path) -> None:
    if step == "note":
        path.write_text(json.dumps(note(deployment, reach)), "utf-8")
        return
    if deployment is None:
        raise Trouble("nothing is deployed")
    cloud = reach(deployment)
    match step:
        case "forward":
            forward(deployment, cloud)
        case "page":
            print(f"released {page(deployment, cloud, path)}")
        case "back":
            left = back(deployment, cloud, json.loads(path.read_text("utf-8")))
            print("back to what served before" if not left else "not all could be brought back:", file=sys.stderr)
            for words in left:
                print(f"  {words}", file=sys.stderr)
            if left:
                sys.exit(1)


if __name__ == "__main__":
    main()
