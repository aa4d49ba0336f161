"""What make does and prints, with stand-ins of Python and npm."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import missing
from tests.conftest import LONGEST
from tests.ops.programs import Programs

ROOT = Path(__file__).parents[1]
SECONDS = 100
"""Seconds that one command may take; each takes one or two."""
pytestmark = pytest.mark.timeout(4 * SECONDS)
SET_UP = (".venv/ready", ".infra/ready", "web/node_modules/ready", "web/dist/index.html", "web/dist-dev/index.html")
PARTS = {"test-web": "^npm .*test", "test-python": "pytest --ignore=tests/e2e", "test-browser": "pytest tests/e2e"}


PYTHON = """#!/bin/sh
if [ "$2" = venv ]; then mkdir -p "$3"; fi
exec {bin}/standin "$@"
"""


class Machine:
    """A checkout without sources, and stand-ins of the programs that make calls."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        self.tools = Programs(folder / "tools", "npm", "node", "standin")
        (self.tools.bin / "python").write_text(PYTHON.format(bin=self.tools.bin), "utf-8")
        (self.tools.bin / "python").chmod(0o755)
        (self.folder / "web").mkdir(parents=True)
        for file in ("Makefile", "web/index.html", "web/vite.config.ts", "web/tsconfig.json", "web/package-lock.json"):
            (self.folder / file).write_bytes((ROOT / file).read_bytes())
        (self.folder / "requirements").mkdir()
        for lock in ("dev", "policy", "schema", "pip"):
            (self.folder / "requirements" / f"{lock}.txt").touch()

    def set_up(self) -> None:
        for file in SET_UP:
            (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / file).touch()

    def make(self, target: str, *variables: str, **environ: str) -> subprocess.CompletedProcess[str]:
        programs = [f"{name}={self.tools.bin}/{program}" for name, program in {"RUN": "python", "NPM": "npm"}.items()]
        return subprocess.run(
            ["make", *programs, f"PYTHON={self.tools.bin}/python", *variables, target],
            cwd=self.folder,
            env={"PATH": f"{self.tools.bin}:{os.environ['PATH']}", "HOME": str(self.folder), **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def parts(machine: Machine) -> list[str]:
    """The runs of tests so far."""
    return [line for line in machine.tools.lines if "pytest" in line or "npm" in line]


def test_make_test_runs_every_part_and_passes_when_all_pass(machine: Machine) -> None:
    machine.set_up()
    done = machine.make("test")
    assert done.returncode == 0, done.stderr
    beside, browser = parts(machine)[:2], parts(machine)[2:]
    assert sorted(beside) == [
        "npm test",
        "standin -m pytest --ignore=tests/e2e --numprocesses=6 --dist=loadfile",
    ]
    assert browser == [
        "standin -m pytest tests/e2e -m not real_time --numprocesses=2 --dist=loadfile",
        "standin -m pytest tests/e2e -m real_time",
    ]
    assert "Failed" not in done.stderr


@pytest.mark.parametrize("failing", ["tests/e2e -m not real_time", "tests/e2e -m real_time"])
def test_both_halves_of_the_browser_tests_run_and_each_can_fail_them(machine: Machine, failing: str) -> None:
    machine.set_up()
    machine.tools.answer(failing, code=1)
    done = machine.make("test-browser")
    assert done.returncode != 0
    assert len([line for line in machine.tools.lines if "tests/e2e" in line]) == 2


def test_a_hotfix_leaves_out_the_browser_tests_and_says_so(machine: Machine) -> None:
    machine.set_up()
    done = machine.make("test", "SKIP=test-browser")
    assert done.returncode == 0, done.stderr
    assert not [line for line in machine.tools.lines if "tests/e2e" in line and "--ignore" not in line]
    assert "NOT TESTED: test-browser was left out." in done.stdout


@pytest.mark.parametrize("part", ["test-python", "test-web", "test-browser test-python"])
def test_no_other_part_can_be_left_out(machine: Machine, part: str) -> None:
    machine.set_up()
    done = machine.make("test", f"SKIP={part}")
    assert done.returncode != 0
    assert "Only test-browser can be skipped." in done.stderr
    assert not [line for line in machine.tools.lines if "pytest" in line or "npm" in line]


@pytest.mark.parametrize(
    "failing", [["test-web"], ["test-python"], ["test-web", "test-python"], ["test-web", "test-browser"]]
)
def test_make_test_runs_the_parts_after_one_that_fails_and_names_it(machine: Machine, failing: list[str]) -> None:
    machine.set_up()
    for part in failing:
        machine.tools.answer(PARTS[part], code=1)
    done = machine.make("test")
    assert done.returncode != 0
    assert f"Failed: {' '.join(failing)}\n" in done.stderr
    assert len(parts(machine)) == 4


@pytest.mark.parametrize("code", [0, 1])
def test_what_the_pages_tests_print_is_printed_in_one_piece_after_what_runs_beside_them(
    machine: Machine, code: int
) -> None:
    machine.set_up()
    machine.tools.answer(PARTS["test-web"], output="810 passed\n1 failed\n", code=code)
    machine.tools.answer(PARTS["test-python"], output="4,346 passed\n")
    machine.tools.answer("tests/e2e -m real_time", output="9 passed\n")
    done = machine.make("test")
    printed = [line for line in done.stdout.splitlines() if "passed" in line or "failed" in line]
    assert printed == ["4,346 passed", "810 passed", "1 failed", "9 passed"]
    assert machine.make("test-web").stdout.splitlines()[-2:] == ["810 passed", "1 failed"], "alone it prints at once"


def test_make_dev_prints_each_step_of_the_set_up_and_nothing_else(machine: Machine) -> None:
    machine.tools.answer("^npm .* ci", output="added 1 package\n")
    machine.tools.answer("^npm .* build", output="transforming...\n")
    machine.tools.answer("local.dev", output="Ready: http://localhost:8080\n")
    (machine.folder / "web" / "node_modules").mkdir()
    (machine.folder / "web" / "dist").mkdir()
    (machine.folder / "web" / "dist-dev").mkdir()
    first = machine.make("dev")
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines() == [
        "Installing Python packages (about 40 s)...",
        "Installing the page's packages (about 15 s)...",
        "Building the page (about 5 s)...",
        "Ready: http://localhost:8080",
    ]
    second = machine.make("dev")
    assert second.stdout.splitlines() == ["Ready: http://localhost:8080"]
    assert first.stderr + second.stderr == ""


def test_compiled_modules_are_kept_although_the_environment_forbids_it(machine: Machine) -> None:
    machine.set_up()
    (machine.tools.bin / "python").write_text('#!/bin/sh\necho "${PYTHONDONTWRITEBYTECODE-kept}"\n', "utf-8")
    assert machine.make("unit", PYTHONDONTWRITEBYTECODE="1").stdout.splitlines()[-1] == "kept"


SUITE = """
import pytest
from tests.missing import CHROMIUM, TERRAFORM, missing

@pytest.mark.parametrize("number", range(3))
def test_plan(number):
    missing(TERRAFORM)

def test_page():
    missing(CHROMIUM)

def test_other():
    pytest.skip("not on a Monday")
"""


def run(folder: Path, *options: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on a small suite, with the conftest of all tests."""
    (folder / "conftest.py").write_bytes((ROOT / "tests" / "conftest.py").read_bytes())
    (folder / "test_suite.py").write_text(SUITE, "utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--rootdir", str(folder), "-c", os.devnull, *options, str(folder)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environ},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def test_the_longest_files_are_begun_first_and_then_those_of_the_most_tests(tmp_path: Path) -> None:
    assert all((ROOT / name).exists() for name in LONGEST)
    one = "def test_one():\n    pass\n"
    files = {"test_a.py": one, "test_b.py": one + "def test_two():\n    pass\n", "tests/relay/test_line.py": one}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    done = run(tmp_path, "--numprocesses=1", "--dist=loadfile", "--verbose", "--verbose", CI="")
    begun = [line.partition(" PASSED ")[2].split("::")[0] for line in done.stdout.splitlines() if " PASSED " in line]
    assert list(dict.fromkeys(begun)) == ["tests/relay/test_line.py", "test_b.py", "test_a.py"]


@pytest.mark.parametrize("options", [(), ("--numprocesses=2",)])
def test_a_run_ends_with_what_was_not_tested_and_how_to_install_it(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = run(tmp_path, *options)
    assert done.returncode == 0
    assert missing.block({missing.TERRAFORM: 3, missing.CHROMIUM: 1}) in done.stdout
    assert "https://developer.hashicorp.com/terraform/install" in done.stdout


def test_several_runs_share_one_report_at_the_end(tmp_path: Path) -> None:
    report = tmp_path / "build" / "missing.txt"
    for _ in range(2):
        assert "Not tested" not in run(tmp_path, MISSING_REPORT=str(report)).stdout
    said = subprocess.run(
        [sys.executable, "-m", "tests.missing", str(report)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip().splitlines() == [
        "Not tested on this machine:",
        f"    6 tests: {missing.TERRAFORM.reason}",
        f"    2 tests: {missing.CHROMIUM.reason}",
    ]


def test_in_ci_a_missing_tool_fails_its_tests(tmp_path: Path) -> None:
    done = run(tmp_path, CI="true")
    assert done.returncode == 1
    assert "4 failed, 1 skipped" in done.stdout
    assert f"CI must have it: {missing.TERRAFORM.reason}" in done.stdout


def test_with_every_tool_there_is_no_report(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "tests.missing", str(tmp_path / "none")], cwd=ROOT, capture_output=True, check=True
    )
    assert said.stdout == b""
