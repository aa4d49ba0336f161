"""Takes an environment down, with every interview in it: `python -m ops.destroy [ENVIRONMENT]`, or `make destroy`.

It asks for the environment's name first. Two runs of Terraform follow: one that lifts the protection of database, files
and relays, and one that destroys. It says in the end what it left, and how that goes.
"""

import argparse
import sys

from ops import terraform, tools, trouble
from ops.target import DEFAULT_ENVIRONMENT, TERRAFORM, Target
from ops.trouble import Trouble

LEFT = """What is left in {project}, since other environments may use it, and costs next to nothing:
  images        gcloud artifacts repositories delete interviewer --location={region} --project={project}
  secrets       gcloud secrets delete gemini-api-key --project={project}; likewise tavus-api-key
  state         gcloud storage rm --recursive gs://{bucket} gs://{project}-build
  backups       of the last seven days; they go by themselves, or by: gcloud firestore backups list --project={project}
All of it at once, with everything else that is in the project: gcloud projects delete {project}"""


def destroy(target: Target, answer: str) -> None:
    """Take it down, if the answer is its name. Raises Trouble."""
    if answer.strip() != target.environment:
        raise Trouble("nothing was done")
    tools.need("terraform")
    terraform.init_environment(target)
    # Whatever image runs: nothing is deployed by this, and no image may be left that could be named.
    image = "-var=relay_image=" + _present_image()
    given = [f"-var-file={target.var_file}", "-var=deletion_protection=false", image, "-input=false", "-auto-approve"]
    tools.do(["terraform", f"-chdir={TERRAFORM}", "apply", *given])
    tools.do(["terraform", f"-chdir={TERRAFORM}", "destroy", *given])


def _present_image() -> str:
    """The relay's image as the state has it. Raises Trouble when there is no relay."""
    shown = tools.ask(["terraform", f"-chdir={TERRAFORM}", "output", "-raw", "relay_image"])
    if not shown:
        raise Trouble("there is nothing to take down")
    return shown


def main() -> None:
    """`python -m ops.destroy [ENVIRONMENT]`."""
    parser = argparse.ArgumentParser(prog="python -m ops.destroy", description=__doc__)
    parser.add_argument("environment", nargs="?", default=DEFAULT_ENVIRONMENT)
    try:
        target = Target.read(parser.parse_args().environment)
        print(f"This deletes the environment {target.environment} in {target.project}: every interview, every CV.")
        print("Nothing of it comes back but by Firestore's backups of the last seven days.")
        destroy(target, input("Its name, to go on: ") if sys.stdin.isatty() else sys.stdin.readline())
        print(LEFT.format(project=target.project, region=target.region, bucket=target.state_bucket))
    except Trouble as error:
        trouble.fail("destroy", error)


if __name__ == "__main__":
    main()
