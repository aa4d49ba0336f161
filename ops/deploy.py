"""Deploys an environment, the first time and later: `python -m ops.deploy [ENVIRONMENT]`, or `make deploy`.

    0. a check of what is needed (ops/preflight.py)
    1. the bucket for Terraform's state
    2. infra/bootstrap: APIs, registry, the builders' accounts, the secrets without their values, the budget
    3. values for the secrets that have none, from the variables GEMINI_API_KEY and TAVUS_API_KEY
    4. a build by cloudbuild.yaml: test, page, image, infra/terraform, release, smoke test

Each step does nothing if its work is done already. A build that is under way is watched, and no second one is begun.
With --plan it changes nothing and shows what Terraform would change (`make plan`). With --skip=test-browser a hotfix is
released without the tests in a browser, and the release says so.
"""

import argparse
import os
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ops import failure, terraform, tools
from ops.failure import CommandFailed
from ops.preflight import preflight, require, table
from ops.target import BOOTSTRAP, DEFAULT_ENVIRONMENT, ROOT, TERRAFORM, Target

FIRST_APIS: Final = (
    "serviceusage.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "iam.googleapis.com",
    "storage.googleapis.com",
    "billingbudgets.googleapis.com",
)
"""The APIs that Terraform needs to enable the others, or to plan."""
SECRETS: Final = {"GEMINI_API_KEY": "gemini", "TAVUS_API_KEY": "tavus"}
SKIPPABLE: Final = ("test-browser",)
"""What a hotfix may leave out."""
BUILD_SECONDS: Final = 12_000.0
"""Seconds for which a build is watched: its timeout in cloudbuild.yaml, and a while in Google's queue."""
NO_IMAGE: Final = "europe-west1-docker.pkg.dev/not/built/yet@sha256:" + "0" * 64
"""An image in a plan before its first deployment."""

POLL: Final = 20.0
"""Seconds between two looks at a build whose log is not shown."""

_RUNNING: Final = ("QUEUED", "PENDING", "WORKING")
_NEW: Final = "A new project's APIs and roles take a few minutes to take effect."


def deploy(target: Target, environ: Mapping[str, str], skip: str = "") -> None:
    """Run all steps. Raises CommandFailed at the first that fails."""
    lines = preflight(target, environ)
    print(table(lines), flush=True)
    require(lines)
    tools.again(["gcloud", "services", "enable", *FIRST_APIS, f"--project={target.project}"], _NEW)
    make_state_bucket(target)
    bootstrap = apply_bootstrap(target)
    add_secrets(target, bootstrap["secrets"], environ)
    build(target, str(bootstrap["build_account"]), str(bootstrap["build_bucket"]), skip)


def make_state_bucket(target: Target) -> None:
    """Create the bucket for Terraform's state, which Terraform can't create itself."""
    bucket = f"gs://{target.state_bucket}"
    if tools.ask(["gcloud", "storage", "buckets", "describe", bucket, "--format=value(name)"]) is None:
        command = ["gcloud", "storage", "buckets", "create", bucket, f"--project={target.project}"]
        command += [f"--location={target.region}", "--uniform-bucket-level-access", "--public-access-prevention"]
        tools.again(command, _NEW)
    # Earlier states are kept, in case one is damaged.
    tools.do(["gcloud", "storage", "buckets", "update", bucket, "--versioning"], quiet=True)


def apply_bootstrap(target: Target) -> Mapping[str, Any]:
    """Apply infra/bootstrap; returns its outputs. Raises CommandFailed for an environment in another region."""
    variables = bootstrap_variables(target, terraform.bootstrapped(target))
    command = ["terraform", f"-chdir={BOOTSTRAP}", "apply", "-input=false", "-auto-approve", *variables]
    tools.again(command, _NEW)
    return terraform.outputs(BOOTSTRAP)


