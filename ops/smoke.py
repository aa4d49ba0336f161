"""A real interview of half a minute against a deployment: `python -m ops.smoke URL`, or `make smoke URL=…`.

start, stream, a spoken answer, captions, end, summary, deletion. It prints what each took and what it cost, and fails
with the reason when anything of it does not come. What it created is deleted in the end, whatever happens.
"""

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx2

from interview.errors import Invalid
from interview.settings import load
from ops import candidate, google, prices, terraform, trouble
from ops.api import Api, Started
from ops.candidate import Held
from ops.deployment import Deployment
from ops.services import Services
from ops.target import DEFAULT_ENVIRONMENT
from ops.trouble import Trouble

PATIENCE: Final = 420.0
"""Seconds for all of it; about forty when nothing is slow."""
CLEANUP: Final = 60.0
"""Seconds for the deletion, which comes whatever happened before."""


@dataclass(slots=True)
class Outcome:
    """What there is to print. Times in seconds."""

    interviewer: str = ""
    start: float = 0.0
    held: Held = field(default_factory=Held)
    summary: float = 0.0
    deletion: float = 0.0
    quotes: int = 0


async def smoke(base: str, wait: float = 0.0) -> Outcome:
    """Hold the interview, after waiting so many seconds at most for a new deployment to answer. Raises Trouble, after
    deleting what was created.
    """
    api = Api(base)
    started: Started | None = None
    outcome = Outcome()
    try:
        async with asyncio.timeout(wait + PATIENCE):
            outcome.interviewer = str((await api.settle(wait)).get("interviewer"))
            began = time.monotonic()
            started = await api.start()
            outcome.start = time.monotonic() - began
            if started.avatar:
                raise Trouble("start began a conversation with an avatar, although a voice was asked for")
            for stream in started.streams:
                await _check_relay(api, stream)
            origin = "{0.scheme}://{0.netloc}".format(urlsplit(api.base))
            outcome.held = await candidate.hold(started.streams[0], started.token, origin, candidate.read_answer())
            began = time.monotonic()
            await _check_end(api, started, outcome)
            outcome.summary = time.monotonic() - began
            await _check_transcript(api, started)
            began = time.monotonic()
            doomed, started = started, None
            await _delete(api, doomed)
            outcome.deletion = time.monotonic() - began
    except TimeoutError:
        raise Trouble(f"it was not over within {wait + PATIENCE:.0f} s") from None
    finally:
        if started:
            await asyncio.shield(_clean_up(api, started))
        await api.close()
    return outcome


async def _check_relay(api: Api, stream: str) -> None:
    """Each region's relay is there; the interview itself is held on the first."""
    health = await api.health(stream)
    if health.get("status") != "ok":
        raise Trouble(f"the relay at {urlsplit(stream).netloc} says that it is {health.get('status')}")


async def _check_end(api: Api, started: Started, outcome: Outcome) -> None:
    ended = await api.end(started)
    if ended.get("ended_reason") != "candidate":
        raise Trouble(f"the record says that the interview was ended by: {ended.get('ended_reason')}")
    summary = ended.get("summary") or {}
    if not summary.get("performance_summary"):
        raise Trouble("the summary is empty")
    outcome.quotes = int(summary.get("quotes_checked", 0))


async def _check_transcript(api: Api, started: Started) -> None:
    turns = await api.transcript(started)
    speakers = [str(turn["speaker"]) for turn in turns if turn["text"]]
    if speakers[:1] != ["interviewer"] or "candidate" not in speakers:
        raise Trouble(f"the transcript lacks somebody's turns; it has: {', '.join(speakers) or 'none'}")


async def _delete(api: Api, started: Started) -> None:
    try:
        receipt = await api.delete(started)
        gone = await api.is_gone(started)
    except Trouble as error:
        raise Trouble(f"{error}; interview {started.session_id} is left over") from None
    if receipt and receipt["deleted"]["store"]["interview"] != 1:
        raise Trouble("the receipt does not name the interview as deleted")
    if not gone:
        raise Trouble(f"interview {started.session_id} is still there after its deletion")


async def _clean_up(api: Api, started: Started) -> None:
    """After a failure, which is what is reported; only what stays behind is added to it."""
    try:
        async with asyncio.timeout(CLEANUP):
            await api.delete(started)
    except (Trouble, TimeoutError) as error:
        print(f"smoke: interview {started.session_id} could not be deleted ({error})", file=sys.stderr, flush=True)


