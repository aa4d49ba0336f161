"""Terraform, against the state that a target has in its bucket."""

import json
from pathlib import Path
from typing import Any

from ops import tools
from ops.deployment import Deployment
from ops.target import BOOTSTRAP, TERRAFORM, Target
from ops.trouble import Trouble


def init(folder: Path, target: Target, prefix: str) -> None:
    """Make a root ready for use with this state."""
    command = ["terraform", f"-chdir={folder}", "init", "-input=false", "-reconfigure"]
    command += [f"-backend-config=bucket={target.state_bucket}", f"-backend-config=prefix={prefix}"]
    tools.do(command, quiet=True)


def init_bootstrap(target: Target) -> None:
    """The root that there is once a project."""
    init(BOOTSTRAP, target, "bootstrap")


def init_environment(target: Target) -> None:
    """The root that there is once an environment."""
    init(TERRAFORM, target, target.state_prefix)


def outputs(folder: Path) -> dict[str, Any]:
    """The values of a root's outputs."""
    printed = tools.ask(["terraform", f"-chdir={folder}", "output", "-json"])
    if printed is None:
        raise Trouble(f"Terraform gives no outputs of {folder.name}")
    return {name: output["value"] for name, output in json.loads(printed).items()}


def deployment(environment: str) -> Deployment:
    """What Terraform knows of the environment. Raises Trouble when it is nothing."""
    tools.need("terraform")
    init_environment(Target.read(environment))
    printed = tools.ask(["terraform", f"-chdir={TERRAFORM}", "output", "-json"])
    found = Deployment.of(printed or "{}")
    if found is None:
        raise Trouble(f"{environment} is not deployed; run: make deploy")
    return found