def bootstrap_variables(target: Target, kept: Mapping[str, Any]) -> list[str]:
    """What infra/bootstrap is applied with. All environments share it: the region is the one in its state, and the
    budget that of the environment that names one.
    """
    region = terraform.region_of(kept)
    if region not in (None, target.region):
        raise CommandFailed(f'images and builds are in {region} and can\'t move; set region = "{region}"')
    given = {name: value for name, value in (kept.get("budget") or {}).items() if value is not None}
    known = {name: terraform.literal(value) for name, value in given.items()} | dict(target.bootstrap)
    options = [f"-var={name}={value.strip(chr(34))}" for name, value in known.items() if value != "null"]
    return [f"-var=project_id={target.project}", f"-var=region={target.region}", *options]


def add_secrets(target: Target, secrets: object, environ: Mapping[str, str]) -> None:
    """Add a value to each needed secret that has none. A secret with a value keeps it."""
    names: dict[str, str] = secrets if isinstance(secrets, dict) else {}
    for variable in target.needs:
        secret = names[SECRETS[variable]]
        command = ["gcloud", "secrets", "versions", "list", secret, f"--project={target.project}"]
        if tools.ask([*command, "--filter=state:ENABLED", "--limit=1", "--format=value(name)"]):
            continue
        if not environ.get(variable):
            raise CommandFailed(f"the secret {secret} has no value; run again with {variable}=… in the environment")
        command = ["gcloud", "secrets", "versions", "add", secret, f"--project={target.project}", "--data-file=-"]
        tools.do(command, given=environ[variable])


def build(target: Target, account: str, bucket: str, skip: str = "") -> None:
    """Have this folder built by cloudbuild.yaml, which does everything else, and watch until it has ended."""
    where = [f"--project={target.project}", f"--region={target.region}"]
    number = under_way(target, where)
    if number:
        print(f"Build {number} of {target.environment} is under way; watching it.", flush=True)
    else:
        number = submit(target, account, bucket, skip)
    watch(number, where)


def release(target: Target, skip: str = "") -> None:
    """Submit a build and wait until it has ended, with what `make deploy` made before. A workflow may do no more.

    Raises CommandFailed also if another build of the environment is under way: it may be of other sources.
    """
    tools.need("gcloud")
    where = [f"--project={target.project}", f"--region={target.region}"]
    if number := under_way(target, where):
        raise CommandFailed(f"build {number} of {target.environment} is under way; run this again when it has ended")
    account = f"interviewer-build@{target.project}.iam.gserviceaccount.com"
    follow(submit(target, account, f"{target.project}-build", skip), where)


def follow(number: str, where: Sequence[str]) -> None:
    """Wait until a build has ended, without its log. Raises CommandFailed unless it succeeded, and if it goes on."""
    asked = ["gcloud", "builds", "describe", number, *where]
    log = tools.ask([*asked, "--format=value(logUrl)"]) or "in the console of Cloud Build"
    print(f"Build {number}; its log: {log}", flush=True)
    deadline = time.monotonic() + BUILD_SECONDS
    while time.monotonic() < deadline:
        # None: Google was away for a moment, and the build goes on.
        status = tools.ask([*asked, "--format=value(status)"])
        if status == "SUCCESS":
            return
        if status not in (None, *_RUNNING):
            raise CommandFailed(f"build {number} ended with {status}; its log: {log}")
        time.sleep(POLL)
    raise CommandFailed(_goes_on(number, where))


def under_way(target: Target, where: Sequence[str]) -> str | None:
    """The build of this environment that is under way, if there is one."""
    mine = f"--filter=substitutions._ENVIRONMENT={target.environment}"
    return tools.ask(["gcloud", "builds", "list", "--ongoing", mine, "--limit=1", "--format=value(id)", *where]) or None


