"""Shows where Gemini differs from what this code believes: `python -m ops.canary [URL]`, or `make canary`.

It has a real interview by the page's own API, in which it plays a recording with a pause in it, and then talks to
Gemini as the relay does (ops/canary_line.py). One line for each belief; it fails if one of them is wrong. It costs
some cents.
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
from interview.settings import load
from ops import canary_line, candidate, failure, smoke
from ops.api import Api, Started
from ops.canary_line import Finding
from ops.candidate import Measured
from ops.failure import CommandFailed, NotAdmitted
from ops.target import DEFAULT_ENVIRONMENT

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


def with_pause(pcm: bytes, seconds: float = PAUSE) -> bytes:
    """The recording (PCM16 mono 16 kHz) with silence in the gap between words that is nearest to its middle."""
    samples = array("h", pcm)
    frames = [max(map(abs, samples[at : at + _FRAME]), default=0) for at in range(0, len(samples), _FRAME)]
    middle = len(frames) // 2
    gaps = [number for number, peak in enumerate(frames) if peak < SILENT]
    cut = min(gaps, key=lambda number: abs(number - middle), default=middle) * _FRAME * 2
    return pcm[:cut] + bytes(2 * round(seconds * MICROPHONE_RATE)) + pcm[cut:]


async def hold(base: str, start_code: str | None = None) -> Held:
    """Have the interview, and delete it. Raises CommandFailed, and NotAdmitted when nobody may start one."""
    api = Api(base, start_code)
    started: Started | None = None
    try:
        async with asyncio.timeout(smoke.TIMEOUT):
            started = await api.start()
            origin = "{0.scheme}://{0.netloc}".format(urlsplit(api.base))
            answer = with_pause(candidate.read_answer())
            measured = await candidate.interview(started.streams[0], started.token, origin, answer, strict=False)
            usage = (await api.record(started)).get("usage") or {}
            return Held(measured, float(usage.get("dollars", 0.0)))
    except TimeoutError:
        raise CommandFailed(f"the interview did not finish within {smoke.TIMEOUT:.0f} s") from None
    finally:
        if started:
            await asyncio.shield(smoke.clean_up(api, started))
        await api.close()


def findings(held: Held) -> list[Finding]:
    """What the interview has shown."""
    measured = held.measured
    said = {
        who: " ".join(text for one, text in measured.captions if one == who) for who in ("candidate", "interviewer")
    }
    return [
        _silence(measured),
        _language(" ".join(said.values())),
        _transcript(said["candidate"]),
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


async def canary(base: str, start_code: str | None = None, *, line: bool = True) -> list[Finding]:
    """All findings; without `line` those of the interview alone. Raises NotAdmitted."""
    dollars = 0.0
    try:
        held = await hold(base, start_code)
    except NotAdmitted:
        raise
    except CommandFailed as error:
        found = [Finding("interview", right=False, told=str(error))]
    else:
        found = findings(held)
        dollars += held.dollars
    if line:
        more, spent = await canary_line.findings(load().gemini)
        found += more
        dollars += spent
    told = f"${dollars:.4f} at list prices, by the tokens that Gemini counted"
    return [*found, Finding("cost", right=dollars > 0, told=told)]


def main() -> None:
    """`python -m ops.canary [URL]`."""
    parser = argparse.ArgumentParser(prog="python -m ops.canary", description=__doc__)
    parser.add_argument(
        "url", nargs="?", help="the page's address; default: `make dev` if it runs, else the deployment"
    )
    parser.add_argument("--environment", default=DEFAULT_ENVIRONMENT)
    options = parser.parse_args()
    with failure.reported("canary"):
        url, _ = smoke.find(options.url or None, None, options.environment)
        line = load().gemini.configured
        try:
            found = asyncio.run(canary(url, os.environ.get("START_CODE"), line=line))
        except NotAdmitted as refusal:
            print(f"not tried   {refusal}: nobody may start an interview at present")
            return
        print("\n".join(finding.line for finding in found))
        if not line:
            print("not tried   resumption, compression: they need GEMINI_API_KEY in the environment")
        wrong = [finding.name for finding in found if not finding.right]
        if wrong:
            raise CommandFailed(f"Gemini differs from what this code believes: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
