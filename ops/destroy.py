"""Destroys an environment with every interview in it: `python -m ops.destroy [ENVIRONMENT]`, or `make destroy`.

It asks for the environment's name first. Terraform then runs twice: first it removes the protection of the database,
the files and the relays, then it destroys. At the end it prints what is left, and how to delete that.
"""

import argparse
import sys

from ops import failure, terraform, tools
from ops.failure import CommandFailed
from ops.target import DEFAULT_ENVIRONMENT, TERRAFORM, Target

LEFT = """Left in {project}, because other environments may use it; it costs next to nothing:
  images        gcloud artifacts repositories delete interviewer --location={region} --project={project}
  secrets       gcloud secrets delete gemini-api-key --project={project}; likewise tavus-api-key
  state         gcloud storage rm --recursive gs://{bucket} gs://{project}-build
  backups       of the last seven days; they expire. To list: gcloud firestore backups list --project={project}
All of it at once, with everything else in the project: gcloud projects delete {project}"""


def destroy(target: Target, answer: str) -> None:
    """Destroy the environment if `answer` is its name. Raises CommandFailed."""
    if answer.strip() != target.environment:
        raise CommandFailed("nothing was done")
    tools.need("terraform")
    terraform.init_environment(target)
    # The present image: this apply must not deploy another one, and the variable has no default.
    image = "-var=relay_image=" + _present_image()
    # A scheduled canary is removed by the first apply: it would need its image, too.
    given = [f"-var-file={target.var_file}", "-var=deletion_protection=false", "-var=canary_schedule=", image]
    options = [*given, "-input=false", "-auto-approve"]
    tools.do(["terraform", f"-chdir={TERRAFORM}", "apply", *options])
    tools.do(["terraform", f"-chdir={TERRAFORM}", "destroy", *options])


def _present_image() -> str:
    """The relay's image in Terraform's state. Raises CommandFailed if there is no relay."""
    shown = tools.ask(["terraform", f"-chdir={TERRAFORM}", "output", "-raw", "relay_image"])
    if not shown:
        raise CommandFailed("there is nothing to destroy")
    return shown


def main() -> None:
    """`python -m ops.destroy [ENVIRONMENT]`."""
    parser = argparse.ArgumentParser(prog="python -m ops.destroy", description=__doc__)
    parser.add_argument("environment", nargs="?", default=DEFAULT_ENVIRONMENT)
    with failure.reported("destroy"):
        target = Target.read(parser.parse_args().environment)
        print(f"This deletes the environment {target.environment} in {target.project}: every interview and every CV.")
        print("Only Firestore's backups of the last seven days can bring interviews back.")
        destroy(
            target, input("Type the environment's name to continue: ") if sys.stdin.isatty() else sys.stdin.readline()
        )
        print(LEFT.format(project=target.project, region=target.region, bucket=target.state_bucket))


if __name__ == "__main__":
    main()
