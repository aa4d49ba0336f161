"""Everything in infra/ that ops/ and cloudbuild.yaml use exists under that name."""

import ast
import re
from pathlib import Path

import pytest

from ops import deploy, destroy
from ops.target import BOOTSTRAP, TERRAFORM, Target

ROOT = Path(__file__).parents[2]


def text(folder: Path) -> str:
    return "\n".join(file.read_text("utf-8") for file in sorted(folder.glob("*.tf")))


def outputs(folder: Path) -> set[str]:
    return set(re.findall(r'^output "(\w+)"', text(folder), re.MULTILINE))


def variables(folder: Path) -> set[str]:
    return set(re.findall(r'^variable "(\w+)"', text(folder), re.MULTILINE))


def looked_up(module: str, *names: str) -> set[str]:
    """The constant keys that a module reads from these variables."""
    tree = ast.parse((ROOT / "ops" / f"{module}.py").read_text("utf-8"))
    found = [one for one in ast.walk(tree) if isinstance(one, ast.Subscript) and isinstance(one.value, ast.Name)]
    return {
        one.slice.value
        for one in found
        if isinstance(one.value, ast.Name) and one.value.id in names
        if isinstance(one.slice, ast.Constant) and isinstance(one.slice.value, str)
    }


def test_a_deployment_reads_outputs_that_exist() -> None:
    wanted = looked_up("deployment", "values")
    assert len(wanted) > 5
    assert wanted <= outputs(TERRAFORM)
    assert {"relay_image", "canary_image"} <= outputs(TERRAFORM)
    assert {"region", "service"} == looked_up("deployment", "function")


def test_deploy_reads_outputs_of_bootstrap_that_exist() -> None:
    wanted = looked_up("deploy", "bootstrap")
    assert wanted == {"secrets", "build_account", "build_bucket"}
    assert wanted <= outputs(BOOTSTRAP)


def test_the_variables_that_are_set_exist() -> None:
    given = {"project_id", "region"}
    assert given <= variables(BOOTSTRAP)
    commands = "".join((ROOT / name).read_text("utf-8") for name in ("ops/destroy.py", "cloudbuild.yaml"))
    named = set(re.findall(r"-var=(\w+)=", commands)) | set(re.findall(r"TF_VAR_(\w+)", commands))
    assert named == {"deletion_protection", "relay_image", "canary_image", "canary_schedule"}
    assert named <= variables(TERRAFORM)


@pytest.mark.parametrize("secret", ["gemini", "tavus"])
def test_both_secrets_are_created_by_bootstrap(secret: str) -> None:
    assert re.search(rf'{secret}\s+= "{secret}-api-key"', text(BOOTSTRAP))
    assert f"{secret}-api-key" in destroy.LEFT
    assert secret in deploy.SECRETS.values()


def test_names_are_the_same_in_ops_and_infra() -> None:
    target = Target("a-project", "production", "europe-west1", ())
    assert f'"${{var.project_id}}{target.state_bucket.removeprefix("a-project")}"' in text(TERRAFORM)
    assert 'repository_id = "interviewer"' in text(BOOTSTRAP)
    assert '"${var.project_id}-build"' in text(BOOTSTRAP)
    assert "gs://{project}-build" in destroy.LEFT


def test_the_example_variables_file_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "environments").mkdir()
    example = (TERRAFORM / "environments" / "example.tfvars").read_text("utf-8")
    (tmp_path / "environments" / "production.tfvars").write_text(example, "utf-8")
    target = Target.read("production", tmp_path)
    assert (target.project, target.region, target.needs) == ("my-project", "europe-west1", ("GEMINI_API_KEY",))
    # With all its comments enabled.
    (tmp_path / "environments" / "production.tfvars").write_text(example.replace("# ", ""), "utf-8")
    assert Target.read("production", tmp_path).needs == ("TAVUS_API_KEY",)
