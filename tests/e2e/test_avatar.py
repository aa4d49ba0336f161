"""An interview with an avatar in a real browser: the stand-in's room from greeting to goodbye, a barge-in, and a room
that is lost and rejoined.
"""

import asyncio
import base64
import json
import re
import urllib.request
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, Route, expect

from local.gemini.script import Script
from local.tavus.script import Script as AvatarScript
from local.tavus.script import dump
from relay.speech.tavus_echo import TAIL
from tests.e2e.conftest import (
    ROOT,
    Open,
    Process,
    Serve,
    assert_devices_released,
    assert_microphone_processed,
    begin,
    eventually,
    frames,
    loudness,
    noticed,
    received,
    results_shown,
    spoken,
    write_cv,
)

pytestmark = pytest.mark.real_time

QUESTION: Final = "Hello Ada. What did you build last year?"
LONG: Final = " ".join(["Before we go on, let me tell you at some length how the rest of this is going to go."] * 6)
OTHER: Final = " ".join(["And this is what I would like to hear about your work with other people."] * 4)
ANSWER: Final = "I built a message queue in Python, and it never lost a message."
BARGE_IN: Final = "Excuse me, I would like to add something about the database."
GOODBYE: Final = "I would like to stop the interview now, please."
DEPLOYED: Final = ROOT / "web" / "dist"
"""The deployed build. `make dev` and the other tests serve the development build."""
LOST: Final = re.compile(r"WebSocket connection to .* failed")
"""The browser's own message about a room that it can't join."""


class Tavus:
    """The stand-in of Tavus as a process of its own."""

    def __init__(self, origin: str) -> None:
        self.settings = {"TAVUS_API_KEY": "a-key", "TAVUS_BASE_URL": f"{origin}/v2"}
        self._origin = origin

    async def strike(self, **fault: Any) -> None:
        """Apply a fault in every room."""
        request = urllib.request.Request(f"{self._origin}/control", json.dumps(fault).encode())
        await asyncio.to_thread(_fetch, request)

    async def inspect(self) -> dict[str, Any]:
        """The stand-in's report."""
        return await asyncio.to_thread(_fetch, f"{self._origin}/inspect?audio=true")


def _fetch(request: urllib.request.Request | str) -> dict[str, Any]:
    with urllib.request.urlopen(request, timeout=60) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


@asynccontextmanager
async def stand_in(folder: Path, script: AvatarScript) -> AsyncIterator[Tavus]:
    (folder / "tavus.json").write_text(dump(script), "utf-8")
    arguments = ("--port", "0", "--script", str(folder / "tavus.json"))
    process = Process("local.tavus", *arguments, environ={}, log=folder / "tavus.log")
    try:
        yield Tavus(await process.line("Ready:"))
    finally:
        code = process.stop()
    assert code == 0, "it stops cleanly on Ctrl-C"


async def write(page: Page, text: str) -> None:
    box = page.get_by_label("Your typed answer")
    await box.fill(text)
    await box.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text(text)


async def my_turn(page: Page, after: int) -> None:
    """Wait until the candidate has the floor, after more than `after` changes of it."""

    async def mine() -> bool:
        floors = await frames(page, "floor")
        return bool(floors and floors[-1]["holder"] == "candidate" and len(floors) > after)

    await eventually(mine, 40)


async def room_heard(page: Page, start: float, end: float) -> float:
    """The highest level (RMS, 0 to 1) of the room's unmuted sound between two of the page's times."""
    samples: list[tuple[float, float]] = await page.evaluate("() => window.watched.room")
    return max([level for at, level in samples if start <= at <= end], default=0.0)


async def now(page: Page) -> float:
    return float(await page.evaluate("() => performance.now()"))


