"""CI starts from the sources only: `.ci/run`, and the workflow on GitHub."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from ops import deploy

ROOT = Path(__file__).parents[1]
SECONDS = 100
"""Seconds that one command may take; each takes one or two."""
pytestmark = pytest.mark.timeout(4 * SECONDS)
MAKEFILE = """
check test audit:
	@echo "$@ in $(CURDIR):" $$(find . -type f | sort) >> $(LOG)
	@cat source
	@test ! -e fails
"""
WORKFLOW: dict[Any, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8"))
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]


class Checkout:
    """A used checkout: with an uncommitted change, an unusable environment, and a secret."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        self.log = folder / "log.txt"
        (folder / "bin").mkdir()
        for name in ("chromium", "firefox-esr", "java"):
            (folder / "bin" / name).symlink_to(str(shutil.which("true")))
        self.environ = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "HOME": str(folder), "LOG": str(self.log)}
        self.environ |= {"TMPDIR": str(folder / "tmp"), "GIT_CONFIG_NOSYSTEM": "1"}
        (folder / "tmp").mkdir()
        (folder / ".gitconfig").write_text("[user]\n  name = somebody\n  email = somebody@example.com\n", "utf-8")
        self.write(".ci/run", (ROOT / ".ci" / "run").read_text("utf-8"))
        self.write("Makefile", MAKEFILE)
        self.write("source", "committed\n")
        self.write(".gitignore", ".venv\n.env\nbuild\n")
        for command in ("init", "add --all", "commit --message=sources"):
            subprocess.run(
                ["git", *command.split()], cwd=self.folder, env=self.environ, check=True, capture_output=True
            )
        self.write("source", "changed\n")
        self.write(".venv/ready", "")
        self.write(".env", "GEMINI_API_KEY=secret\n")

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", self.folder / ".ci" / "run", *arguments],
            cwd=self.folder.parent,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    @property
    def lines(self) -> list[str]:
        return self.log.read_text("utf-8").splitlines()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_it_checks_and_tests_in_a_fresh_folder_with_what_git_tracks(checkout: Checkout) -> None:
    done = checkout.run()
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in checkout.lines] == ["check", "test"]
    for line in checkout.lines:
        where, _, files = line.partition(": ")
        assert str(checkout.folder) not in where
        assert files.split() == ["./.ci/run", "./.gitignore", "./Makefile", "./source"]
    assert done.stdout == "changed\n" * 2, "an uncommitted change is tested too"
    assert list((checkout.folder.parent / "tmp").iterdir()) == [], "it leaves no files behind"
    assert (checkout.folder / ".venv" / "ready").exists(), "it deletes no files"


def test_it_looks_up_advisories_where_it_is_asked_to(checkout: Checkout) -> None:
    checkout.environ["AUDIT"] = "1"
    assert checkout.run().returncode == 0
    assert [line.split()[0] for line in checkout.lines] == ["check", "test", "audit"]
    assert all(job["env"]["AUDIT"] == "1" for job in JOBS.values())


def test_a_failure_fails_it(checkout: Checkout) -> None:
    checkout.write("fails", "")
    subprocess.run(["git", "add", "fails"], cwd=checkout.folder, check=True)
    assert checkout.run().returncode != 0
    assert [line.split()[0] for line in checkout.lines] == ["check"]


@pytest.mark.parametrize("tracked", [True, False])
def test_a_build_keeps_the_folder_that_it_names(checkout: Checkout, *, tracked: bool) -> None:
    """Also if the sources were submitted without a repository."""
    if not tracked:
        shutil.rmtree(checkout.folder / ".git")
    folder = checkout.folder / "build" / "tested"
    assert checkout.run(str(folder)).returncode == 0
    assert (folder / "source").read_text("utf-8") == "changed\n"
    assert not (folder / ".venv").exists()
    assert not (folder / "build").exists()
    assert checkout.run(str(folder)).returncode != 0, "an existing folder is refused"


def test_the_workflow_runs_the_same_on_debian_and_macos_with_every_supported_python() -> None:
    assert {name: job["strategy"]["matrix"]["python"] for name, job in JOBS.items()} == {
        "debian": ["3.11", "3.12", "3.13", "3.14"],
        "macos": ["3.11", "3.12", "3.13", "3.14"],
    }
    for job in JOBS.values():
        assert job["steps"][-1]["run"] == ".ci/run"
        assert job["timeout-minutes"] <= 60


def test_advisories_fail_a_workflow_of_their_own() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "audit.yml").read_text("utf-8"))
    assert workflow["permissions"] == WORKFLOW["permissions"]
    steps = workflow["jobs"]["audit"]["steps"]
    assert steps[-1]["run"] == "make audit"
    assert {one["uses"] for one in steps[:-1]} <= {str(one.get("uses")) for one in JOBS["debian"]["steps"]}


def test_the_workflow_has_read_permission_only_and_pins_actions_by_commit() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    for job in JOBS.values():
        assert "permissions" not in job
        used = [step["uses"] for step in job["steps"] if "uses" in step]
        assert all(len(one.partition("@")[2]) == 40 for one in used)
        assert job["steps"][0]["with"] == {"persist-credentials": False}


def test_a_deployment_is_started_by_hand_and_has_no_key() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "deploy.yml").read_text("utf-8"))
    assert list(workflow[True]) == ["workflow_dispatch"], "yaml reads the key `on` as true"
    assert workflow["permissions"] == {"contents": "read"}
    job = workflow["jobs"]["deploy"]
    assert job["permissions"] == {"contents": "read", "id-token": "write"}
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert all(len(one.partition("@")[2]) == 40 for one in used)
    known = {step["uses"] for other in JOBS.values() for step in other["steps"] if "uses" in step}
    (auth,) = set(used) - known
    assert auth.startswith("google-github-actions/auth@")
    given = {name for step in job["steps"] for name in step.get("with", {})}
    assert "credentials_json" not in given
    # Inputs reach the shell as variables, so that their text is no command.
    assert job["steps"][-1] == {
        "run": "make release",
        "env": {"ENVIRONMENT": "${{ inputs.environment }}", "SKIP": "${{ inputs.skip }}"},
    }
    assert job["timeout-minutes"] * 60 > deploy.BUILD_SECONDS


def test_the_workflow_has_the_versions_of_the_build_on_google_cloud() -> None:
    build = (ROOT / "cloudbuild.yaml").read_text("utf-8")
    given = {key: value for step in JOBS["debian"]["steps"] for key, value in step.get("with", {}).items()}
    assert f"hashicorp/terraform:{given['terraform_version']}@sha256:" in build
    assert f"google-cloud-cli:{given['version']}-emulators\n" in build
    assert f"node:{given['node-version']}-" in build
    own = ("actions/setup-python",)
    debian, macos = ([one for one in job["steps"] if not str(one.get("uses")).startswith(own)] for job in JOBS.values())
    assert debian == macos
