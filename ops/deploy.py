"""Deploys, the first time and every later one: `python -m ops.deploy [ENVIRONMENT]`, or `make deploy`.

    1. the bucket for Terraform's state
    2. infra/bootstrap: APIs, registry, the builders' accounts, the secrets without their values
    3. the values of secrets that have none, from GEMINI_API_KEY and TAVUS_API_KEY of the environment
    4. a build by cloudbuild.yaml: test, page, image, infra/terraform, release, smoke test

Each step does nothing where its work is done already.
"""

import argparse
import os
from collections.abc import Mapping, Sequence
from typing import Final

from ops import terraform, tools, trouble
from ops.target import BOOTSTRAP, DEFAULT_ENVIRONMENT, ROOT, Target
from ops.trouble import Trouble

FIRST_APIS: Final = (
    "serviceusage.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "iam.googleapis.com",
    "storage.googleapis.com",
)
"""What Terraform needs in order to switch on the others."""
SECRETS: Final = {"GEMINI_API_KEY": "gemini", "TAVUS_API_KEY": "tavus"}


def deploy(target: Target, environ: Mapping[str, str]) -> None:
    """All four steps. Raises Trouble at the first that fails."""
    check(target)
    make_state_bucket(target)
    bootstrap = apply_bootstrap(target)
    add_secrets(target, bootstrap["secrets"], environ)
    build(target, str(bootstrap["build_account"]), str(bootstrap["build_bucket"]))


def check(target: Target) -> None:
    """What has to be there before anything is begun."""
    tools.need("gcloud", "terraform")
    if not tools.ask(["gcloud", "auth", "list", "--filter=status:ACTIVE", "--format=value(account)"]):
        raise Trouble("not logged in; run: gcloud auth login")
    if tools.ask(["gcloud", "auth", "application-default", "print-access-token"]) is None:
        raise Trouble("Terraform is not logged in; run: gcloud auth application-default login")
    if tools.ask(["gcloud", "projects", "describe", target.project, "--format=value(projectId)"]) is None:
        raise Trouble(f"there is no project {target.project}, or it is not ours to see")
    tools.do(["gcloud", "services", "enable", *FIRST_APIS, f"--project={target.project}"])


def make_state_bucket(target: Target) -> None:
    """The one thing that Terraform can't make: where it writes down what it made."""
    bucket = f"gs://{target.state_bucket}"
    if tools.ask(["gcloud", "storage", "buckets", "describe", bucket, "--format=value(name)"]) is None:
        command = ["gcloud", "storage", "buckets", "create", bucket, f"--project={target.project}"]
        command += [f"--location={target.region}", "--uniform-bucket-level-access", "--public-access-prevention"]
        tools.do(command)
    # The state before this one, should one ever be spoilt.
    tools.do(["gcloud", "storage", "buckets", "update", bucket, "--versioning"], quiet=True)


def apply_bootstrap(target: Target) -> Mapping[str, object]:
    """infra/bootstrap; gives its outputs."""
    terraform.init_bootstrap(target)
    command = ["terraform", f"-chdir={BOOTSTRAP}", "apply", "-input=false", "-auto-approve"]
    tools.do([*command, f"-var=project_id={target.project}", f"-var=region={target.region}"])
    return terraform.outputs(BOOTSTRAP)


def add_secrets(target: Target, secrets: object, environ: Mapping[str, str]) -> None:
    """A value for each secret that is needed and has none. One that has a value keeps it."""
    names: dict[str, str] = secrets if isinstance(secrets, dict) else {}
    for variable in target.needs:
        secret = names[SECRETS[variable]]
        command = ["gcloud", "secrets", "versions", "list", secret, f"--project={target.project}"]
        if tools.ask([*command, "--filter=state:ENABLED", "--limit=1", "--format=value(name)"]):
            continue
        if not environ.get(variable):
            raise Trouble(f"the secret {secret} has no value; run again with {variable}=… in the environment")
        command = ["gcloud", "secrets", "versions", "add", secret, f"--project={target.project}", "--data-file=-"]
        tools.do(command, given=environ[variable])


def build(target: Target, account: str, bucket: str) -> None:
    """Everything else, where it can be repeated: in Cloud Build, from this folder as it is."""
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
    except Trouble as error:
        trouble.fail("deploy", error)


if __name__ == "__main__":
    main()
