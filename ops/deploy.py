"""Deploys an environment, the first time and later: `python -m ops.deploy [ENVIRONMENT]`, or `make deploy`.

    1. the bucket for Terraform's state
    2. infra/bootstrap: APIs, registry, the builders' accounts, the secrets without their values
    3. values for the secrets that have none, from the variables GEMINI_API_KEY and TAVUS_API_KEY
    4. a build by cloudbuild.yaml: test, page, image, infra/terraform, release, smoke test

Each step does nothing if its work is done already.
"""

import argparse
import os
from collections.abc import Mapping, Sequence
from typing import Final

from ops import failure, terraform, tools
from ops.failure import CommandFailed
from ops.target import BOOTSTRAP, DEFAULT_ENVIRONMENT, ROOT, Target

FIRST_APIS: Final = (
    "serviceusage.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "iam.googleapis.com",
    "storage.googleapis.com",
)
"""The APIs that Terraform needs to enable the others."""
SECRETS: Final = {"GEMINI_API_KEY": "gemini", "TAVUS_API_KEY": "tavus"}


def deploy(target: Target, environ: Mapping[str, str]) -> None:
    """Run all four steps. Raises CommandFailed at the first that fails."""
    check(target)
    make_state_bucket(target)
    bootstrap = apply_bootstrap(target)
    add_secrets(target, bootstrap["secrets"], environ)
    build(target, str(bootstrap["build_account"]), str(bootstrap["build_bucket"]))


def check(target: Target) -> None:
    """Check what must be there before the first step."""
    tools.need("gcloud", "terraform")
    if not tools.ask(["gcloud", "auth", "list", "--filter=status:ACTIVE", "--format=value(account)"]):
        raise CommandFailed("not logged in; run: gcloud auth login")
    if tools.ask(["gcloud", "auth", "application-default", "print-access-token"]) is None:
        raise CommandFailed("Terraform is not logged in; run: gcloud auth application-default login")
    if tools.ask(["gcloud", "projects", "describe", target.project, "--format=value(projectId)"]) is None:
        raise CommandFailed(f"there is no project {target.project}, or you have no access to it")
    tools.do(["gcloud", "services", "enable", *FIRST_APIS, f"--project={target.project}"])


def make_state_bucket(target: Target) -> None:
    """Create the bucket for Terraform's state, which Terraform can't create itself."""
    bucket = f"gs://{target.state_bucket}"
    if tools.ask(["gcloud", "storage", "buckets", "describe", bucket, "--format=value(name)"]) is None:
        command = ["gcloud", "storage", "buckets", "create", bucket, f"--project={target.project}"]
        command += [f"--location={target.region}", "--uniform-bucket-level-access", "--public-access-prevention"]
        tools.do(command)
    # Earlier states are kept, in case one is damaged.
    tools.do(["gcloud", "storage", "buckets", "update", bucket, "--versioning"], quiet=True)


def apply_bootstrap(target: Target) -> Mapping[str, object]:
    """Apply infra/bootstrap; returns its outputs."""
    terraform.init_bootstrap(target)
    command = ["terraform", f"-chdir={BOOTSTRAP}", "apply", "-input=false", "-auto-approve"]
    tools.do([*command, f"-var=project_id={target.project}", f"-var=region={target.region}"])
    return terraform.outputs(BOOTSTRAP)


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


def build(target: Target, account: str, bucket: str) -> None:
    """Submit this folder to Cloud Build, which does everything else (cloudbuild.yaml)."""
    substitutions = {
        "_ENVIRONMENT": target.environment,
        "_REGION": target.region,
        "_STATE_BUCKET": target.state_bucket,
    }
    command: Sequence[str] = [
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
    ]
    tools.do(command)


def main() -> None:
    """`python -m ops.deploy [ENVIRONMENT]`."""
    parser = argparse.ArgumentParser(
        prog="python -m ops.deploy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("environment", nargs="?", default=DEFAULT_ENVIRONMENT)
    try:
        target = Target.read(parser.parse_args().environment)
        deploy(target, os.environ)
        print(f"Deployed: {terraform.deployment(target.environment).url}")
    except CommandFailed as error:
        failure.exit_with("deploy", error)


if __name__ == "__main__":
    main()
