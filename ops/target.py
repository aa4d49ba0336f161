"""The target of a command: an environment, and where its variables file puts it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from interview.settings import load
from ops.failure import CommandFailed

ROOT: Final = Path(__file__).parent.parent
TERRAFORM: Final = ROOT / "infra" / "terraform"
BOOTSTRAP: Final = ROOT / "infra" / "bootstrap"
DEFAULT_ENVIRONMENT: Final = "production"
DEFAULT_REGION: Final = "europe-west1"


@dataclass(frozen=True, slots=True)
class Target:
    """A project, an environment in it, and the region of its functions. `needs` are the variables whose secrets must
    have a value.
    """

    project: str
    environment: str
    region: str
    needs: tuple[str, ...]
    bootstrap: Mapping[str, str] = field(default_factory=dict)
    """What the file says about what infra/bootstrap makes: the variables `budget`, `alert_email` and `github`, as they
    stand there. A variable that the file does not name is not in it.
    """
    models: tuple[str, ...] = ()
    """The models of Gemini that it will use."""

    @property
    def budget_account(self) -> str | None:
        """The billing account of the budget; None without a budget."""
        found = re.search(r'billing_account\s*=\s*"([^"]*)"', self.bootstrap.get("budget", ""))
        return found[1] if found else None

    @property
    def var_file(self) -> str:
        """The path of the variables file below infra/terraform."""
        return f"environments/{self.environment}.tfvars"

    @property
    def state_bucket(self) -> str:
        return f"{self.project}-terraform"

    @property
    def state_prefix(self) -> str:
        return f"interviewer/{self.environment}"

    @classmethod
    def read(cls, environment: str, folder: Path = TERRAFORM) -> Self:
        """Read the environment's variables file. Raises CommandFailed if it is missing or incomplete."""
        file = folder / "environments" / f"{environment}.tfvars"
        try:
            text = re.sub(r"(#|//).*", "", file.read_text("utf-8"))
        except OSError:
            example = "infra/terraform/environments/example.tfvars"
            raise CommandFailed(f"{environment}.tfvars is missing: copy {example} to it and set project_id") from None
        values = dict(re.findall(r'^\s*(\w+)\s*=\s*"([^"]*)"', text, re.MULTILINE))
        if "project_id" not in values:
            raise CommandFailed(f"{file.name} does not set project_id")
        if values.get("environment", DEFAULT_ENVIRONMENT) != environment:
            raise CommandFailed(f"{file.name} sets environment to a name that is not the file's")
        gemini = [] if re.search(r"\bvertex\s*=\s*true", text) else ["GEMINI_API_KEY"]
        tavus = ["TAVUS_API_KEY"] if re.search(r"\bavatar\b[^}]*\benabled\s*=\s*true", text) else []
        return cls(
            project=values["project_id"],
            environment=environment,
            region=values.get("region", DEFAULT_REGION),
            needs=(*gemini, *tavus),
            bootstrap={
                found[1]: found[2]
                for found in re.finditer(
                    r'^\s*(budget|alert_email|github)\s*=\s*(\{[^}]*\}|"[^"]*"|null)', text, re.MULTILINE
                )
            },
            models=tuple(_setting(text, name) or default for name, default in _MODELS.items()),
        )


_MODELS: Final = {"live_model": load({}).gemini.live_model, "text_model": load({}).gemini.text_model}


def _setting(text: str, name: str) -> str | None:
    found = re.search(rf'\b{name}\s*=\s*"([^"]*)"', text)
    return found[1] if found else None
