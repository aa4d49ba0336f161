"""A real interview of a bit more than a minute against a deployment: `python -m ops.smoke URL`, or `make smoke URL=…`.

start, stream, a spoken answer, captions, three typed answers, end, assessment, deletion. It prints the time of each
step and the cost, and fails with the reason if a step fails. It always deletes the interview that it created.

The typed answers are there because nothing is assessed that is shorter, and only an assessment shows that the queue of
summaries works and that the text model takes the key. The embedded interviewer needs neither key nor minute: with it,
and with `--brief`, the interview ends after the spoken answer.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from interview import prices
from interview.assessment import amount
from interview.settings import load
from interview.usage import LiveUsage, TextUsage, Usage
from ops import address, candidate, failure
from ops.api import DEBUG_VARIABLE, Api, Started, language_of
from ops.candidate import Measured
from ops.deployment import Deployment
from ops.failure import CommandFailed, NotAdmitted
from ops.target import DEFAULT_ENVIRONMENT

TIMEOUT: Final = 420.0
"""Seconds for the whole test; it takes about 100."""
LASTING: Final = amount.SECONDS + 2.0
"""Seconds from the interviewer's first sound to the last answer. The clock of the assessment begins a moment later."""


@dataclass(slots=True)
class Outcome:
    """The results. Times in seconds."""

    interviewer: str = ""
    start: float = 0.0
    measured: Measured = field(default_factory=Measured)
    summary: float = 0.0
    deletion: float = 0.0
    answered: bool = False
    """The text model has assessed the interview, or the stand-in of it has described it."""
    quotes: int = 0
    usage: dict[str, Any] = field(default_factory=dict)
    """What the record says that the interview has used."""


async def smoke(
    base: str,
    wait: float = 0.0,
    start_code: str | None = None,
    debug_token: str | None = None,
    *,
    brief: bool = False,
    lasting: float = LASTING,
) -> Outcome:
    """Have the interview, after waiting up to `wait` seconds for a new deployment to answer; with `brief` one that is
    too short to be assessed. The last answer comes at least `lasting` seconds after the interviewer's first sound.

    Raises CommandFailed, after deleting what it created; NotAdmitted when nobody may start an interview.
    """
    api = Api(base, start_code, debug_token)
    started: Started | None = None
    outcome = Outcome()
    try:
        async with asyncio.timeout(wait + TIMEOUT):
            config = await api.wait_until_ready(wait)
            outcome.interviewer = str(config.get("interviewer"))
            language, english = language_of(config)
            long = not brief and outcome.interviewer != "embedded"
            began = time.monotonic()
            started = await _start(api, language, config)
            outcome.start = time.monotonic() - began
            if started.avatar:
                raise CommandFailed("start created an avatar conversation although it was asked for voice")
            for stream in started.streams:
                await _check_relay(api, stream)
            origin = "{0.scheme}://{0.netloc}".format(urlsplit(api.base))
            outcome.measured = await candidate.interview(
                started.streams[0],
                started.token,
                origin,
                candidate.read_answer(),
                # Our recording is in English: in an interview in another language its words may come back otherwise.
                strict=english,
                typed=candidate.TYPED if long else (),
                lasting=lasting if long else 0.0,
            )
            began = time.monotonic()
            await _check_end(api, started, outcome, long=long)
            outcome.summary = time.monotonic() - began
            await _check_transcript(api, started)
            outcome.usage = await _check_usage(api, started, outcome)
            began = time.monotonic()
            finished, started = started, None
            await _delete(api, finished)
            outcome.deletion = time.monotonic() - began
    except TimeoutError:
        raise CommandFailed(f"it did not finish within {wait + TIMEOUT:.0f} s") from None
    finally:
        if started:
            await asyncio.shield(api.clean_up(started))
        await api.close()
    return outcome


async def _start(api: Api, language: str | None, config: Mapping[str, Any]) -> Started:
    """Create the interview. Cancelled meanwhile, it waits for the answer: only that has the id to delete it by."""
    starting = asyncio.ensure_future(api.start(language, config.get("app_check")))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        with suppress(CommandFailed):
            await api.clean_up(await starting)
        raise


async def _check_relay(api: Api, stream: str) -> None:
    """Check that a region's relay answers; the interview uses the first."""
    health = await api.health(stream)
    if health.get("status") != "ok":
        raise CommandFailed(f"the relay at {urlsplit(stream).netloc} reports the status {health.get('status')}")


async def _check_end(api: Api, started: Started, outcome: Outcome, *, long: bool) -> None:
    ended = await api.end(started)
    if ended.get("ended_reason") != "candidate":
        raise CommandFailed(f"the interview ended for the reason {ended.get('ended_reason')}, not candidate")
    summary = ended.get("summary") or {}
    if not summary.get("performance_summary"):
        raise CommandFailed("the summary is empty")
    outcome.answered = bool(summary.get("assessed")) or summary.get("not_assessed") == "rules"
    if long and not outcome.answered:
        reason = " ".join([str(summary.get("not_assessed")), *summary.get("missing", ())])
        raise CommandFailed(f"the interview was not assessed: {reason}")
    outcome.quotes = int(summary.get("quotes_checked", 0))


