"""Closes a deployment to new interviews, and opens it again: `make close`, `make open`.

It needs nothing but the database, so that it works when a deployment or Terraform does not.
"""

import argparse
import asyncio
from datetime import UTC, datetime

from interview.errors import InterviewError
from interview.settings import load
from interview.store import open_store
from interview.system import Switch
from ops import development, failure
from ops.failure import CommandFailed
from ops.target import DEFAULT_ENVIRONMENT, Target


def find(environment: str | None) -> str:
    """The address of the store: the environment's if it is named, else that of `make dev` if it runs, else
    production's; without a production, this machine's.
    """
    if environment is None and development.runs(development.address()):
        return load().store
    try:
        target = Target.read(environment or DEFAULT_ENVIRONMENT)
    except CommandFailed:
        if environment is None:
            return load().store
        raise
    return f"firestore://{target.project}/interviewer-{target.environment}"


async def turn(address: str, switch: Switch) -> str:
    """Set the switch in this store. Returns what an operator reads."""
    store = open_store(address)
    try:
        await store.set_switch(switch)
        places = (await store.admissions()).places.values()
    except InterviewError as error:
        raise CommandFailed(f"{address}: {error.detail} Logged in? gcloud auth application-default login") from None
    finally:
        await store.close()
    live = sum(place.begun and place.until > datetime.now(UTC) for place in places)
    if switch.open:
        return f"{address} is open: interviews can start."
    rest = "They are ended with a goodbye." if switch.end_live else "They go on; END=1 ends them."
    return f"{address} is closed: no interview starts. Live interviews: {live}. {rest}"


def main() -> None:
    """`python -m ops.switch open|close`."""
    parser = argparse.ArgumentParser(prog="python -m ops.switch", description=__doc__)
    parser.add_argument("to", choices=("open", "close"))
    parser.add_argument("--environment", help="default: `make dev` if it runs, else production, else this machine")
    parser.add_argument("--end", action="store_true", help="also end live interviews, with a goodbye")
    parser.add_argument("--message", default="", help="what a candidate reads while it is closed")
    options = parser.parse_args()
    closed = options.to == "close"
    switch = Switch(open=not closed, end_live=closed and options.end, message=options.message if closed else "")
    with failure.reported(options.to):
        print(asyncio.run(turn(find(options.environment), switch)))


if __name__ == "__main__":
    main()
