"""The canary against the stand-in of Gemini: every belief that is right, and each that is wrong, over real sockets."""

import re
from dataclasses import replace

import pytest

from interview.settings import Gemini, load
from local.gemini import Behaviour, Fault, Script, embedded
from ops import canary, canary_line, candidate
from ops.api import Api
from ops.finding import Finding
from tests.e2e.conftest import Serve

TWO_HALVES = "I built a message queue in Python, and it handled two thousand messages a second."
GOOD = Script(voice="tone", tone_seconds=0.05, speed=50, heard=(TWO_HALVES,))
TEXT = Script(voice="tone", tone_seconds=0.05, pace=0.01)


async def tried(url: str, gemini: Gemini | None = None) -> list[Finding]:
    api = Api(url)
    try:
        return await canary.canary(api, gemini)
    finally:
        await api.close()


def lines(found: list[Finding]) -> dict[str, str]:
    return {finding.name: finding.line for finding in found}


def test_the_recording_gets_its_pause_between_two_words() -> None:
    recording = candidate.read_answer()
    spoken = canary.with_pause(recording)
    assert len(spoken) - len(recording) == 2 * round(canary.PAUSE * 16_000)
    cut = next(at for at in range(0, len(recording), 2) if recording[at : at + 2] != spoken[at : at + 2])
    assert 0.25 < cut / len(recording) < 0.75
    assert spoken.replace(bytes(2 * round(canary.PAUSE * 16_000)), b"", 1) == recording


async def test_a_provider_as_we_believe_it_to_be_is_right_in_every_line(serve: Serve) -> None:
    async with serve(GOOD) as url:
        found = await tried(url)
    assert [finding.name for finding in found if finding.right is False] == []
    told = lines(found)
    assert list(told) == ["silence", "language", "transcript", "audio", "resumption", "compression", "cost"]
    assert told["resumption"] == "not tried  resumption  it needs GEMINI_API_KEY"
    assert told["silence"] == "ok         silence     a pause of 1.5 s in an answer does not end it"
    assert told["transcript"] == "ok         transcript  15 of 15 words came back, in 15 written ones"
    assert re.fullmatch(r"ok         cost        \$0\.\d{4} at list prices, .*", told["cost"])


async def test_a_pause_that_ends_the_answer_and_words_in_another_script_are_named(serve: Serve) -> None:
    faults = (Fault("short_pause", seconds=0.6), Fault("transcription_arabic", turn=0, turns=0))
    async with serve(replace(GOOD, faults=faults)) as url:
        told = lines(await tried(url))
    assert re.fullmatch(
        r"WRONG      silence     the interviewer spoke \d\.\d s into an answer with .*", told["silence"]
    )
    assert told["language"].startswith("WRONG      language")
    assert told["transcript"].startswith("WRONG      transcript  0 of 15 words came back")
    assert told["audio"].startswith("ok")


async def test_a_voice_that_cannot_be_heard_is_named(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """The relay takes it for no speech at all, so the interview does not begin."""
    monkeypatch.setattr(candidate, "SOUND_TIMEOUT", 3.0)
    async with serve(replace(GOOD, faults=(Fault("faint", turn=0, turns=0),))) as url:
        told = lines(await tried(url))
    assert told["interview"].startswith("WRONG      interview   there is no sound from the interviewer within 3 s")
    quiet = candidate.Measured(captions=[("candidate", TWO_HALVES)], peak=300)
    assert lines(canary.findings(canary.Held(quiet, 0.1)))["audio"].startswith("WRONG      audio")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (TWO_HALVES, True),
        (TWO_HALVES + " " + TWO_HALVES, False),
        (" ".join(TWO_HALVES.split()[4:]), False),
        ("", False),
    ],
    ids=["whole", "doubled", "headless", "never"],
)
def test_a_transcript_is_right_if_it_is_whole_and_said_once(text: str, *, right: bool) -> None:
    measured = candidate.Measured(captions=[("candidate", text), ("interviewer", "Why?")], peak=9_000)
    found = {one.name: one for one in canary.findings(canary.Held(measured, 0.1))}
    assert found["transcript"].right == right


async def against(script: Script, monkeypatch: pytest.MonkeyPatch) -> dict[str, Finding]:
    monkeypatch.setattr(canary_line, "LEAVING", 0.0)
    async with embedded(script) as server:
        found, dollars = await canary_line.findings(settings(server.base_url, server.ca_file))
    assert dollars >= 0
    return {finding.name: finding for finding in found}


def settings(url: str, ca: object) -> Gemini:
    return load({"GEMINI_API_KEY": "a-key", "GEMINI_BASE_URL": url, "GEMINI_CA_FILE": str(ca)}).gemini


async def test_resumption_and_compression_that_work_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await against(TEXT, monkeypatch)
    assert [one.line for one in found.values() if not one.right] == []
    assert re.fullmatch(r"[\d,]+ tokens of context before, [\d,]+ after", found["resumption"].told)
    assert found["compression"].told.endswith("it is to shorten at 48,000")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (replace(TEXT, behaviour=Behaviour(handle_holds="moment")), "tokens of context before"),
        (replace(TEXT, faults=(Fault("session_not_found", moment="setup"),)), "session not found"),
    ],
    ids=["forgotten", "refused"],
)
async def test_a_session_that_is_not_resumed_is_named(
    script: Script, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await against(script, monkeypatch)
    assert not found["resumption"].right
    assert words in found["resumption"].told
    assert found["compression"].right


async def test_a_context_that_is_not_shortened_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await against(replace(TEXT, behaviour=Behaviour(compresses=False)), monkeypatch)
    assert found["resumption"].right
    assert found["compression"].line.startswith("WRONG      compression")


async def test_where_only_a_browser_may_start_an_interview_the_connection_is_tried(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canary_line, "LEAVING", 0.0)
    app_check = {"APP_CHECK_APP": "1:1:web:a", "APP_CHECK_API_KEY": "k", "APP_CHECK_SITE_KEY": "s"}
    async with serve(GOOD, **app_check) as url, embedded(TEXT) as server:
        found = await tried(url, settings(server.base_url, server.ca_file))
    assert {finding.name: finding.right for finding in found} == {
        "interview": None,
        "resumption": True,
        "compression": True,
        "cost": True,
    }
    assert lines(found)["interview"].startswith("not tried  interview   start answers app_check (it needs a browser,")


def test_in_another_language_our_words_are_not_compared() -> None:
    measured = candidate.Measured(captions=[("candidate", "Bananen."), ("interviewer", "Warum?")], peak=9_000)
    found = {one.name: one.right for one in canary.findings(canary.Held(measured, 0.1, english=False))}
    assert found == {"silence": True, "language": None, "transcript": None, "audio": True}
