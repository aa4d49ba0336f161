"""The smoke test against `make dev`: the good case, and each failure that it must notice."""

import asyncio
import inspect
import re
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from interview.assessment import amount
from interview.retry import Backoff
from local.gemini.script import Fault, Script, TextScript
from ops import address, api, candidate, smoke
from ops.deployment import Deployment
from ops.failure import CommandFailed
from tests.e2e.conftest import Serve
from tests.ops.cloud import Google, outputs

ROOT = Path(__file__).parents[2]
BRIEF = Script(voice="tone", tone_seconds=0.05, speed=50, heard=(candidate.WORDS,))
"""A fast interviewer, and an ear that transcribes the spoken answer."""


async def start(url: str, *options: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ops.smoke", url, *options, env={"PYTHONPATH": str(ROOT)}, stdout=PIPE, stderr=PIPE
    )


def left(folder: Path) -> list[str]:
    """The interviews that are still in the store."""
    with closing(sqlite3.connect(folder / "data" / "interviews.db")) as store:
        kept = [str(row) for (row,) in store.execute("SELECT session_id FROM interviews")]
    return kept + [str(path) for path in (folder / "data" / "files").rglob("*") if path.is_file()]


BEGIN_EARLIER = """
CREATE TRIGGER {0}_earlier AFTER {0} ON turns WHEN NEW.number = 0 BEGIN
  UPDATE turns SET document = json_set(document, '$.started_at',
    strftime('%Y-%m-%dT%H:%M:%f+00:00', json_extract(document, '$.started_at'), '-{1} seconds'))
  WHERE session_id = NEW.session_id AND number = NEW.number;
END;
"""


async def begin_a_minute_earlier(folder: Path) -> None:
    """Have the store set the beginning of first turns back, so that a conversation is long enough to be assessed."""
    triggers = "".join(BEGIN_EARLIER.format(event, amount.SECONDS) for event in ("INSERT", "UPDATE"))
    async with asyncio.timeout(100):
        while True:
            with closing(sqlite3.connect(folder / "data" / "interviews.db")) as store:
                if store.execute("SELECT name FROM sqlite_master WHERE name = 'turns'").fetchone():
                    store.executescript(f"BEGIN; {triggers} UPDATE turns SET document = document; COMMIT;")
                    return
            await asyncio.sleep(0.05)


async def whole(url: str, folder: Path) -> smoke.Outcome:
    """The smoke test with its typed answers, in a conversation whose minute has passed already."""
    outcome, _ = await asyncio.gather(smoke.smoke(url, lasting=0.0), begin_a_minute_earlier(folder))
    return outcome


async def test_a_good_deployment_passes_and_nothing_is_left(serve: Serve, tmp_path: Path) -> None:
    async with serve() as url:
        process = await start(url)
        output, complaints = await asyncio.wait_for(process.communicate(), 150)
        assert (process.returncode, complaints) == (0, b"")
        assert left(tmp_path) == []
    lines = output.decode().splitlines()
    assert lines[:2] == [f"at          {url}", "interviewer: embedded"]
    assert [line[:12].strip() for line in lines if re.search(r"\d\.\d\d s", line)] == [
        "start",
        "connecting",
        "first sound",
        "answer",
        "end",
        "summary",
        "deletion",
    ]
    assert lines[-1].startswith("cost")


