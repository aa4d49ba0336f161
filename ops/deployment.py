"""A deployment as Terraform's outputs describe it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from ops.failure import CommandFailed


@dataclass(frozen=True, slots=True)
class Service:
    """A Cloud Run service."""

    role: str
    """relay, start or end."""
    region: str
    name: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """What runs where. `hosting_config` configures a release on Firebase Hosting; `page_config` is /config.json."""

    project: str
    environment: str
    url: str
    services: tuple[Service, ...]
    hosting_site: str
    hosting_config: Mapping[str, Any]
    page_config: Mapping[str, Any]
    start_code: str | None = field(default=None, repr=False)
    domain: str | None = None
    """The page at a domain of one's own; it works once its DNS records are set."""

    @classmethod
    def of(cls, outputs: str) -> Self | None:
        """Read `terraform output -json`; None if nothing is deployed yet. Raises CommandFailed for anything else."""
        try:
            values = {name: output["value"] for name, output in json.loads(outputs).items()}
        except (ValueError, AttributeError, KeyError, TypeError):
            raise CommandFailed("this is not the output of `terraform output -json`") from None
        if "hosting_site" not in values:
            return None
        try:
            relays = [Service("relay", region, name) for region, name in values["relays"].items()]
            functions = [
                Service(role, function["region"], function["service"]) for role, function in values["functions"].items()
            ]
            return cls(
                project=values["project_id"],
                environment=values["environment"],
                url=values["url"],
                services=(*relays, *functions),
                hosting_site=values["hosting_site"],
                hosting_config=values["hosting_config"],
                page_config=values["page_config"],
                start_code=values.get("start_code"),
                domain=values.get("domain"),
            )
        except KeyError as missing:
            raise CommandFailed(f"Terraform has no output {missing}") from None

    @classmethod
    def read(cls, file: Path) -> Self | None:
        """Read a file with `terraform output -json`."""
        try:
            return cls.of(file.read_text("utf-8"))
        except OSError as error:
            raise CommandFailed(f"{file} can't be read ({error.strerror})") from None
