"""Which deployment is meant: an environment, and what its variables file says of where it is."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from ops.trouble import Trouble

ROOT: Final = Path(__file__).parent.parent
TERRAFORM: Final = ROOT / "infra" / "terraform"
BOOTSTRAP: Final = ROOT / "infra" / "bootstrap"
DEFAULT_ENVIRONMENT: Final = "production"
DEFAULT_REGION: Final = "europe-west1"


@dataclass(frozen=True, slots=True)
class Target:
    """A project, an environment in it, and the region of its functions. `needs` are the secrets that must have a value,
    by the variable of the environment in which an operator may hand it over.
    """

    project: str
    environment: str
    region: str
    needs: tuple[str, ...]

    @property
    def var_file(self) -> str:
        """Below infra/terraform."""
        return f"environments/{self.environment}.tfvars"

    @property
    def state_bucket(self) -> str:
        return f"{self.project}-terraform"

    @property
    def state_prefix(self) -> str:
        return f"interviewer/{self.environment}"

    @classmethod
    def read(cls, environment: str, folder: Path = TERRAFORM) -> Self:
        """From the environment's variables file. Raises Trouble when it is missing or says too little."""
        file = folder / "environments" / f"{environment}.tfvars"
        try:
            text = re.sub(r"(#|//).*", "", file.read_text("utf-8"))
        except OSError:
            example = "infra/terraform/environments/example.tfvars"
            raise Trouble(f"{environment}.tfvars is missing: copy {example} to it and set project_id") from None
        values = dict(re.findall(r'^\s*(\w+)\s*=\s*"([^"]*)"', text, re.MULTILINE))
        if "project_id" not in values:
            raise Trouble(f"{file.name} does not set project_id")
        if values.get("environment", DEFAULT_ENVIRONMENT) != environment:
            raise Trouble(f"{file.name} sets environment to another name than its own")
        gemini = [] if re.search(r"\bvertex\s*=\s*true", text) else ["GEMINI_API_KEY"]
        tavus = ["TAVUS_API_KEY"] if re.search(r"\bavatar\b[^}]*\benabled\s*=\s*true", text) else []
        return cls(
            project=values["project_id"],
            environment=environment,
            region=values.get("region", DEFAULT_REGION),
            needs=(*gemini, *tavus),
        )