def report(outcome: Outcome) -> str:
    """The times, and the cost with its arithmetic."""
    held = outcome.held
    times = [
        ("start", outcome.start, "POST start"),
        ("connecting", held.connecting, "from dialling to ready"),
        ("first sound", held.first_sound, "from dialling to the interviewer's voice"),
        ("answer", held.answering, "from the end of what was said to the reply; a pause of 2.2 s in it ends an answer"),
        ("end", held.ending, "from `end` to `ended`"),
        ("summary", outcome.summary, f"{outcome.quotes} quotes looked up"),
        ("deletion", outcome.deletion, ""),
    ]
    lines = [f"interviewer: {outcome.interviewer}"]
    lines += [f"{name:<12}{seconds:8.2f} s  {words}".rstrip() for name, seconds, words in times]
    if held.notices:
        lines.append(f"notices on the way: {', '.join(held.notices)}")
    lines.append(_cost(outcome))
    return "\n".join(lines)


def _cost(outcome: Outcome) -> str:
    held = outcome.held
    if outcome.interviewer == "embedded":
        return "cost        nothing: the embedded interviewer answered"
    # The text of so short a conversation is little beside the instructions.
    items = [
        *prices.live(seconds=held.listened, spoken=held.spoken, turns=held.turns),
        prices.summary(tokens_in=2_000, tokens_out=2_000),
        prices.relay(seconds=held.listened),
        prices.traffic(spoken=held.spoken),
        prices.store(seconds=held.listened, turns=held.turns),
    ]
    lines = [f"cost, estimated from list prices of {prices.AS_OF}, in US dollars"]
    lines += [f"  {item.dollars:8.4f}  {item.name}: {item.sum}" for item in items]
    return "\n".join([*lines, f"  {prices.total(items):8.4f}  in all"])


def find(
    url: str | None,
    outputs: Path | None,
    environment: str,
    connect: Callable[[str], Services] = lambda project: Services(project, google.credentials()),
) -> tuple[str, list[str]]:
    """Where to hold the interview, and which revisions are tried there: at the address given, or at the deployment of
    these outputs, or at `make dev` if that is running, or at the environment's deployment.
    """
    if url and outputs is None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
            raise Trouble(f"the address must be like https://interviews.example, not {url!r}")
        return url, []
    here = f"http://localhost:{_port()}"
    if outputs is None and _answers(here):
        return here, []
    try:
        deployment = Deployment.read(outputs) if outputs else terraform.deployment(environment)
    except Trouble as error:
        raise error if outputs else Trouble(f"nothing answers at {here}, and {error}") from None
    if deployment is None:
        raise Trouble("nothing is deployed")
    services = connect(deployment.project)
    found = [services.find(service) for service in deployment.services]
    revisions = [f"{one.service.role:<12}{', '.join(one.traffic)} in {one.service.region}" for one in found if one]
    return url or deployment.url, revisions


def _port() -> int:
    try:
        return load().port
    except Invalid as error:
        raise Trouble(error.detail) from None


def _answers(url: str) -> bool:
    try:
        return bool(httpx2.get(f"{url}/config.json", timeout=2).is_success)
    except httpx2.TransportError:
        return False


async def _hold(url: str, wait: float) -> None:
    task = asyncio.current_task()
    assert task  # noqa: S101 - this is one
    # Told to stop, it still deletes what it created.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        print(report(await smoke(url, wait)))
    except asyncio.CancelledError:
        raise Trouble("stopped") from None


def main() -> None:
    """`python -m ops.smoke [URL]`."""
    parser = argparse.ArgumentParser(prog="python -m ops.smoke", description=__doc__)
    parser.add_argument("url", nargs="?", help="the page's address; none: `make dev` if it runs, else the deployment's")
    parser.add_argument("--outputs", type=Path, help="a file of `terraform output -json`, in place of asking Terraform")
    parser.add_argument("--wait", type=float, default=0.0, help="seconds for a new deployment to begin to answer")
    parser.add_argument("--environment", default=DEFAULT_ENVIRONMENT)
    options = parser.parse_args()
    try:
        url, revisions = find(options.url or None, options.outputs, options.environment)
        print("\n".join([f"at          {url}", *revisions]), flush=True)
        asyncio.run(_hold(url, options.wait))
    except Trouble as error:
        trouble.fail("smoke", error)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
