"""cloudbuild.yaml: it is valid for Cloud Build's API, its shell code is valid, its commands exist, and its scripts
handle failures.
"""

import copy
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from google.cloud.devtools import cloudbuild_v1

from ops import api, deploy, smoke
from ops.services import CHANGE_TIMEOUT
from ops.target import DEFAULT_ENVIRONMENT, DEFAULT_REGION, Target
from tests.missing import GCLOUD, TERRAFORM, missing
from tests.ops.cloud import outputs
from tests.ops.programs import Programs

ROOT = Path(__file__).parents[1]
BUILD: dict[str, Any] = yaml.safe_load((ROOT / "cloudbuild.yaml").read_text("utf-8"))
STEPS: dict[str, dict[str, Any]] = {step["id"]: step for step in BUILD["steps"]}
SCRIPTS = {name: str(step["script"]) for name, step in STEPS.items() if "script" in step}
GIVEN = {"PROJECT_ID", "BUILD_ID"}
"""Substitutions that every build has, however it was started. The commit is not one of them."""
SHELLS = {name: re.split(r"[ /]", script.splitlines()[0])[-1] for name, script in SCRIPTS.items()}
DEPLOYING = ("apply", "release", "smoke")
PROJECT = "a-project"
ENVIRON = {
    "PROJECT_ID": PROJECT,
    "BUILD_ID": "a-build",
    **{name: value.replace("${PROJECT_ID}", PROJECT) for name, value in BUILD["substitutions"].items()},
}
DIGEST = "sha256:" + "0" * 64


def test_it_is_a_build() -> None:
    """The API's message type refuses unknown fields and values."""
    build = cloudbuild_v1.Build.from_json(json.dumps(BUILD))
    assert [step.id for step in build.steps] == list(STEPS)
    broken = json.loads(json.dumps(BUILD))
    broken["steps"][0]["waitsFor"] = []
    with pytest.raises(Exception, match="waitsFor"):
        cloudbuild_v1.Build.from_json(json.dumps(broken))


def test_a_step_is_a_script_or_has_arguments() -> None:
    for step in STEPS.values():
        assert ("script" in step) != ("args" in step)
        assert not ("script" in step and "entrypoint" in step)


def before(name: str) -> set[str]:
    """The steps that have finished when this one begins."""
    waited = [one for one in STEPS[name].get("waitFor", []) if one != "-"]
    return {*waited, *(earlier for one in waited for earlier in before(one))}


def test_every_step_waits_for_steps_above_it() -> None:
    assert len(STEPS) == len(BUILD["steps"])
    for number, name in enumerate(STEPS):
        assert STEPS[name]["waitFor"], "without it a step waits for all above"
        assert before(name) <= set(list(STEPS)[:number])


def test_the_order_is_test_page_image_apply_release_smoke() -> None:
    assert before("page") >= {"test"}
    assert before("image") >= {"test"}
    assert before("apply") >= {"test", "page", "image"}
    assert before("release") >= {"apply"}
    assert before("smoke") >= {"release"}