async def _check_transcript(api: Api, started: Started) -> None:
    turns = await api.transcript(started)
    speakers = [str(turn["speaker"]) for turn in turns if turn["text"]]
    if speakers[:1] != ["interviewer"] or "candidate" not in speakers:
        raise CommandFailed(f"the transcript lacks a speaker; it has: {', '.join(speakers) or 'none'}")


async def _check_usage(api: Api, started: Started, outcome: Outcome) -> dict[str, Any]:
    """The tokens and dollars in the record. Without any, nobody would notice what interviews cost."""
    usage = (await api.record(started)).get("usage") or {}
    if outcome.interviewer != "embedded" and not usage.get("live", {}).get("turns"):
        raise CommandFailed("the record has no tokens of Gemini Live")
    if outcome.interviewer != "embedded" and outcome.answered and not usage.get("text", {}).get("calls"):
        raise CommandFailed("the record has no calls of the text model")
    return usage


async def _delete(api: Api, started: Started) -> None:
    try:
        receipt = await api.delete(started)
        gone = await api.is_gone(started)
    except CommandFailed as error:
        raise CommandFailed(f"{error}; interview {started.session_id} was not deleted") from None
    if receipt and receipt["deleted"]["store"]["interview"] != 1:
        raise CommandFailed("the receipt does not name the interview as deleted")
    if not gone:
        raise CommandFailed(f"interview {started.session_id} is still there after its deletion")


def report(outcome: Outcome) -> str:
    """The times, and the cost with its calculation."""
    measured = outcome.measured
    times = [
        ("start", outcome.start, "POST start"),
        ("connecting", measured.connecting, "from dialling to ready"),
        ("first sound", measured.first_sound, "from dialling to the interviewer's voice"),
        (
            "answer",
            measured.answering,
            "from the end of the answer to the reply; 2.2 s of silence in it end the answer",
        ),
        ("end", measured.ending, "from `end` to `ended`"),
        ("summary", outcome.summary, _summary(outcome)),
        ("deletion", outcome.deletion, ""),
    ]
    lines = [f"interviewer: {outcome.interviewer}"]
    lines += [f"{name:<12}{seconds:8.2f} s  {note}".rstrip() for name, seconds, note in times]
    if measured.notices:
        lines.append(f"notices: {', '.join(measured.notices)}")
    lines.append(_cost(outcome))
    return "\n".join(lines)


def _summary(outcome: Outcome) -> str:
    if outcome.answered:
        return f"by the queue and the text model, {outcome.quotes} quotes looked up"
    return "by the queue; too short to be assessed, so the text model was not tried"


def _cost(outcome: Outcome) -> str:
    measured = outcome.measured
    if outcome.interviewer == "embedded":
        return "cost        none: the embedded interviewer answered"
    live, text = outcome.usage["live"], outcome.usage["text"]
    items = [
        prices.counted("Gemini Live", Usage(live=LiveUsage(**live))),
        prices.counted("summary", Usage(text=TextUsage(**text))),
        prices.relay(seconds=measured.listened),
        prices.traffic(spoken=measured.spoken),
        prices.store(seconds=measured.listened, turns=measured.turns),
    ]
    lines = [f"cost, from the record's tokens at list prices of {prices.AS_OF}, in US dollars"]
    lines += [f"  {item.dollars:8.4f}  {item.name}: {item.sum}" for item in items]
    return "\n".join([*lines, f"  {prices.total(items):8.4f}  in all"])


def _start_code(outputs: Path | None) -> str | None:
    """The start code of the deployment of these outputs, else the setting START_CODE."""
    if outputs is None:
        return load().limits.start_code
    deployment = Deployment.read(outputs)
    return deployment.start_code if deployment else None


async def _run(url: str, wait: float, start_code: str | None, *, brief: bool) -> None:
    try:
        print(report(await smoke(url, wait, start_code, os.environ.get(DEBUG_VARIABLE), brief=brief)))
    except NotAdmitted as refusal:
        # No reason to take a deployment back: it does what it was told.
        print(f"not tested   {refusal}: the smoke test may not start an interview at present")


def main() -> None:
    """`python -m ops.smoke [URL]`."""
    parser = argparse.ArgumentParser(prog="python -m ops.smoke", description=__doc__)
    parser.add_argument(
        "url", nargs="?", help="the page's address; default: `make dev` if it runs, else the deployment"
    )
    parser.add_argument("--outputs", type=Path, help="a file with `terraform output -json`; default: ask Terraform")
    parser.add_argument("--wait", type=float, default=0.0, help="seconds to wait until a new deployment answers")
    parser.add_argument("--brief", action="store_true", help="half a minute, without an assessment")
    parser.add_argument("--environment", default=DEFAULT_ENVIRONMENT)
    options = parser.parse_args()
    with failure.reported("smoke"):
        url, revisions = address.find(options.url or None, options.outputs, options.environment)
        print("\n".join([f"at          {url}", *revisions]), flush=True)
        failure.run(_run(url, options.wait, _start_code(options.outputs), brief=options.brief))


if __name__ == "__main__":
    main()