async def test_a_real_service_has_to_assess_the_interview(serve: Serve, tmp_path: Path) -> None:
    """The queue, the text model and the cost."""
    async with serve(BRIEF) as url:
        outcome = await whole(url, tmp_path)
    assert outcome.interviewer == "gemini"
    assert outcome.answered
    assert outcome.measured.turns == 9
    told = smoke.report(outcome)
    assert re.search(r"^summary +[\d.]+ s  by the queue and the text model, \d+ quotes looked up$", told, re.MULTILINE)
    assert "cost, from the record's tokens at list prices of" in told
    tokens = outcome.usage["live"]["prompt_text"] + outcome.usage["live"]["prompt_audio"]
    assert outcome.usage["live"]["turns"] >= 2
    assert tokens > 0
    assert re.search(r"^  +0\.\d{4}  Gemini Live: [\d,]+ text in, ", told, re.MULTILINE)
    assert outcome.usage["text"]["calls"] >= 1
    sums = [float(found) for found in re.findall(r"^  +(\d+\.\d{4})  ", told, re.MULTILINE)]
    assert sum(sums[:-1]) == pytest.approx(sums[-1], abs=0.0005)


async def test_a_text_model_that_refuses_the_key_is_named(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "SUMMARY_TIMEOUT", 10.0)
    async with serve(replace(BRIEF, text=TextScript(status=403))) as url:
        with pytest.raises(CommandFailed, match=r"still pending after 10 s: \d+ failed attempts, model_key"):
            await whole(url, tmp_path)
        assert left(tmp_path) == []


async def test_an_interview_that_is_not_assessed_fails_and_its_last_answer_waits(serve: Serve) -> None:
    """By default it waits as long as an assessment needs, and two seconds more."""
    assert inspect.signature(smoke.smoke).parameters["lasting"].default == amount.SECONDS + 2
    async with serve(BRIEF) as url:
        with pytest.raises(CommandFailed, match="was not assessed: too_little The conversation") as failed:
            await smoke.smoke(url, lasting=20.0)
    lasted = re.search(r"took (\d+) seconds", str(failed.value))
    assert lasted
    assert 18 <= int(lasted[1]) < amount.SECONDS


async def test_a_brief_one_says_that_the_text_model_was_not_tried(serve: Serve) -> None:
    async with serve(BRIEF) as url:
        process = await start(url, "--brief")
        output, complaints = await asyncio.wait_for(process.communicate(), 100)
    assert (process.returncode, complaints) == (0, b"")
    assert b"by the queue; too short to be assessed, so the text model was not tried" in output


