"""The steps of a deployment and of its destruction, with stand-ins of gcloud and terraform in PATH."""

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from interview.settings import load
from ops import deploy, destroy, preflight, terraform, tools
from ops.failure import CommandFailed
from ops.target import ROOT, Target
from tests import gcloud
from tests.ops.cloud import outputs
from tests.ops.programs import Programs

TARGET = Target(
    "a-project",
    "production",
    "europe-west1",
    ("GEMINI_API_KEY",),
    models=(load({}).gemini.live_model, load({}).gemini.text_model),
)
BOOTSTRAP = {
    "secrets": {"gemini": "gemini-api-key", "tavus": "tavus-api-key"},
    "build_account": "interviewer-build@a-project.iam.gserviceaccount.com",
    "build_bucket": "a-project-build",
    "repository": "europe-west1-docker.pkg.dev/a-project/interviewer",
    "region": "europe-west1",
    "budget": {"budget": None, "alert_email": None},
}
BUILD = "0a1b2c3d-build"
KEY = {"GEMINI_API_KEY": "a-very-secret-key", "GEMINI_BASE_URL": "http://127.0.0.1:1"}
"""A key, and an address where nobody answers: preflight then notes that it was not tested."""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Programs]:
    """Stand-ins of gcloud and terraform for an empty project."""
    gcloud.tree()  # while the real one is in PATH
    found = Programs(tmp_path / "programs", "gcloud", "terraform")
    monkeypatch.setenv("PATH", f"{found.bin}{os.pathsep}{Path(sys.executable).parent}")
    found.answer("auth list", "operator@example.com\n")
    found.answer("auth application-default print-access-token", "a-token\n")
    found.answer("projects describe", "a-project\n")
    monkeypatch.setattr(tools, "PAUSE", 0.0)
    found.answer("terraform version", json.dumps({"terraform_version": "1.11.4"}))
    found.answer("billing projects describe", "True\n")
    found.answer("org-policies describe", "{}")
    found.answer("builds submit", f"{BUILD}\n")
    found.answer("builds describe .*status", "SUCCESS\n")
    found.answer("builds describe .*logUrl", "https://console.example/build\n")
    found.answer("buckets describe", code=1)
    found.answer("infra/bootstrap output", json.dumps({name: {"value": value} for name, value in BOOTSTRAP.items()}))
    yield found
    for call, _ in found.calls:
        if call[0] == "gcloud":
            gcloud.check(call)


def steps(programs: Programs) -> list[str]:
    """The first words of each command that changes something."""
    looks = ("describe", "list", "output", "print-access-token", "version", "access", "log")
    return [
        " ".join(word for word in call if not word.startswith("-"))
        for call, _ in programs.calls
        if not any(word in looks for word in call)
    ]


def test_the_first_deployment_takes_every_step_in_order(programs: Programs) -> None:
    deploy.deploy(TARGET, KEY)
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
    (submit,) = (line for line in programs.lines if "builds submit" in line)
    assert "--service-account=projects/a-project/serviceAccounts/interviewer-build@a-project.iam" in submit
    assert "_ENVIRONMENT=production,_REGION=europe-west1,_STATE_BUCKET=a-project-terraform" in submit


def test_a_later_deployment_creates_nothing_again_and_keeps_the_secrets(programs: Programs) -> None:
    programs.answer("buckets describe", "a-project-terraform\n")
    programs.answer("secrets versions list", "3\n")
    deploy.deploy(TARGET, {**KEY, "GEMINI_API_KEY": "another"})
    assert not [line for line in programs.lines if "create" in line or "versions add" in line]
    assert [line for line in programs.lines if "builds submit" in line]


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
    lines = preflight.preflight(TARGET, {})
    assert (lines[-1].state, words in lines[-1].told) == ("missing", True)
    with pytest.raises(CommandFailed, match="nothing was changed"):
        deploy.deploy(TARGET, {})
    assert steps(programs) == []


def test_a_secret_without_a_value_stops_the_deployment_before_anything_is_made(programs: Programs) -> None:
    with pytest.raises(CommandFailed, match="missing: gemini; nothing was changed"):
        deploy.deploy(TARGET, {})
    assert steps(programs) == []


def test_vertex_needs_no_key_and_an_avatar_needs_two(programs: Programs) -> None:
    deploy.deploy(replace(TARGET, needs=()), {})
    assert [line for line in programs.lines if "builds submit" in line]
    with pytest.raises(CommandFailed, match="missing: tavus"):
        deploy.deploy(replace(TARGET, needs=("GEMINI_API_KEY", "TAVUS_API_KEY")), KEY)