def submit(target: Target, account: str, bucket: str, skip: str = "") -> str:
    """Submit this folder to Cloud Build; returns the build's id. A new project may refuse the first submission."""
    substitutions = {
        "_ENVIRONMENT": target.environment,
        "_REGION": target.region,
        "_STATE_BUCKET": target.state_bucket,
        **({"_SKIP": skip} if skip else {}),
    }
    command = [
        "gcloud",
        "builds",
        "submit",
        str(ROOT),
        f"--config={ROOT / 'cloudbuild.yaml'}",
        f"--project={target.project}",
        f"--region={target.region}",
        f"--service-account=projects/{target.project}/serviceAccounts/{account}",
        f"--gcs-source-staging-dir=gs://{bucket}/source",
        f"--substitutions={','.join(f'{name}={value}' for name, value in substitutions.items())}",
        "--async",
        "--format=value(id)",
    ]
    for number in range(1, tools.TRIES + 1):
        if found := tools.ask(command, errors=True):
            return found
        if number < tools.TRIES:
            tools.wait(f"Cloud Build did not accept the build. {_NEW}", number)
    raise CommandFailed("Cloud Build did not accept the build; see its message above, and run make deploy again")


def watch(number: str, where: Sequence[str]) -> None:
    """Show a build's log until it has ended. Raises CommandFailed unless it succeeded, and if it goes on."""
    asked = ["gcloud", "builds", "describe", number, *where]
    try:
        tools.do(["gcloud", "builds", "log", number, "--stream", *where], seconds=BUILD_SECONDS)
    except KeyboardInterrupt:
        raise CommandFailed(_goes_on(number, where)) from None
    except CommandFailed:
        pass  # the log can't be shown any more; the build decides
    status = tools.ask([*asked, "--format=value(status)"])
    if status in (None, *_RUNNING):
        raise CommandFailed(_goes_on(number, where))
    if status != "SUCCESS":
        log = tools.ask([*asked, "--format=value(logUrl)"]) or f"gcloud builds log {number} {' '.join(where)}"
        raise CommandFailed(f"build {number} ended with {status}; its log: {log}")


def _goes_on(number: str, where: Sequence[str]) -> str:
    look = f"gcloud builds log {number} {' '.join(where)} --stream"
    return f"build {number} goes on without this command; make deploy watches it again, or look: {look}"


def plan(target: Target) -> None:
    """Show what Terraform would change, in both root modules. Nothing is changed or locked."""
    tools.need("gcloud", "terraform")
    bucket = f"gs://{target.state_bucket}"
    if tools.ask(["gcloud", "storage", "buckets", "describe", bucket, "--format=value(name)"]) is None:
        raise CommandFailed(f"nothing is deployed in {target.project} yet; run: make preflight")
    variables = bootstrap_variables(target, terraform.bootstrapped(target))
    options = ["-input=false", "-lock=false"]
    tools.do(["terraform", f"-chdir={BOOTSTRAP}", "plan", *options, *variables])
    terraform.init_environment(target)
    deployed = terraform.outputs(TERRAFORM)
    images = [f"-var={name}={deployed.get(name) or NO_IMAGE}" for name in ("relay_image", "canary_image")]
    options += [f"-var-file={target.var_file}", *images]
    tools.do(["terraform", f"-chdir={TERRAFORM}", "plan", *options])
    print("The images are the deployed ones here; a build makes new ones if their sources have changed.")


def main() -> None:
    """`python -m ops.deploy [ENVIRONMENT]`."""
    parser = argparse.ArgumentParser(
        prog="python -m ops.deploy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("environment", nargs="?", default=DEFAULT_ENVIRONMENT)
    parser.add_argument("--plan", action="store_true", help="show what would change, and change nothing")
    parser.add_argument("--release", action="store_true", help="only submit the build: a workflow does this")
    parser.add_argument("--skip", default="", choices=("", *SKIPPABLE), help="for a hotfix: tests to leave out")
    options = parser.parse_args()
    with failure.reported("plan" if options.plan else "deploy"):
        target = Target.read(options.environment)
        if options.plan:
            plan(target)
            return
        if options.release:
            release(target, options.skip)
            return
        deploy(target, os.environ, options.skip)
        deployed = terraform.deployment(target.environment)
        print(f"Deployed: {deployed.url}")
        if deployed.domain:
            records = "terraform -chdir=infra/terraform output dns_records"
            print(f"Also at {deployed.domain}, once its DNS records are set: {records}")
        if options.skip:
            print(f"NOT TESTED: {options.skip} was left out. Deploy again without it soon.")


if __name__ == "__main__":
    main()