class Candidate:
    """A candidate who meets the interviewer on video."""

    def __init__(self, page: Page, tavus: Tavus) -> None:
        self.page = page
        self.tavus = tavus
        self.video = page.get_by_label("The interviewer, on video")
        self.captions = page.get_by_role("log")

    async def greet(self) -> None:
        """The greeting comes from the avatar."""
        page = self.page
        await expect(self.video).to_be_visible(timeout=20_000)
        await expect(self.captions).to_contain_text("What did you build", timeout=20_000)
        assert (await frames(page, "ready"))[0]["output"] == "avatar"
        began = (await frames(page, "floor"))[0]["at"]
        await my_turn(page, 1)
        assert await room_heard(page, began, await now(page)) > 0.02, "the avatar is heard"
        assert await loudness(page, began, await now(page)) < 0.002, "the loudspeaker is silent"
        assert await self.video.evaluate("video => video.videoWidth > 0 && !video.paused")
        (joined,) = (await self.tavus.inspect())["conversations"]
        assert joined["replica_present"]
        assert joined["status"] == "active"

    async def interrupt(self) -> None:
        """Answer by speech, then interrupt the reply."""
        page = self.page
        await expect(self.captions).to_contain_text(re.compile("message queue", re.IGNORECASE), timeout=40_000)
        (cut,) = await eventually(lambda: frames(page, "interrupted"))
        await page.wait_for_function("at => performance.now() > at + 1000", arg=cut["at"])
        assert await room_heard(page, cut["at"] - 1500, cut["at"]) > 0.02, "it was speaking"
        assert await room_heard(page, cut["at"] + 250, cut["at"] + 1000) < 0.002, "it stopped at once"
        await expect(self.captions).to_contain_text("Thank you, Ada", timeout=40_000)
        await my_turn(page, len(await frames(page, "floor")) - 1)

    async def lose_the_room(self) -> None:
        """Lose the room in the middle of a question. It continues by voice, with a notice."""
        page = self.page
        await write(page, "We chose Postgres for its transactions.")
        await expect(self.captions).to_contain_text("other people", timeout=20_000)
        talking = await now(page)
        await page.wait_for_function("at => performance.now() > at + 2500", arg=talking)
        lost = await now(page)
        await self.tavus.strike(kind="drop", seconds=4)
        await noticed(page, "continues by voice", after=lost)
        await expect(self.video).to_be_hidden()
        await page.wait_for_function("at => performance.now() > at + 2500", arg=lost)
        assert await loudness(page, lost, await now(page)) > 0.02, "the voice takes over"
        assert await room_heard(page, lost + 500, await now(page)) < 0.002

    async def find_it_again(self) -> None:
        """The video is back with the next utterance."""
        await expect(self.video).to_be_visible(timeout=30_000)
        await expect(self.page.get_by_role("main")).to_contain_text("back on video")
        await my_turn(self.page, len(await frames(self.page, "floor")))

    async def say_goodbye(self) -> None:
        """End the interview; the goodbye is spoken on video."""
        page = self.page
        before = await now(page)
        await write(page, GOODBYE)
        await results_shown(page)
        assert await room_heard(page, before, await now(page)) > 0.02
        assert await loudness(page, before, await now(page)) < 0.002


def assert_echoed(utterances: list[dict[str, Any]], said: list[bytes]) -> None:
    """Check that the avatar got what Gemini said, byte for byte, and in full if nobody interrupted."""
    greeting, cut_off, thanks, broken_off, *_, goodbye = said
    echoed = [base64.b64decode(one["audio"]) for one in utterances]
    assert [one["sample_rate"] for one in utterances] == [24_000] * len(echoed)
    assert len({one["inference_id"] for one in utterances}) == len(echoed)
    assert echoed[0] == greeting + TAIL
    assert cut_off.startswith(echoed[1].removesuffix(TAIL))
    assert echoed[2] == thanks + TAIL
    assert broken_off.startswith(echoed[3].removesuffix(TAIL))
    assert echoed[-1] == goodbye + TAIL


