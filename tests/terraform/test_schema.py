"""Both root modules are formatted, and valid against the schemas of the providers that deploy them."""

import re
from pathlib import Path

import pytest

from tests.terraform.conftest import INFRA, Run, initialised
from tests.terraform.schema import Provider

ROOTS = ("bootstrap", "terraform")


def test_it_is_formatted(terraform: Run) -> None:
    done = terraform(INFRA, "fmt", "-check", "-diff", "-recursive")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("root", ROOTS)
def test_it_is_valid(root: str, terraform: Run, copy: Path) -> None:
    done = terraform(initialised(terraform, copy / root), "validate", "-no-color")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_example_sets_variables_that_exist() -> None:
    folder = INFRA / "terraform"
    example = (folder / "environments" / "example.tfvars").read_text("utf-8")
    named = set(re.findall(r"^(?:# )?(\w+) +=", example, re.MULTILINE))
    declared = set(re.findall(r'^variable "(\w+)"', (folder / "variables.tf").read_text("utf-8"), re.MULTILINE))
    assert len(named) > 5
    assert named <= declared


@pytest.mark.slow
@pytest.mark.parametrize("root", ROOTS)
def test_provider_versions_are_those_of_the_schemas(root: str, providers: dict[str, Provider]) -> None:
    source = (INFRA / root / "versions.tf").read_text("utf-8")
    pinned = dict(re.findall(r'hashicorp/([\w-]+)"\n\s+version = "([^"]+)"', source))
    assert pinned
    assert pinned == {name: providers[name].version for name in pinned}
