"""The steps of a deployment and of its destruction, with stand-ins of gcloud and terraform in PATH."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ops import deploy, destroy, terraform
from ops.failure import CommandFailed
from ops.target import ROOT, Target
from tests import gcloud
from tests.ops.cloud import outputs
from tests.ops.programs import Programs

TARGET = Target("a-project", "production", "europe-west1", ("GEMINI_API_KEY",))
BOOTSTRAP = {
    "secrets": {"gemini": "gemini-api-key", "tavus": "tavus-api-key"},
    "build_account": "interviewer-build@a-project.iam.gserviceaccount.com",
    "build_bucket": "a-project-build",
    "repository": "europe-west1-docker.pkg.dev/a-project/interviewer",
}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Programs]:
    """Stand-ins of gcloud and terraform for an empty project."""
    gcloud.tree()  # while the real one is in PATH
    found = Programs(tmp_path / "programs", "gcloud", "terraform")
    monkeypatch.setenv("PATH", f"{found.bin}{os.pathsep}{Path(sys.executable).parent}")
    found.answer("auth list", "operator@example.com\n")
    found.answer("auth application-default print-access-token", "a-token\n")
    found.answer("projects describe", "a-project\n")
    found.answer("buckets describe", code=1)
    found.answer("infra/bootstrap output", json.dumps({name: {"value": value} for name, value in BOOTSTRAP.items()}))
    yield found
    for call, _ in found.calls:
        if call[0] == "gcloud":
            gcloud.check(call)


def steps(programs: Programs) -> list[str]:
    """The first words of each command that changes something."""
    looks = ("describe", "list", "output", "print-access-token")
    return [
        " ".join(word for word in call if not word.startswith("-"))
        for call, _ in programs.calls
        if not any(word in looks for word in call)
    ]


def test_the_first_deployment_takes_every_step_in_order(programs: Programs) -> None:
    deploy.deploy(TARGET, {"GEMINI_API_KEY": "a-very-secret-key"})
    assert [" ".join(step.split()[:4]) for step in steps(programs)] == [
        "gcloud services enable serviceusage.googleapis.com",
        "gcloud storage buckets create",
        "gcloud storage buckets update",
        "terraform init",
        "terraform apply",
        "gcloud secrets versions add",
        f"gcloud builds submit {ROOT}",
    ]
    assert "a-very-secret-key" not in "".join(programs.lines), "a secret is no argument: those can be listed"
    assert [given for call, given in programs.calls if "add" in call] == ["a-very-secret-key"]
    submit = programs.lines[-1]
    assert "--service-account=projects/a-project/serviceAccounts/interviewer-build@a-project.iam" in submit
    assert "_ENVIRONMENT=production,_REGION=europe-west1,_STATE_BUCKET=a-project-terraform" in submit


def test_a_later_deployment_creates_nothing_again_and_keeps_the_secrets(programs: Programs) -> None:
    programs.answer("buckets describe", "a-project-terraform\n")
    programs.answer("secrets versions list", "3\n")
    deploy.deploy(TARGET, {"GEMINI_API_KEY": "another"})
    assert not [line for line in programs.lines if "create" in line or "versions add" in line]
    assert "builds submit" in programs.lines[-1]


@pytest.mark.parametrize(
    ("pattern", "output", "words"),
    [
        ("auth list", "", "not logged in; run: gcloud auth login"),
        ("print-access-token", None, "Terraform is not logged in"),
        ("projects describe", None, "there is no project a-project"),
    ],
)
def test_a_missing_requirement_is_named_in_one_line(
    programs: Programs, pattern: str, output: str | None, words: str
) -> None:
    programs.answer(pattern, output or "", code=0 if output is not None else 1)
    with pytest.raises(CommandFailed, match=words):
        deploy.deploy(TARGET, {})
    assert steps(programs) == []


def test_a_secret_without_a_value_stops_the_deployment_before_the_build(programs: Programs) -> None:
    with pytest.raises(CommandFailed, match="gemini-api-key has no value; run again with GEMINI_API_KEY=… in"):
        deploy.deploy(TARGET, {})
    assert "terraform apply" in " ".join(steps(programs))
    assert not [line for line in programs.lines if "builds" in line]


def test_vertex_needs_no_key_and_an_avatar_needs_two(programs: Programs) -> None:
    deploy.deploy(replace(TARGET, needs=()), {})
    assert "builds submit" in programs.lines[-1]
    with pytest.raises(CommandFailed, match="tavus-api-key has no value"):
        deploy.deploy(replace(TARGET, needs=("GEMINI_API_KEY", "TAVUS_API_KEY")), {"GEMINI_API_KEY": "a-key"})


def test_a_missing_tool_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandFailed, match="gcloud is missing: install the Google Cloud CLI"):
        deploy.deploy(TARGET, {})


def test_a_build_that_fails_fails_the_deployment(programs: Programs) -> None:
    programs.answer("secrets versions list", "1\n")
    programs.answer("builds submit", code=1)
    with pytest.raises(CommandFailed, match=r"`gcloud builds submit .*` failed with exit code 1"):
        deploy.deploy(TARGET, {})


@pytest.mark.parametrize("answer", ["", "yes", "staging"])
def test_only_the_environments_name_destroys_it(programs: Programs, answer: str) -> None:
    with pytest.raises(CommandFailed, match="nothing was done"):
        destroy.destroy(TARGET, answer)
    assert programs.calls == []


def test_protection_is_lifted_before_anything_is_destroyed(programs: Programs) -> None:
    programs.answer("output -raw relay_image", "here/relay@sha256:00")
    destroy.destroy(TARGET, "production\n")
    changes = [call for call, _ in programs.calls if "output" not in call]
    assert [call[2] for call in changes] == ["init", "apply", "destroy"]
    for call in changes[1:]:
        assert "-var=deletion_protection=false" in call
        assert "-var-file=environments/production.tfvars" in call
        assert "-var=relay_image=here/relay@sha256:00" in call


def test_nothing_is_destroyed_if_nothing_is_deployed(programs: Programs) -> None:
    with pytest.raises(CommandFailed, match="nothing to destroy"):
        destroy.destroy(TARGET, "production")
    assert not [line for line in programs.lines if "apply" in line or " destroy" in line]


def test_a_target_is_read_from_its_variables_file(tmp_path: Path) -> None:
    folder = tmp_path / "environments"
    folder.mkdir()

    def read(text: str, environment: str = "production") -> Target:
        (folder / f"{environment}.tfvars").write_text(text, "utf-8")
        return Target.read(environment, tmp_path)

    assert read('project_id  = "a-project" # ours\n#region = "x"\n') == TARGET
    assert (
        read('project_id = "p"\nregion = "us-central1"\nenvironment = "staging"\n', "staging").region == "us-central1"
    )
    assert read('project_id = "p"\ngemini = { vertex = true, location = "global" }\n').needs == ()
    assert read('project_id = "p"\navatar = {\n  enabled = true\n}\n').needs == ("GEMINI_API_KEY", "TAVUS_API_KEY")
    assert read('project_id = "p"\n# avatar = { enabled = true }\n').needs == ("GEMINI_API_KEY",)
    with pytest.raises(CommandFailed, match=r"production\.tfvars does not set project_id"):
        read('region = "us-central1"\n')
    with pytest.raises(CommandFailed, match="a name that is not the file's"):
        read('project_id = "p"\nenvironment = "staging"\n')
    with pytest.raises(CommandFailed, match=r"nowhere\.tfvars is missing: copy .*example\.tfvars"):
        Target.read("nowhere", tmp_path)


def test_the_deployment_is_read_from_terraforms_outputs(
    programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Target, "read", lambda _: TARGET)
    programs.answer("infra/terraform output", outputs())
    assert terraform.deployment("production").url == "https://interviews.example"
    assert "-backend-config=prefix=interviewer/production" in programs.lines[0]
    programs.answer("infra/terraform output", "{}")
    with pytest.raises(CommandFailed, match="production is not deployed; run: make deploy"):
        terraform.deployment("production")