def test_substitutions_are_defined_and_used() -> None:
    used = {name for script in SCRIPTS.values() for name in re.findall(r"\$\{?(_?[A-Z][A-Z_]*)\b", script)}
    own = {name for name in used if name.startswith("_")}
    assert own == set(BUILD["substitutions"])
    assert used - own <= GIVEN | {"PATH", "PWD"}
    assert BUILD["options"]["automapSubstitutions"], "else a script sees none of them"
    assert BUILD["options"]["dynamicSubstitutions"], "else none is put into another"
    assert BUILD["substitutions"]["_ENVIRONMENT"] == DEFAULT_ENVIRONMENT
    assert BUILD["substitutions"]["_REGION"] == DEFAULT_REGION
    target = Target("a-project", "production", "europe-west1", ())
    assert BUILD["substitutions"]["_STATE_BUCKET"].replace("${PROJECT_ID}", "a-project") == target.state_bucket
    assert f"prefix={target.state_prefix}" in SCRIPTS["apply"].replace("$_ENVIRONMENT", "production")
    assert target.var_file in SCRIPTS["apply"].replace("$_ENVIRONMENT", "production")


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_shell_code_is_valid(name: str, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(SCRIPTS[name], "utf-8")
    assert re.match(r"#!(/usr/bin/env bash\nset -euo pipefail|/bin/sh\nset -eu)\n", SCRIPTS[name])
    syntax = subprocess.run(["bash", "-n", script], check=False, capture_output=True, timeout=60)
    assert syntax.returncode == 0, syntax.stderr.decode()
    shellcheck = [str(Path(sys.executable).with_name("shellcheck")), "--shell", SHELLS[name], str(script)]
    checked = subprocess.run(shellcheck, check=False, capture_output=True, timeout=60)
    assert checked.returncode == 0, checked.stdout.decode()


def test_bash_is_used_only_in_images_that_have_it() -> None:
    """Docker's image is Alpine, with sh only; the Google Cloud CLI's is Debian."""
    for name, shell in SHELLS.items():
        assert shell == ("sh" if "docker:" in STEPS[name]["name"] else "bash")


BY_TAG = {
    "gcr.io/google.com/cloudsdktool/google-cloud-cli": "the digest of this tag is not published outside its registry",
    "python": "the workflows test every supported version of Python on what is current, and deploy nothing",
}
"""Images that may be named by a tag alone, and why."""
PINNED = r"[\w.-]+@sha256:[0-9a-f]{64}"


def test_images_are_pinned_by_digest() -> None:
    """All that the repository names: steps of the build, what a step starts, the base of the relay, the workflows."""
    build = (ROOT / "cloudbuild.yaml").read_text("utf-8")
    images = {step["name"] for step in STEPS.values()}
    images |= set(re.findall(r"\bimage=(\w[\w./-]*:\S+)", build))
    recipe = (ROOT / "relay" / "Dockerfile").read_text("utf-8")
    arguments = dict(re.findall(r"^ARG (\w+)=(\S+)", recipe, re.MULTILINE))
    stages = set(re.findall(r"^FROM \S+ AS (\w+)", recipe, re.MULTILINE))
    bases = set(re.findall(r"^FROM (\S+)", recipe, re.MULTILINE)) - stages
    images |= {arguments.get(name.strip("${}"), name) for name in bases}
    for workflow in (ROOT / ".github" / "workflows").glob("*.yml"):
        images |= set(re.findall(r"^\s+(?:container|image): (\S+)", workflow.read_text("utf-8"), re.MULTILINE))
    assert {name.partition(":")[0] for name in images} >= {"hashicorp/terraform", "moby/buildkit", "python"}
    for image in images:
        name, _, rest = image.partition(":")
        assert re.fullmatch(PINNED, rest) or name in BY_TAG, image
    by_digest = {image.partition(":")[0] for image in images if "@" not in image}
    assert by_digest == set(BY_TAG), "an exception that is not needed any more"


def test_actions_are_pinned_by_commit() -> None:
    for workflow in (ROOT / ".github" / "workflows").glob("*.yml"):
        for action in re.findall(r"uses: (\S+)", workflow.read_text("utf-8")):
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action), action


def test_every_image_is_of_a_stated_version() -> None:
    for step in STEPS.values():
        assert re.search(r":\d+[\w.-]*(@sha256:[0-9a-f]{64})?$", step["name"]), step["name"]


def test_terraform_has_every_command_of_the_build() -> None:
    terraform = shutil.which("terraform")
    if terraform is None:
        missing(TERRAFORM)
    text = SCRIPTS["apply"].replace("\\\n", " ")
    found = re.findall(r"terraform -chdir=\S+ (\w+)([^\n>;&]*)", text)
    assert [name for name, _ in found] == ["init", "output", "plan", "apply", "output"]
    for name, rest in found:
        told = subprocess.run([str(terraform), name, "-help"], check=True, capture_output=True, timeout=60, text=True)
        for flag in re.findall(r'(?:^| )"?(-[a-z-]+)', rest):
            assert re.search(rf"^\s+{flag}\b", told.stdout, re.MULTILINE), f"terraform {name} {flag}"


