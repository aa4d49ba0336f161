"""Shows where Gemini differs from what this code believes: `python -m ops.canary [URL]`, or `make canary`.

It has a real interview by the page's own API, in which it plays a recording with a pause in it, and then talks to
Gemini as the relay does (ops/canary_line.py). One line for each belief; it fails if one of them is wrong. It costs
some cents.

A schedule (infra/terraform/canary.tf) runs it with --log in an image without Google's libraries for operators: it then
writes log lines, from which an alert follows, and fails only if it could not report.
"""

import argparse
import asyncio
import os
import re
from array import array
from collections import Counter
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from contract.limits import MICROPHONE_RATE
from interview.settings import Gemini, Settings, load
from ops import canary_line, candidate, failure
from ops.api import DEBUG_VARIABLE, Api, Started, language_of
from ops.candidate import Measured
from ops.failure import CommandFailed, NotAdmitted
from ops.finding import Finding
from ops.target import DEFAULT_ENVIRONMENT

TIMEOUT: Final = 420.0
"""Seconds for the interview; it takes about 40."""
WAIT: Final = 180.0
"""Seconds for which a scheduled run waits for a deployment that does not answer: a release may be under way."""
PAUSE: Final = 1.5
"""Seconds of silence within the answer. The setup asks for 2.2 s before an answer counts as over; some models end it
after one (js-genai#1467).
"""
RIGHT: Final = 0.85
"""The share of the recording's words that a right transcription has."""
LATIN: Final = 0.95
"""The share of Latin letters in an interview in English. Others came without anybody speaking (cookbook#1345)."""
LOUD: Final = 1_000
"""The least peak of a voice that can be heard, of 32,767. Reported: amplitudes of 2 in 6 % of calls
(gemini-live-api-examples#40).
"""
SILENT: Final = 300
"""The highest sample of a gap between words in our recording."""
_FRAME: Final = MICROPHONE_RATE // 50


@dataclass(frozen=True, slots=True)
class Held:
    """An interview that was held: what was measured, and what its record says that it cost, in dollars."""

    measured: Measured
    dollars: float
    english: bool = True
    """It was in English, as our recording is."""


def with_pause(pcm: bytes, seconds: float = PAUSE) -> bytes:
    """The recording (PCM16 mono 16 kHz) with silence in the gap between words that is nearest to its middle."""
    samples = array("h", pcm)
    frames = [max(map(abs, samples[at : at + _FRAME]), default=0) for at in range(0, len(samples), _FRAME)]
    middle = len(frames) // 2
    gaps = [number for number, peak in enumerate(frames) if peak < SILENT]
    cut = min(gaps, key=lambda number: abs(number - middle), default=middle) * _FRAME * 2
    return pcm[:cut] + bytes(2 * round(seconds * MICROPHONE_RATE)) + pcm[cut:]


async def hold(api: Api, wait: float = 0.0) -> Held:
    """Have the interview, and delete it, after waiting up to `wait` seconds for the deployment to answer.

    Raises CommandFailed, and NotAdmitted when nobody may start one.
    """
    started: Started | None = None
    try:
        async with asyncio.timeout(wait + TIMEOUT):
            config = await api.wait_until_ready(wait)
            language, english = language_of(config)
            started = await api.start(language, config.get("app_check"))
            origin = "{0.scheme}://{0.netloc}".format(urlsplit(api.base))
            answer = with_pause(candidate.read_answer())
            measured = await candidate.interview(started.streams[0], started.token, origin, answer, strict=False)
            usage = (await api.record(started)).get("usage") or {}
            return Held(measured, float(usage.get("dollars", 0.0)), english)
    except TimeoutError:
        raise CommandFailed(f"the interview did not finish within {wait + TIMEOUT:.0f} s") from None
    finally:
        if started:
            await asyncio.shield(api.clean_up(started))


def findings(held: Held) -> list[Finding]:
    """What the interview has shown."""
    measured = held.measured
    said = {
        who: " ".join(text for one, text in measured.captions if one == who) for who in ("candidate", "interviewer")
    }
    if held.english:
        words = [_language(" ".join(said.values())), _transcript(said["candidate"])]
    else:
        told = "the recording is in English, which the deployment does not offer"
        words = [Finding("language", None, told), Finding("transcript", None, told)]
    return [
        _silence(measured),
        *words,
        Finding("audio", measured.peak >= LOUD, f"the interviewer's loudest sample is {measured.peak:,} of 32,767"),
    ]


def _silence(measured: Measured) -> Finding:
    if measured.early is None:
        return Finding("silence", right=True, told=f"a pause of {PAUSE:g} s in an answer does not end it")
    return Finding(
        "silence", right=False, told=f"the interviewer spoke {measured.early:.1f} s into an answer with a pause in it"
    )


def _language(text: str) -> Finding:
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum("a" <= letter.lower() <= "z" for letter in letters) / max(1, len(letters))
    return Finding("language", latin >= LATIN, f"{latin:.0%} of the letters in the captions are Latin")


def _transcript(text: str) -> Finding:
    wanted, found = (re.findall(r"[a-z]+", one.lower()) for one in (candidate.WORDS, text))
    came = (Counter(wanted) & Counter(found)).total()
    right = came >= RIGHT * len(wanted) and len(found) <= 1.5 * len(wanted)
    return Finding("transcript", right, f"{came} of {len(wanted)} words came back, in {len(found)} written ones")


async def canary(api: Api, gemini: Gemini | None = None, wait: float = 0.0) -> list[Finding]:
    """All findings; without `gemini` those of the interview alone."""
    dollars: list[float] = []
    try:
        held = await hold(api, wait)
    except NotAdmitted as refusal:
        found = [Finding("interview", None, f"{refusal}: the canary may not start one at present")]
    except CommandFailed as error:
        found = [Finding("interview", right=False, told=str(error))]
    else:
        found = findings(held)
        dollars.append(held.dollars)
    if gemini:
        more, spent = await canary_line.findings(gemini)
        found += more
        dollars.append(spent)
    else:
        found += [Finding(name, None, "it needs GEMINI_API_KEY") for name in ("resumption", "compression")]
    if dollars:
        told = f"${sum(dollars):.4f} at list prices, by the tokens that Gemini counted"
        found.append(Finding("cost", sum(dollars) > 0, told))
    return found


async def _run(url: str, settings: Settings, *, scheduled: bool) -> list[Finding]:
    api = Api(url, settings.limits.start_code, os.environ.get(DEBUG_VARIABLE))
    try:
        return await canary(api, settings.gemini if settings.gemini.configured else None, WAIT if scheduled else 0.0)
    finally:
        await api.close()


def _address(url: str | None, environment: str) -> str:
    # A scheduled run has its address, and its image lacks the libraries that find one.
    from ops import address

    return address.find(url, None, environment)[0]


def main() -> None:
    """`python -m ops.canary [URL]`."""
    parser = argparse.ArgumentParser(
        prog="python -m ops.canary", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "url", nargs="?", help="the page's address; default: `make dev` if it runs, else the deployment"
    )
    parser.add_argument("--environment", default=DEFAULT_ENVIRONMENT)
    parser.add_argument("--log", metavar="URL", help="for a scheduled run: test this address and write log lines")
    options = parser.parse_args()
    with failure.reported("canary"):
        url = options.log or _address(options.url or None, options.environment)
        found = failure.run(_run(url, load(), scheduled=bool(options.log)))
        if options.log:
            for finding in found:
                finding.write()
            return
        print("\n".join(finding.line for finding in found))
        wrong = [finding.name for finding in found if finding.right is False]
        if wrong:
            raise CommandFailed(f"Gemini differs from what this code believes: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