def fault(kind: str, **more: object) -> Script:
    return Script(voice="tone", tone_seconds=0.05, speed=50, heard=(candidate.WORDS,), faults=(Fault(kind, **more),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "case",
    [
        (fault("refuse", status=403), {}, r"close code 1000\); notices: model_key"),
        (fault("silence", moment="start"), {}, "there is no sound from the interviewer within 8 s"),
        (fault("silence", turn=1, moment="start"), {}, "the interviewer does not reply to the answer within 8 s"),
        (
            Script(voice="tone", tone_seconds=0.05, speed=50, heard=("Bananas.",)),
            {},
            r"of \d+ spoken words, 0 came back",
        ),
        (BRIEF, {"ALLOWED_ORIGINS": "https://elsewhere.example"}, "can't be dialled .*HTTP 403"),
        (BRIEF, {"RELAY_URL": "ws://127.0.0.1:1"}, r"GET http://127\.0\.0\.1:1/health: no answer"),
        (BRIEF, {"INTERVIEW_MINUTES": "0.1"}, "hung up|does not|ended for the reason time_limit"),
    ],
    ids=["key", "mute", "no answer", "deaf", "origin", "relay", "time"],
)
async def test_a_failure_is_named_and_nothing_is_left(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: tuple[Script, dict[str, str], str]
) -> None:
    script, settings, reason = case
    if reason.endswith("within 8 s"):
        monkeypatch.setattr(candidate, "SOUND_TIMEOUT", 8.0)
    monkeypatch.setattr(api, "BACKOFF", Backoff(first=0.1, longest=0.2))
    async with serve(script, **settings) as url:
        with pytest.raises(CommandFailed, match=reason):
            await smoke.smoke(url, brief=True)
        assert left(tmp_path) == []


async def test_when_terminated_it_deletes_the_interview(serve: Serve, tmp_path: Path) -> None:
    async with serve(BRIEF) as url:
        process = await start(url)
        async with asyncio.timeout(60):
            while not left(tmp_path):
                await asyncio.sleep(0.001)  # so that the answer with its id is still on the way
        process.send_signal(signal.SIGTERM)
        _, complaints = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 1
        assert complaints == b"smoke: stopped\n"
        assert left(tmp_path) == []


def test_it_names_the_revisions_of_the_deployment(google: Google, tmp_path: Path) -> None:
    google.serve("europe-west1", "interviewer-production-relay", "relay-00007-abc")
    google.serve("europe-west1", "interviewer-production-start", "start-00004-xyz")
    file = tmp_path / "outputs.json"
    file.write_text(outputs(), "utf-8")
    assert address.find(None, file, "production", lambda _: google.cloud().services) == (
        "https://interviews.example",
        ["relay       relay-00007-abc in europe-west1", "start       start-00004-xyz in europe-west1"],
    )
    file.write_text("{}", "utf-8")
    with pytest.raises(CommandFailed, match="nothing is deployed"):
        address.find(None, file, "production", lambda _: google.cloud().services)


async def test_where_english_is_not_offered_the_words_of_the_recording_are_not_compared(serve: Serve) -> None:
    async with serve(replace(BRIEF, heard=("Bananen.",)), LANGUAGES="de-DE") as url:
        assert (await smoke.smoke(url, brief=True)).measured.turns == 3
        assert httpx2.get(f"{url}/config.json").json()["languages"] == ["de-DE"]


async def test_it_creates_no_avatar_conversation(serve: Serve, tmp_path: Path) -> None:
    async with serve(BRIEF, AVATAR="standin") as url:
        await smoke.smoke(url, brief=True)
        assert left(tmp_path) == []


async def test_without_an_address_it_tests_make_dev(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serve(BRIEF) as url:
        monkeypatch.setenv("PORT", url.rsplit(":", 1)[1])
        assert await asyncio.to_thread(address.find, None, None, "production") == (url, [])


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:1", "smoke: GET /config.json: no answer (ConnectError)\n"),
        (
            "interviews.example",
            "smoke: the address must be like https://interviews.example, not 'interviews.example'\n",
        ),
    ],
)
async def test_an_address_that_does_not_answer_is_named_in_one_line(url: str, words: str) -> None:
    process = await start(url)
    _, complaints = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    assert complaints.decode() == words


async def test_it_uses_the_start_code_of_the_deployment(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(outputs(start_code="class-7"), "utf-8")
    deployment = Deployment.read(file)
    assert deployment
    async with serve(BRIEF, START_CODE="class-7") as url:
        with pytest.raises(CommandFailed, match="HTTP 403 start_code"):
            await smoke.smoke(url)
        assert (await smoke.smoke(url, start_code=deployment.start_code, brief=True)).measured.turns == 3


async def test_a_deployment_with_app_check_is_not_a_failed_one(serve: Serve) -> None:
    """Only a browser gets a token."""
    async with serve(BRIEF, APP_CHECK_APP="1:1:web:a", APP_CHECK_API_KEY="k", APP_CHECK_SITE_KEY="s") as url:
        process = await start(url)
        output, complaints = await asyncio.wait_for(process.communicate(), 100)
    assert (process.returncode, complaints) == (0, b"")
    assert b"not tested   start answers app_check (it needs a browser, or APP_CHECK_DEBUG_TOKEN): the smoke" in output


async def test_a_deployment_that_admits_nobody_is_not_a_failed_one(serve: Serve) -> None:
    """Otherwise a release while it is closed would be taken back."""
    async with serve(BRIEF, INTERVIEWS_CONCURRENT="0") as url:
        process = await start(url)
        output, complaints = await asyncio.wait_for(process.communicate(), 100)
    assert (process.returncode, complaints) == (0, b"")
    assert b"not tested   start answers at_capacity: the smoke test may not start an interview at present" in output
