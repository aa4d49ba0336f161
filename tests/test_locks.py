"""Each lock is complete, and the oldest supported pip installs exactly the lock, not an index's newer versions."""

import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests import image, locks
from tests.locks import ENVIRONMENTS, ROOT, SUPPORTED
from tests.missing import CHECKOV, OLDEST_PIP, missing
from tests.test_requirements import WANTED

SECONDS = 400
"""Seconds that one command may take; each takes about twenty."""


def check_set_up(lock: str) -> None:
    if not locks.installed(ENVIRONMENTS[lock]):
        missing(CHECKOV)


@pytest.mark.slow
@pytest.mark.parametrize("lock", ENVIRONMENTS)
def test_every_requirement_of_a_locked_package_is_locked(lock: str) -> None:
    check_set_up(lock)
    distributions = locks.installed(ENVIRONMENTS[lock])
    wanted = [Requirement(one) for one in WANTED[lock]]
    assert [gap for one in SUPPORTED for gap in locks.gaps(locks.pins(lock), wanted, distributions, one)] == []


@pytest.mark.parametrize(
    ("lock", "name", "of"),
    [
        ("dev", "requests", "google-auth requires requests"),  # through the extra google-auth[requests] alone
        ("functions", "pycparser", "cffi requires pycparser"),
        ("relay", "httpcore2", "httpx2 requires httpcore2"),
        ("policy", "soupsieve", "beautifulsoup4 requires soupsieve"),
        ("relay", "uvloop", "pyproject.toml requires uvloop"),
    ],
)
def test_a_lock_without_one_of_its_pins_is_incomplete(lock: str, name: str, of: str) -> None:
    check_set_up(lock)
    pins = [pin for pin in locks.pins(lock) if pin.name != name]
    distributions = locks.installed(ENVIRONMENTS[lock])
    found = locks.gaps(pins, map(Requirement, WANTED[lock]), distributions, SUPPORTED[0])
    assert [gap for gap in found if gap.startswith(of)]


@pytest.mark.parametrize("lock", ENVIRONMENTS)
def test_a_package_that_is_not_installed_here_has_another_pin_for_this_python(lock: str) -> None:
    """The CI of the other Python checks the requirements of such a pin."""
    check_set_up(lock)
    distributions = locks.installed(ENVIRONMENTS[lock])
    for pin in locks.pins(lock):
        if any(pin.applies(one) for one in SUPPORTED) and distributions[pin.name].version != pin.version:
            assert [one.name for one in locks.pins(lock)].count(pin.name) > 1, pin


@dataclass(frozen=True, slots=True)
class Machine:
    """A folder with the Makefile, locks of generated wheels, and the oldest pip, which Python finds first there."""

    folder: Path
    environ: dict[str, str]

    def run(self, *command: str | Path) -> None:
        done = subprocess.run(
            command, cwd=self.folder, env=self.environ, timeout=SECONDS, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    wheel = next((ROOT / ".infra" / "pip").glob("pip-*.whl"), None)
    if wheel is None:
        missing(OLDEST_PIP)
    check_set_up("policy")
    folder = tmp_path_factory.mktemp("machine")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name.startswith("pip/")])
    (folder / "requirements").mkdir()
    for lock, text in locks.write_index(folder / "index").items():
        (folder / "requirements" / f"{lock}.txt").write_text(text, "utf-8")
    (folder / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "MAKE", "MFLAGS"))}
    environ |= {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": (folder / "index").as_uri()}
    environ |= {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONPATH": str(folder)}
    shown = subprocess.run(
        [sys.executable, "-m", "pip", "--version"], env=environ, cwd=folder, capture_output=True, text=True, check=True
    )
    assert shown.stdout.startswith(f"pip {taken('pip')['pip']} from {folder}")
    return Machine(folder, environ)


def taken(lock: str) -> dict[str, str]:
    """The part of a lock that applies on this machine."""
    return {pin.name: pin.version for pin in locks.pins(lock) if pin.applies()}


def found(environment: Path) -> dict[str, str]:
    """The installed packages, without those of a new environment."""
    born = ("pip", "setuptools")
    return {name: one.version for name, one in locks.installed(environment).items() if name not in born}


@pytest.mark.timeout(3 * SECONDS)
def test_make_installs_exactly_the_locks_with_the_oldest_pip(machine: Machine) -> None:
    machine.run("make", f"PYTHON={sys.executable}", ".infra/ready")
    assert found(machine.folder / ".venv") == taken("dev")
    assert found(machine.folder / ".infra" / "policy") == taken("policy")
    for lock in ("schema", "pip"):
        downloaded = [wheel.name.split("-")[:2] for wheel in (machine.folder / ".infra" / lock).glob("*.whl")]
        assert {name.replace("_", "-"): version for name, version in downloaded} == taken(lock)


@pytest.mark.timeout(2 * SECONDS)
def test_the_image_has_exactly_the_lock_with_the_oldest_pip(machine: Machine) -> None:
    [step] = [one.rest for stage in image.read() for one in stage.steps if one.name == "RUN" and "pip" in one.rest]
    step = step.replace("/opt/relay", "image").replace("/build/", "requirements/")
    machine.run("sh", "-ec", step)
    assert found(machine.folder / "image") == taken("relay")


@pytest.mark.timeout(2 * SECONDS)
def test_the_functions_lock_is_installed_exactly_with_the_oldest_pip(machine: Machine) -> None:
    environment = machine.folder / "functions"
    machine.run(sys.executable, "-m", "venv", "--without-pip", environment)
    machine.run(*locks.install(environment, machine.folder / "requirements" / "functions.txt"))
    assert found(environment) == taken("functions")