async def test_an_interview_with_an_avatar(serve: Serve, browse: Open, tmp_path: Path) -> None:
    cv = write_cv(tmp_path / "cv.pdf", "Ada Lovelace", "Site Reliability Engineer", "Wrote a message queue in Python")
    microphone = await spoken(tmp_path / "microphone.wav", 14, ANSWER, 7, BARGE_IN, 200)
    script = Script(answers=(QUESTION, LONG, "I see. Thank you, Ada.", OTHER), voice="tone", tone_seconds=0.25)
    async with (
        stand_in(tmp_path, AvatarScript(replica_delay=1.5, max_app_message_size=16_384)) as tavus,
        serve(script, **tavus.settings) as url,
        browse(url, microphone=microphone, expected=LOST) as page,
    ):
        await begin(page, cv)
        await assert_microphone_processed(page)
        candidate = Candidate(page, tavus)
        await candidate.greet()
        await candidate.interrupt()
        await candidate.lose_the_room()
        await candidate.find_it_again()
        await candidate.say_goodbye()
        await assert_devices_released(page)
        loaded = await page.evaluate("() => performance.getEntriesByType('resource').map(entry => entry.name)")
        assert not [name for name in loaded if "daily" in name], "the stand-in's room does not load Daily"
        seen = await tavus.inspect()
        voice = [base64.b64decode(pcm) for pcm in (await asyncio.to_thread(received, tmp_path))["voice"]]
    assert seen["active"] == 0, "no conversation is billed after the end"
    (conversation,) = seen["conversations"]
    assert conversation["status"] == "ended"
    assert (conversation["echoes_lost"], conversation["too_large"], conversation["unheard"]) == (0, [], [])
    assert_echoed(conversation["utterances"], [pcm for pcm in voice if pcm])


async def test_the_deployed_page_joins_only_dailys_rooms(serve: Serve, browse: Open, tmp_path: Path) -> None:
    """To the deployed build the stand-in is a foreign host, like any other."""
    script = Script(answers=(QUESTION,), heard=(), voice="tone", tone_seconds=0.1)
    async with (
        stand_in(tmp_path, AvatarScript(replica_delay=0.5)) as tavus,
        serve(script, **tavus.settings) as url,
        browse(url) as page,
    ):
        # The test answers the page's requests, so the page has no address and needs a permission to reach this machine.
        await page.context.grant_permissions(["local-network-access"], origin=url)
        await page.context.route(f"{url}/**", answer_with_deployed_page)
        await page.reload()
        sockets: list[str] = []
        page.on("websocket", lambda socket: sockets.append(socket.url))
        await page.get_by_label("What should we talk about?").fill("Python backend")
        await page.get_by_role("button", name="Start").click()
        await page.get_by_role("button", name="Begin and type my answers").click()
        await expect(page.get_by_role("log")).to_contain_text("What did you build", timeout=30_000)
        await expect(page.get_by_role("button", name="Bring the video back")).to_be_visible()
        loaded = await page.evaluate("() => performance.getEntriesByType('resource').map(entry => entry.name)")
        room = urlsplit(tavus.settings["TAVUS_BASE_URL"]).netloc
    assert sockets, "the page connected to the relay"
    assert {urlsplit(address).netloc for address in [*sockets, *loaded]}.isdisjoint({room})


async def answer_with_deployed_page(route: Route) -> None:
    """Serve `web/dist`, as Hosting does, in place of the development build."""
    path = urlsplit(route.request.url).path.removeprefix("/")
    file = DEPLOYED / (path if "." in path else "page.html" if path else "index.html")
    # The development build, which is left, may still be loading a file of its own.
    if path == "config.json" or path.startswith("api/") or not file.exists():
        await route.continue_()
    else:
        await route.fulfill(path=file)


STEPS: Final = tuple(f"Question number {number}: {OTHER}" for number in range(12))