def test_our_own_commands_exist() -> None:
    text = "\n".join(SCRIPTS.values())
    for module in set(re.findall(r"python -m ([\w.]+)", text)):
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file(), module
    for file in (".ci/run", "relay/Dockerfile", "infra/terraform", "web/package.json"):
        assert file in text or file.rsplit("/", 1)[0] in text
    for script in re.findall(r"npm --prefix web run (\w+)", text):
        assert script in json.loads((ROOT / "web" / "package.json").read_text("utf-8"))["scripts"]
    assert (ROOT / ".ci" / "run").is_file()
    assert (ROOT / "relay" / "Dockerfile").is_file()


def test_the_submitted_files_have_the_sources_and_no_secret(tmp_path: Path) -> None:
    """By gcloud's own reading of .gcloudignore, in a folder like a developer's."""
    if shutil.which("gcloud") is None:
        missing(GCLOUD)
    for name in (".gcloudignore", ".gitignore", "cloudbuild.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    wanted = {"cloudbuild.yaml", "relay/server.py", "infra/terraform/environments/production.tfvars", ".ci/run"}
    unwanted = {".env", ".git/config", ".venv/ready", ".data/i.db", "build/plan", "web/dist/a.js", "web/node_modules/a"}
    for name in wanted | unwanted:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    environ = {**os.environ, "CLOUDSDK_CONFIG": str(tmp_path.with_name("gcloud"))}
    command = ["gcloud", "meta", "list-files-for-upload", str(tmp_path)]
    listed = subprocess.run(command, check=True, capture_output=True, timeout=120, text=True, env=environ)
    assert wanted <= set(listed.stdout.split())
    assert unwanted.isdisjoint(listed.stdout.split())


class Machine:
    """A folder in which a step's script runs, with stand-ins of its tools."""

    def __init__(self, folder: Path) -> None:
        self.work = folder / "workspace"
        (self.work / "build").mkdir(parents=True)
        for name in ("relay", "canary"):
            written = json.dumps({"containerimage.digest": DIGEST})
            (self.work / "build" / f"{name}.json").write_text(written, "utf-8")
        self.tools = Programs(folder / "tools", "terraform", "gcloud", "npm", "docker")
        self.tools.add(self.work / ".venv" / "bin" / "python")
        self.tools.answer("containerimage.digest", DIGEST + "\n")

    def run(self, name: str) -> int:
        script = self.work.parent / name
        script.write_text(SCRIPTS[name], "utf-8")
        done = subprocess.run(
            [SHELLS[name], script],
            check=False,
            cwd=self.work,
            env={**ENVIRON, "PATH": f"{self.tools.bin}:/usr/bin:/bin"},
            stdin=subprocess.DEVNULL,
            timeout=60,
        )
        return done.returncode

    def steps(self) -> list[str]:
        """The calls, each by the words that distinguish it."""
        known = ("init", "plan", "apply", "note", "public", "forward", "page", "back", "smoke", "output")
        found = []
        for call, _ in self.tools.calls:
            words = [word for part in call for word in part.split(".")]
            found += [next((word for word in words if word in known), words[0])]
        return found


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_apply_notes_what_serves_before_it_changes_anything(machine: Machine) -> None:
    machine.tools.answer(r"output -json", outputs())
    assert machine.run("apply") == 0
    assert machine.steps()[2:] == ["init", "output", "note", "public", "plan", "apply", "output", "public", "forward"]
    assert (machine.work / "build" / "outputs.json").read_text("utf-8") == outputs()


@pytest.mark.parametrize("failing", [r"terraform \S+ apply", "ops.release forward"])
def test_a_failed_apply_is_rolled_back_and_fails(machine: Machine, failing: str) -> None:
    machine.tools.answer(failing, code=1)
    assert machine.run("apply") == 1
    assert machine.steps()[-1] == "back"


@pytest.mark.parametrize("failing", [r"terraform \S+ plan", "ops.release note", r"terraform \S+ init"])
def test_a_failure_before_any_change_is_not_rolled_back(machine: Machine, failing: str) -> None:
    machine.tools.answer(failing, code=1)
    assert machine.run("apply") != 0
    assert "apply" not in machine.steps()
    assert "back" not in machine.steps()


@pytest.mark.parametrize(("name", "does"), [("release", "page"), ("smoke", "smoke")])
@pytest.mark.parametrize("back_fails", [False, True])
def test_a_failed_release_or_smoke_test_is_rolled_back_and_fails(
    machine: Machine, name: str, does: str, *, back_fails: bool
) -> None:
    assert machine.run(name) == 0
    assert machine.steps() == [does]
    machine.tools.answer(f"ops.{'smoke' if does == 'smoke' else 'release page'}", code=1)
    machine.tools.answer("ops.release back", code=int(back_fails))
    assert machine.run(name) == 1
    assert machine.steps()[1:] == [does, "back"]


def test_the_tested_folder_is_deployed() -> None:
    """The tests set up in a new folder, and the later steps use that folder."""
    folder = re.findall(r'^AUDIT=1 SKIP="\$_SKIP" bash \.ci/run (\S+)$', SCRIPTS["test"], re.MULTILINE)
    assert [STEPS[name]["dir"] for name in ("page", "image", *DEPLOYING)] == 5 * folder
    assert not [name for name in before("test") if folder[0].split("/")[0] in SCRIPTS.get(name, "")]
    assert "gcloud storage" not in "".join(SCRIPTS.values()), "no build keeps files for the next"


def test_the_images_are_built_reproducibly(machine: Machine) -> None:
    assert machine.run("image") == 0
    builds = [call for call, _ in machine.tools.calls if call[:3] == ["docker", "buildx", "build"]]
    assert [build[build.index("--target") + 1] for build in builds] == ["relay", "canary"]
    for build, target in zip(builds, ("relay", "canary"), strict=True):
        assert build[build.index("--file") + 1] == "relay/Dockerfile"
        assert "--provenance=false" in build
        assert re.fullmatch(r"SOURCE_DATE_EPOCH=\d+", build[build.index("--build-arg") + 1])
        output = build[build.index("--output") + 1].split(",")
        assert {"push=true", "rewrite-timestamp=true"} <= set(output)
        assert f"name=europe-west1-docker.pkg.dev/a-project/interviewer/{target}:a-build" in output
        assert build[build.index("--metadata-file") + 1] == f"build/{target}.json"
        assert build[-1] == "."


@pytest.mark.parametrize("target", ["relay", "canary"])
def test_an_image_that_can_not_be_built_fails_the_build(machine: Machine, target: str) -> None:
    machine.tools.answer(f"--target {target}", code=1)
    assert machine.run("image") != 0


def test_terraform_gets_both_images_by_their_digests(tmp_path: Path) -> None:
    """The script up to Terraform, in a real shell with our Python."""
    head = SCRIPTS["apply"].partition("root=infra")[0].replace(".venv/bin/python", sys.executable)
    (tmp_path / "build").mkdir()
    for name, digit in (("relay", "1"), ("canary", "2")):
        written = json.dumps({"containerimage.digest": f"sha256:{digit * 64}"})
        (tmp_path / "build" / f"{name}.json").write_text(written, "utf-8")

    def run() -> subprocess.CompletedProcess[str]:
        environ = {**ENVIRON, "PATH": os.environ["PATH"]}
        command = ["bash", "-c", f"{head}\nenv"]
        return subprocess.run(
            command, check=False, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60
        )

    where = "europe-west1-docker.pkg.dev/a-project/interviewer"
    given = dict(line.split("=", 1) for line in run().stdout.splitlines() if re.match("TF_VAR_.*_image", line))
    assert given == {
        "TF_VAR_relay_image": f"{where}/relay@sha256:{'1' * 64}",
        "TF_VAR_canary_image": f"{where}/canary@sha256:{'2' * 64}",
    }
    (tmp_path / "build" / "canary.json").unlink()
    assert run().returncode != 0, "without a digest nothing is planned"


# What a build must not do, however it is written. Each check takes the build, so that mutations of it can be checked.

Build = dict[str, Any]
LOCK, FUNCTIONS, ROLLBACK, MARGIN = 2 * 600, 900, 4 * CHANGE_TIMEOUT, 300
"""Seconds: Terraform's two waits for its lock, the build of the functions, a way back, and what nobody knows."""
LEAST = {
    "test": 3600,
    "apply": LOCK + FUNCTIONS + ROLLBACK,
    "release": 600,
    "smoke": 180 + round(smoke.TIMEOUT + api.CLEANUP) + ROLLBACK,
}
"""Seconds that a step may take when everything is slow and nothing is broken."""
TOOLS_OF = {"test": {"terraform", "node"}, "page": {"node"}, "apply": {"terraform"}}
"""The tools that a step takes from the volume."""


def steps_of(build: Build) -> dict[str, dict[str, Any]]:
    return {step["id"]: step for step in build["steps"]}


def script_of(step: dict[str, Any]) -> str:
    return str(step.get("script", " ".join(step.get("args", ()))))


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


def check_every_failure_fails_the_build(build: Build) -> None:
    for name, step in steps_of(build).items():
        assert not {"allowFailure", "allowExitCodes"} & set(step), f"{name} may fail"
        script = script_of(step)
        for line in script.splitlines():
            if re.search(r"\|\| *(true|:|exit 0)|; *true *$|set \+e|\bexit 0\b", line):
                assert re.search(r"ops\.release back \S+ \S+ \|\| true$", line), f"{name} hides: {line}"
        if "ops.release back" in script:
            assert re.search(r"ops\.release back [^\n]*\n\s+exit 1\n", script), f"{name} goes back and passes"


def check_time(build: Build) -> None:
    steps = steps_of(build)
    for name, least in LEAST.items():
        if "timeout" in steps[name]:
            assert seconds(steps[name]["timeout"]) >= least, name
    assert seconds(build["timeout"]) >= sum(LEAST.values()) - LEAST["test"] + seconds(steps["test"]["timeout"]) + MARGIN
    assert seconds(build["timeout"]) < deploy.BUILD_SECONDS, "`make deploy` waits longer than the build may take"


def check_tools_are_shared(build: Build) -> None:
    steps = steps_of(build)
    shared = {volume["path"] for volume in build["options"].get("volumes", ())}
    for name, tools in TOOLS_OF.items():
        paths = re.findall(r"/tools/[\w/]*bin", script_of(steps[name]))
        assert len(set(paths)) == len(tools), name
        for path in paths:
            assert any(path.startswith(volume) for volume in shared), f"{name} has no {path}"
        for tool in tools:
            assert tool in before_of(steps, name), f"{name} begins before {tool} is there"


def before_of(steps: dict[str, dict[str, Any]], name: str) -> set[str]:
    waited = {one for one in steps[name].get("waitFor", ()) if one != "-"}
    return waited | {earlier for one in waited for earlier in before_of(steps, one)}


def check_what_is_deployed_is_what_was_built(build: Build) -> None:
    """The image by the digest of this build, the page from the folder of this build, the state of this environment."""
    steps = steps_of(build)
    image, page, apply, release = (script_of(steps[name]) for name in ("image", "page", "apply", "release"))
    assert '--metadata-file "build/$target.json"' in image
    assert "name=$repository/$target:$BUILD_ID,push=true" in image
    repository = re.search(r'^repository="(.+)"$', image, re.MULTILINE)
    assert repository
    assert f'repository="{repository[1]}"\n' in apply
    for target in ("relay", "canary"):
        assert re.search(rf"^image {target}\b", image, re.MULTILINE)
        assert f"{target}=$(digest build/{target}.json)\n" in apply
        assert f'TF_VAR_{target}_image="$repository/{target}@${target}"' in apply
    assert '["containerimage.digest"]' in apply
    assert "npm --prefix web run build\n" in page
    assert re.search(r"ops\.release page build/outputs\.json web/dist ", release)
    config = (ROOT / "web" / "vite.config.ts").read_text("utf-8")
    assert "outDir" not in config.partition("export default")[2], "the page is built into web/dist"
    planned = re.search(r"plan .*?-out=\"(\S+)\"", apply, re.DOTALL)
    applied = re.search(r"apply .*?\"(\S+/plan)\"", apply)
    assert planned
    assert applied
    assert planned[1] == applied[1], "what is applied is what was planned"


CHECKS = (
    check_every_failure_fails_the_build,
    check_time,
    check_tools_are_shared,
    check_what_is_deployed_is_what_was_built,
)


@pytest.mark.parametrize("check", CHECKS)
def test_the_build(check: Callable[[Build], None]) -> None:
    check(BUILD)


def step_with(name: str, **values: Any) -> Callable[[Build], None]:
    return lambda build: steps_of(build)[name].update(values)


def script_with(name: str, old: str, new: str) -> Callable[[Build], None]:
    def mutate(build: Build) -> None:
        step = steps_of(build)[name]
        where = "script" if "script" in step else "args"
        text = step[where] if where == "script" else step[where][-1]
        assert old in text
        if where == "script":
            step["script"] = text.replace(old, new)
        else:
            step["args"] = [*step["args"][:-1], text.replace(old, new)]

    return mutate


MUTATIONS: tuple[tuple[str, Callable[[Build], None], Callable[[Build], None]], ...] = (
    *((f"allowFailure of {name}", step_with(name, allowFailure=True), CHECKS[0]) for name in STEPS),
    ("allowExitCodes of test", step_with("test", allowExitCodes=[1, 2]), CHECKS[0]),
    ("|| true after the tests", script_with("test", "build/tested\n", "build/tested || true\n"), CHECKS[0]),
    ("|| true after the page", script_with("page", "run build\n", "run build || true\n"), CHECKS[0]),
    ("|| : after the digest", script_with("apply", ".json\n", ".json || :\n"), CHECKS[0]),
    ("a way back that passes", script_with("smoke", "exit 1", "exit 0"), CHECKS[0]),
    ("a way back without exit", script_with("release", "  exit 1\n", ""), CHECKS[0]),
    ("set +e", script_with("image", "set -eu\n", "set -eu\nset +e\n"), CHECKS[0]),
    ("too little time for the build", lambda build: build.update(timeout="3600s"), CHECKS[1]),
    ("too little time for the tests", step_with("test", timeout="600s"), CHECKS[1]),
    ("too little time for the smoke test", step_with("smoke", timeout="300s"), CHECKS[1]),
    ("too little time for apply", step_with("apply", timeout="900s"), CHECKS[1]),
    ("no volume", lambda build: build["options"].pop("volumes"), CHECKS[2]),
    (
        "the volume elsewhere",
        lambda build: build["options"].update(volumes=[{"name": "t", "path": "/other"}]),
        CHECKS[2],
    ),
    ("terraform not waited for", lambda build: steps_of(build)["test"].update(waitFor=["node"]), CHECKS[2]),
    ("node not in the PATH", script_with("page", "/tools/node/bin:", ""), CHECKS[2]),
    ("an image by its tag", script_with("apply", "relay@$relay", "relay:latest"), CHECKS[3]),
    ("the canary's image by its tag", script_with("apply", "canary@$canary", "canary:latest"), CHECKS[3]),
    ("the relay as the canary", script_with("apply", "digest build/canary.json", "digest build/relay.json"), CHECKS[3]),
    ("another build's image", script_with("image", "$target:$BUILD_ID", "$target-old:$BUILD_ID"), CHECKS[3]),
    ("no image of the canary", script_with("image", "image canary\n", ""), CHECKS[3]),
    ("another page", script_with("release", "web/dist ", "web/dist-dev "), CHECKS[3]),
    ("the page for development", script_with("page", "run build\n", "run build:dev\n"), CHECKS[3]),
    (
        "a plan that nobody saw",
        script_with("apply", '600s "$PWD/build/plan"', "600s -auto-approve"),
        CHECKS[3],
    ),
)


@pytest.mark.parametrize(("mutate", "check"), [pytest.param(*one[1:], id=one[0]) for one in MUTATIONS])
def test_a_mutation_of_the_build_fails(mutate: Callable[[Build], None], check: Callable[[Build], None]) -> None:
    build = copy.deepcopy(BUILD)
    mutate(build)
    with pytest.raises((AssertionError, KeyError)):
        check(build)


def test_only_the_browser_tests_can_be_left_out_and_the_release_says_so(machine: Machine) -> None:
    assert BUILD["substitutions"]["_SKIP"] == ""
    assert machine.run("release") == 0
    assert machine.tools.calls[-1][0][-2:] == ["--skipped", ""]
