"""Terraform, with the state in the target's bucket."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ops import tools
from ops.deployment import Deployment
from ops.failure import CommandFailed
from ops.target import BOOTSTRAP, TERRAFORM, Target


def init(folder: Path, target: Target, prefix: str) -> None:
    """Initialise a root module with this state."""
    command = ["terraform", f"-chdir={folder}", "init", "-input=false", "-reconfigure"]
    command += [f"-backend-config=bucket={target.state_bucket}", f"-backend-config=prefix={prefix}"]
    tools.do(command, quiet=True)


def init_bootstrap(target: Target) -> None:
    """Initialise infra/bootstrap, which a project has once."""
    init(BOOTSTRAP, target, "bootstrap")


def bootstrapped(target: Target) -> dict[str, Any]:
    """The outputs of infra/bootstrap; empty if it was never applied."""
    init_bootstrap(target)
    return outputs(BOOTSTRAP)


def literal(value: object) -> str:
    """A value as Terraform takes it in -var: JSON, which is valid for every type but a bare string."""
    return value if isinstance(value, str) else json.dumps(value)


def region_of(bootstrap: Mapping[str, Any]) -> str | None:
    """Where infra/bootstrap keeps images and builds, by its outputs; None if it was never applied."""
    if region := bootstrap.get("region"):
        return str(region)
    # An earlier version had no such output.
    repository = str(bootstrap.get("repository", ""))
    return repository.partition("-docker.pkg.dev")[0] or None


def init_environment(target: Target) -> None:
    """Initialise infra/terraform, which each environment has."""
    init(TERRAFORM, target, target.state_prefix)


def outputs(folder: Path) -> dict[str, Any]:
    """The outputs of a root module."""
    printed = tools.ask(["terraform", f"-chdir={folder}", "output", "-json"])
    if printed is None:
        raise CommandFailed(f"Terraform has no outputs of {folder.name}")
    return {name: output["value"] for name, output in json.loads(printed).items()}


def deployment(environment: str) -> Deployment:
    """The environment's deployment. Raises CommandFailed if it is not deployed."""
    tools.need("terraform")
    init_environment(Target.read(environment))
    printed = tools.ask(["terraform", f"-chdir={TERRAFORM}", "output", "-json"])
    found = Deployment.of(printed or "{}")
    if found is None:
        raise CommandFailed(f"{environment} is not deployed; run: make deploy")
    return found