async def test_from_avatar_to_voice_and_back(serve: Serve, browse: Open, tmp_path: Path) -> None:
    """By the candidate's choice, after a frozen picture, after an end by Tavus, and after a reload."""
    cv = write_cv(tmp_path / "cv.pdf", "Ada Lovelace", "Site Reliability Engineer", "Wrote a message queue in Python")
    script = Script(answers=STEPS, heard=(), voice="tone", tone_seconds=0.12)
    async with (
        stand_in(tmp_path, AvatarScript(replica_delay=0.5)) as tavus,
        serve(script, **tavus.settings) as url,
        # Silence: Chromium's own fake microphone beeps, which would interrupt the interviewer.
        browse(url, microphone=await spoken(tmp_path / "silence.wav", 240), expected=LOST) as page,
    ):
        await begin(page, cv)
        main, switch = page.get_by_role("main"), page.get_by_role("switch", name="Video")
        video = page.get_by_label("The interviewer, on video")
        await expect(video).to_be_visible(timeout=20_000)
        await asked(page, 0)

        await switch.click()
        await expect(video).to_be_hidden()
        assert await heard_while(page, write(page, "One."), asked(page, 1)) == "voice", (
            "the change takes effect at once"
        )
        await switch.click()
        await expect(video).to_be_visible(timeout=20_000)
        await page.wait_for_function("at => performance.now() > at + 8000", arg=await now(page))

        await write(page, "Two.")
        await asked(page, 2)
        frozen = await now(page)
        await tavus.strike(kind="freeze", seconds=6)
        # The room is joined again within a second, so this notice may be gone at once.
        await noticed(page, "stopped moving", after=frozen)
        await expect(video).to_be_visible(timeout=30_000)
        await expect(main).to_contain_text("back on video")

        ended = await now(page)
        await tavus.strike(kind="shutdown", reason="bandwidth exceeded")
        await noticed(page, "The video has ended", after=ended)
        await page.get_by_role("button", name="Bring the video back").click()
        await expect(video).to_be_visible(timeout=30_000)
        await expect(main).to_contain_text("back on video")

        page.once("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        await page.reload()
        await page.get_by_role("button", name="Return").click()
        await expect(video).to_be_visible(timeout=20_000)
        assert await heard_while(page, write(page, "Three."), answered(page)) == "room"

        await page.get_by_role("button", name="End interview").click()
        await page.get_by_role("dialog").get_by_role("button", name="End and see the summary").click()
        await results_shown(page)
        seen = await tavus.inspect()
        record = await the_record(page)
    assert [one["status"] for one in seen["conversations"]] == ["ended", "ended"]
    assert seen["active"] == 0
    steps = [(step["output"], step["reason"]) for step in record["avatar"]["changes"]]
    assert steps == [
        ("avatar", "ready"),
        ("voice", "candidate"),
        ("avatar", "candidate"),
        ("voice", "frozen"),
        ("avatar", "ready"),
        ("voice", "shutdown"),
        ("avatar", "ready"),
        ("avatar", "ready"),
    ]
    billed = sum(one["billed_seconds"] for one in seen["conversations"])
    assert record["avatar"]["seconds"] == pytest.approx(billed, abs=2), "the record has what was billed"


async def asked(page: Page, number: int) -> None:
    """Wait until the interviewer has begun the question with this number."""
    await expect(page.get_by_role("log")).to_contain_text(f"Question number {number}", timeout=40_000)


async def answered(page: Page) -> None:
    """Wait until the interviewer has finished a turn since the page was loaded."""
    await eventually(lambda: frames(page, "spoken"), 40)


async def heard_while(page: Page, *doing: Awaitable[None]) -> str:
    """How the interviewer was heard during these steps and one second more: voice, room, or both."""
    start = await now(page)
    for one in doing:
        await one
    await page.wait_for_function("at => performance.now() > at + 1000", arg=await now(page))
    end = await now(page)
    heard = {"voice": await loudness(page, start, end), "room": await room_heard(page, start, end)}
    return "+".join(name for name, level in heard.items() if level > 0.02)


async def the_record(page: Page) -> dict[str, Any]:
    """The interview's record, read with the page's token."""
    found: dict[str, Any] = await page.evaluate(
        """async () => {
          const kept = Object.values(localStorage).concat(Object.values(sessionStorage)).join(" ");
          const [, id] = /"session_id":"([0-9a-f]{32})"/.exec(kept);
          const [, token] = /"session_token":"([^"]+)"/.exec(kept);
          const answer = await fetch(`/api/interview/${id}`, { headers: { Authorization: `Bearer ${token}` } });
          return answer.json();
        }"""
    )
    return found