def test_a_missing_tool_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (line,) = preflight.preflight(TARGET, {})
    assert "gcloud is missing: install the Google Cloud CLI" in line.told


def test_a_build_that_fails_fails_the_deployment_and_names_its_log(programs: Programs) -> None:
    programs.answer("builds describe .*status", "FAILURE\n")
    with pytest.raises(
        CommandFailed, match=f"build {BUILD} ended with FAILURE; its log: https://console.example/build"
    ):
        deploy.deploy(TARGET, KEY)


def test_a_build_that_takes_too_long_goes_on_and_is_watched_again(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even when the log can't be shown any more: no traceback, and no second build."""
    programs.answer("builds log", code=1)
    programs.answer("builds describe .*status", "WORKING\n")
    with pytest.raises(CommandFailed, match=rf"build {BUILD} goes on .* make deploy watches it again, or look: gcloud"):
        deploy.deploy(TARGET, KEY)
    programs.answer("builds list --ongoing", f"{BUILD}\n")
    programs.answer("builds describe .*status", "SUCCESS\n")
    programs.answer("builds log")
    deploy.deploy(TARGET, KEY)
    assert len([line for line in programs.lines if "builds submit" in line]) == 1
    (listed, *_) = (line for line in programs.lines if "builds list" in line)
    assert "substitutions._ENVIRONMENT=production" in listed, "another environment's build is not ours"


def test_a_command_that_does_not_end_is_stopped(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = programs.bin / "gcloud"
    slow.write_text("#!/bin/sh\nexec sleep 60\n", "utf-8")
    monkeypatch.setenv("PATH", f"{programs.bin}:/usr/bin:/bin")
    monkeypatch.setattr(tools, "TIMEOUT", 0.1)
    with pytest.raises(CommandFailed, match=r"`gcloud auth list …` did not end within 0 minutes"):
        tools.ask(["gcloud", "auth", "list"])
    with pytest.raises(CommandFailed, match="did not end within"):
        tools.do(["gcloud", "auth", "list"], seconds=0.1)


def test_a_new_project_that_refuses_at_first_is_asked_again_and_says_why(
    programs: Programs, capsys: pytest.CaptureFixture[str]
) -> None:
    programs.answer("builds submit", code=1)
    with pytest.raises(CommandFailed, match="Cloud Build did not accept the build; see its message above"):
        deploy.deploy(TARGET, KEY)
    assert len([line for line in programs.lines if "builds submit" in line]) == tools.TRIES
    assert "APIs and roles take a few minutes to take effect. Trying again in 0 s (2 of 3)." in capsys.readouterr().out
    programs.answer("terraform .* apply", code=1)
    with pytest.raises(CommandFailed, match="failed with exit code 1"):
        deploy.deploy(TARGET, KEY)
    assert len([line for line in programs.lines if "infra/bootstrap apply" in line]) == 1 + tools.TRIES


def test_another_environment_may_not_move_images_and_builds(programs: Programs) -> None:
    """It would replace the registry, and with it production's way back."""
    programs.answer("buckets describe", "a-project-terraform\n")
    staging = replace(TARGET, environment="staging", region="us-central1")
    (line,) = (line for line in preflight.preflight(staging, KEY) if line.what == "region")
    assert line.state == "missing"
    assert 'are in europe-west1 and can\'t move: set region = "europe-west1" in staging.tfvars' in line.told
    with pytest.raises(CommandFailed, match="nothing was changed"):
        deploy.deploy(staging, KEY)
    assert not [line for line in programs.lines if "apply" in line]
    # The state of an earlier version has no region; its registry names it.
    older = {name: value for name, value in BOOTSTRAP.items() if name not in ("region", "budget")}
    programs.answer("infra/bootstrap output", json.dumps({name: {"value": value} for name, value in older.items()}))
    with pytest.raises(CommandFailed, match="images and builds are in europe-west1"):
        deploy.apply_bootstrap(staging)
    assert not [line for line in programs.lines if "apply" in line]


def test_a_plan_changes_nothing(programs: Programs) -> None:
    with pytest.raises(CommandFailed, match="nothing is deployed in a-project yet; run: make preflight"):
        deploy.plan(TARGET)
    programs.answer("buckets describe", "a-project-terraform\n")
    programs.answer("infra/terraform output", outputs(relay_image="here/relay@sha256:00"))
    deploy.plan(TARGET)
    plans = [call for call, _ in programs.calls if "plan" in call]
    assert [call[1].rsplit("/", 1)[1] for call in plans] == ["bootstrap", "terraform"]
    assert all("-lock=false" in call for call in plans)
    assert "-var=relay_image=here/relay@sha256:00" in plans[1]
    assert f"-var=canary_image={deploy.NO_IMAGE}" in plans[1], "an earlier deployment had none"
    assert not [line for line in programs.lines if re.search(r"apply|submit|enable|create|add\b", line)]


def test_a_hotfix_may_leave_out_the_browser_tests_by_name(programs: Programs) -> None:
    deploy.deploy(TARGET, KEY, "test-browser")
    (submit,) = (line for line in programs.lines if "builds submit" in line)
    assert ",_SKIP=test-browser" in submit
    assert deploy.SKIPPABLE == ("test-browser",)


def test_the_budget_is_made_with_the_operators_login_and_kept(programs: Programs) -> None:
    budget = '{ billing_account = "01AB23-CD45EF-678901", monthly = 100 }'
    named = replace(TARGET, bootstrap={"budget": budget, "alert_email": '"operator@example.com"'})
    assert deploy.bootstrap_variables(named, {})[2:] == [
        f"-var=budget={budget}",
        "-var=alert_email=operator@example.com",
    ]
    kept = {"region": "europe-west1", "budget": {"budget": {"monthly": 100}, "alert_email": "operator@example.com"}}
    # An environment that names none keeps it, and one that says null removes it.
    assert deploy.bootstrap_variables(TARGET, kept)[2:] == [
        '-var=budget={"monthly": 100}',
        "-var=alert_email=operator@example.com",
    ]
    assert deploy.bootstrap_variables(replace(TARGET, bootstrap={"budget": "null"}), kept)[2:] == [
        "-var=alert_email=operator@example.com"
    ]
    github = replace(TARGET, bootstrap={"github": '{ repository = "acme/interviewer" }'})
    assert deploy.bootstrap_variables(github, kept)[-1] == '-var=github={ repository = "acme/interviewer" }'
    kept = {"region": "europe-west1", "budget": {"github": {"repository": "acme/interviewer", "branch": "main"}}}
    assert deploy.bootstrap_variables(TARGET, kept)[2:] == [
        '-var=github={"repository": "acme/interviewer", "branch": "main"}'
    ]
    programs.answer("billing accounts describe", code=1)
    (line,) = (line for line in preflight.preflight(named, KEY) if line.what == "budget")
    assert line.state == "missing"
    assert "ask for Billing Account Costs Manager" in line.told


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
        assert call.index("-var=canary_schedule=") > call.index("-var-file=environments/production.tfvars"), (
            "the last one counts"
        )


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
    assert read('project_id = "p"\ngemini = { text_model = "gemini-next" }\n').models[1] == "gemini-next"
    budget = read('project_id = "p"\nalert_email = "a@b.c"\nbudget = {\n  billing_account = "A"\n  monthly = 1\n}\n')
    assert budget.bootstrap == {"alert_email": '"a@b.c"', "budget": '{\n  billing_account = "A"\n  monthly = 1\n}'}
    assert budget.budget_account == "A"
    github = read('project_id = "p"\ngithub = { repository = "acme/interviewer" }\n')
    assert github.bootstrap == {"github": '{ repository = "acme/interviewer" }'}
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


def test_a_workflow_submits_the_build_alone_and_waits_for_its_end(
    programs: Programs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(deploy, "POLL", 0.0)
    deploy.release(TARGET, "test-browser")
    assert [step.split()[:3] for step in steps(programs)] == [["gcloud", "builds", "submit"]]
    (submit,) = (line for line in programs.lines if "builds submit" in line)
    assert "/serviceAccounts/interviewer-build@a-project.iam.gserviceaccount.com " in submit
    assert "--gcs-source-staging-dir=gs://a-project-build/source " in submit
    assert "_SKIP=test-browser" in submit
    assert "https://console.example/build" in capsys.readouterr().out
    programs.answer("builds describe .*status", "FAILURE\n")
    with pytest.raises(CommandFailed, match=r"ended with FAILURE; its log: https://console\.example/build"):
        deploy.release(TARGET)
    monkeypatch.setattr(deploy, "BUILD_SECONDS", 0.2)
    programs.answer("builds describe .*status", "WORKING\n")
    with pytest.raises(CommandFailed, match="goes on without this command"):
        deploy.release(TARGET)
    programs.answer("builds list", "another\n")
    with pytest.raises(CommandFailed, match="build another of production is under way"):
        deploy.release(TARGET)
