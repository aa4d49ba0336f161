"""An interview by voice: Chromium, a recording as the microphone, the embedded interviewer's real ear and voice."""

import re
import wave
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import expect

from local.gemini.script import Script
from tests.e2e.conftest import (
    Open,
    Serve,
    assert_devices_released,
    assert_microphone_processed,
    begin,
    eventually,
    frames,
    loudness,
    results_shown,
    sent,
    spoken,
    write_cv,
)

pytestmark = pytest.mark.real_time

QUESTION = "Hello Ada. What did you build last year?"
LONG = (
    "Thank you. Before we go on, let me tell you at some length how the rest of our conversation is going to go. "
    "First we look at how you design a service. Then we look at how you test it and how you run it. "
    "After that we talk about people, and how you work with them. At the very end there is time for your questions."
)
ANSWER = "I built a message queue in Python, and it never lost a message."
BARGE_IN = "Excuse me, I would like to add something about the database."
PAUSE = 7.0
"""Seconds between the answer and the second sentence."""
IN_STEP = 1.5
"""Seconds between a cue and its sound: network, frames, and the detector of speech on a busy machine."""


@dataclass(frozen=True)
class Cue:
    """A cue of the WebVTT file, in seconds of the interview."""

    began: float
    ended: float


def read_cues(vtt: str) -> dict[int, Cue]:
    """The cues by the numbers of their turns."""
    found = re.findall(r"^(\d+)\n(\S+) --> (\S+)$", vtt, re.MULTILINE)
    return {int(number): Cue(seconds(begin), seconds(end)) for number, begin, end in found}


def seconds(stamp: str) -> float:
    hours, minutes, rest = stamp.split(":")
    return (int(hours) * 60 + int(minutes)) * 60 + float(rest)


def length(path: Path) -> float:
    """Seconds of a WAV."""
    with wave.open(str(path)) as sound:
        return float(sound.getnframes() / sound.getframerate())


async def test_an_interview_by_voice(serve: Serve, browse: Open, tmp_path: Path) -> None:
    cv = write_cv(tmp_path / "cv.pdf", "Ada Lovelace", "Site Reliability Engineer", "Wrote a message queue in Python")
    # The answer comes after the question, the second sentence in the middle of the reply.
    microphone = await spoken(tmp_path / "microphone.wav", 14, ANSWER, PAUSE, BARGE_IN, 120)
    answer = length(await spoken(tmp_path / "answer.wav", ANSWER))
    async with (
        serve(Script(answers=(QUESTION, LONG, "I see. Thank you, Ada."))) as url,
        browse(url, microphone=microphone) as page,
    ):
        await begin(page, cv)
        captions = page.get_by_role("log")

        await expect(captions).to_contain_text("What did you build", timeout=20_000)
        started = (await frames(page, "floor"))[0]["at"]
        (spoken_at,) = await eventually(lambda: frames(page, "spoken"))
        now = await page.evaluate("() => performance.now()")
        assert await loudness(page, started, now) > 0.02, "the question is audible"
        assert spoken_at["turn"] == 0
        assert await eventually(lambda: sent(page, "played"), 30), "the page reports that it was played"
        await assert_microphone_processed(page)

        await expect(page.get_by_text("Listening", exact=True)).to_be_visible(timeout=20_000)
        await expect(captions).not_to_contain_text("message queue", timeout=1)
        await expect(page.get_by_text("Writing down what you said")).to_be_visible(timeout=20_000)
        await expect(captions).to_contain_text(re.compile("message queue", re.IGNORECASE), timeout=40_000)
        await expect(captions).to_contain_text("Before we go on", timeout=20_000)

        (cut,) = await eventually(lambda: frames(page, "interrupted"))
        await page.wait_for_function("at => performance.now() > at + 1000", arg=cut["at"])
        assert await loudness(page, cut["at"] - 1500, cut["at"]) > 0.02, "it was speaking"
        assert await loudness(page, cut["at"] + 150, cut["at"] + 1000) < 0.002, "it stopped at once"
        await expect(captions).to_contain_text(re.compile("database", re.IGNORECASE), timeout=30_000)

        await page.get_by_role("button", name="End interview").click()
        await page.get_by_role("dialog").get_by_role("button", name="End and see the summary").click()
        await results_shown(page)
        await assert_devices_released(page)
        async with page.expect_download() as downloading:
            await page.get_by_role("button", name="Download the transcript as TXT").click()
        download = await downloading.value
        transcript = Path(await download.path()).read_text("utf-8").lower()
        async with page.expect_download() as downloading:
            await page.get_by_role("button", name="Download the transcript as VTT").click()
        cues = read_cues(Path(await (await downloading.value).path()).read_text("utf-8"))
    assert download.suggested_filename.endswith(".txt")
    assert "what did you build last year?" in transcript
    assert "message queue" in transcript
    assert "database" in transcript
    question, first, reply, second = (cues[number] for number in range(4))
    assert first.ended - first.began == pytest.approx(answer, abs=IN_STEP)
    assert second.began - first.began == pytest.approx(answer + PAUSE, abs=IN_STEP)
    assert reply.ended - question.began == pytest.approx((cut["at"] - started) / 1000, abs=IN_STEP), (
        "as the page played"
    )
