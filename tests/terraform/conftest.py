"""Runs Terraform against the providers' real schemas, without a registry and without a cloud."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.missing import SCHEMAS, TERRAFORM, missing
from tests.terraform import plan, provider, schema

ROOT = Path(__file__).parents[2]
INFRA = ROOT / "infra"
WHEELS = ROOT / ".infra" / "schema"
PROVIDERS = ("google", "google-beta", "archive", "time")
ARCHIVE = "tests/archive.tftest.hcl"
SECONDS = 250
"""Seconds that one command may take; each takes a few."""

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is made once a process counts into the time of whichever test comes first: the schemas, and three commands
    of up to `SECONDS` each.
    """
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.timeout(4 * SECONDS))


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def program() -> str:
    found = shutil.which("terraform")
    if not found:
        missing(TERRAFORM)
    return found


@pytest.fixture(scope="session")
def providers() -> dict[str, schema.Provider]:
    """The providers, with the types that infra/ uses."""
    source = "\n".join(path.read_text("utf-8") for path in INFRA.rglob("*.tf"))
    used = {kind: set(re.findall(rf'^{kind} "(\w+)"', source, re.MULTILINE)) for kind in ("resource", "data")}
    found = {}
    for name in PROVIDERS:
        wheel = next(WHEELS.glob(f"cdktn_provider_{name.replace('-', '_')}-[0-9]*.whl"), None)
        if wheel is None:
            missing(SCHEMAS)
        found[name] = schema.load(wheel, used["resource"], used["data"])
    return found


@pytest.fixture(scope="session")
def reattach(providers: dict[str, schema.Provider]) -> Iterator[str]:
    with provider.serving(providers) as attach:
        yield attach


@pytest.fixture(scope="session")
def terraform(program: str, reattach: str) -> Run:
    """Runs Terraform in a folder: `terraform(folder, "validate")`."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    env |= {"TF_REATTACH_PROVIDERS": reattach, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
    env |= {"TF_CLI_CONFIG_FILE": os.devnull}

    def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, *command], cwd=folder, env=env, text=True, capture_output=True, timeout=SECONDS, check=False
        )

    return run


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what Terraform reads, which a test may change. Returns its `infra`."""
    return copied(tmp_path)


def copied(folder: Path, *, full: bool = False) -> Path:
    """Copy the code's files; without `full` they are empty, because Terraform compares their content often."""

    def copy(source: str, target: str) -> None:
        if full or "infra" in Path(source).relative_to(ROOT).parts:
            shutil.copyfile(source, target)
        else:
            Path(target).touch()

    junk = shutil.ignore_patterns("__pycache__", ".terraform*", ".build")
    for part in ("infra", "contract", "interview", "functions"):
        shutil.copytree(ROOT / part, folder / part, ignore=junk, copy_function=copy)
    return folder / "infra"


def initialised(terraform: Run, folder: Path) -> Path:
    """A root module after `terraform init` without state."""
    done = terraform(folder, "init", "-backend=false", "-input=false", "-no-color")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def tried(terraform: Run, folder: Path, *options: str) -> plan.Outcome:
    """The outcome of a root module's own tests, *.tftest.hcl."""
    done = terraform(initialised(terraform, folder), "test", "-json", "-verbose", *options)
    outcome = plan.read(done.stdout)
    if done.returncode and not outcome.problems:
        outcome.problems.append(done.stdout + done.stderr)
    return outcome


def graph(terraform: Run, folder: Path) -> dict[str, set[str]]:
    """Each resource and data source of a root module, with those that Terraform makes or reads before it."""
    # A graph needs an initialised backend, and that of the module is in the cloud.
    (folder / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n', "utf-8")
    for command in (("init", "-input=false"), ("graph",)):
        done = terraform(folder, *command)
        assert done.returncode == 0, done.stdout + done.stderr
    direct: dict[str, set[str]] = {name: set() for name in re.findall(r'^  "([^"]+)" \[', done.stdout, re.MULTILINE)}
    for later, earlier in re.findall(r'^  "([^"]+)" -> "([^"]+)";', done.stdout, re.MULTILINE):
        direct[later].add(earlier)
    return {name: _before(direct, name) for name in direct}


def _before(direct: dict[str, set[str]], name: str) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = direct[waiting.pop()] - found
        found |= new
        waiting += new
    return found


@pytest.fixture(scope="session")
def main(terraform: Run, tmp_path_factory: pytest.TempPathFactory) -> plan.Outcome:
    """The outcome of infra/terraform's tests, without those of the archives."""
    root = copied(tmp_path_factory.mktemp("main")) / "terraform"
    (root / ARCHIVE).unlink()
    return tried(terraform, root)


@pytest.fixture(scope="session")
def archive(terraform: Run, tmp_path_factory: pytest.TempPathFactory) -> plan.Outcome:
    """The outcome of infra/terraform's tests of the archives."""
    root = copied(tmp_path_factory.mktemp("archive"), full=True) / "terraform"
    return tried(terraform, root, f"-filter={ARCHIVE}")


@pytest.fixture(scope="session")
def bootstrap(terraform: Run, tmp_path_factory: pytest.TempPathFactory) -> plan.Outcome:
    """The outcome of infra/bootstrap's tests."""
    return tried(terraform, copied(tmp_path_factory.mktemp("bootstrap")) / "bootstrap")
