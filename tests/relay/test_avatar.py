"""An interview with a face: relay, Gemini and Tavus over real sockets, and a page that hands on what it is given."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from interview.avatar import transition
from interview.record import Avatar, Interview
from local.gemini import Script
from local.tavus.script import Fault
from local.tavus.script import Script as AvatarConversation
from local.tavus.server import Server as Tavus
from local.tavus.server import embedded
from relay.speech import output
from relay.speech.tavus_echo import TAIL
from tests.relay.conftest import ORIGIN, Build, RunningRelay, now
from tests.relay.page import Floor, Page, converse

QUESTION = "Hello, what did you build last year? Take your time. And tell me about one thing that broke."
LONG = " ".join(f"word{number}" for number in range(40)) + "."
LONGER = " ".join(f"word{number}" for number in range(200)) + "."
"""Twenty seconds: on a busy machine too the avatar is still speaking when the candidate speaks over it."""


@dataclass
class Scene:
    """A running with a stand-in of Tavus beside it, and an interview with a conversation."""

    running: RunningRelay
    tavus: Tavus
    conversation: Floor
    interview: Interview

    @asynccontextmanager
    async def page(self) -> AsyncIterator[Page]:
        """A page that has said hello, and asks for the avatar."""
        async with self.running.dial(self.interview.session_id, origin=ORIGIN) as socket:
            page = Page(socket)
            await page.send("hello", token=self.running.token, output="avatar")
            yield page

    async def record(self) -> Avatar:
        avatar = (await self.running.store.get(self.interview.session_id)).avatar
        assert avatar
        return avatar

    async def gone(self) -> None:
        async with asyncio.timeout(60):
            while self.running.admission.live:
                await asyncio.sleep(0.01)

    @property
    def sent(self) -> list[bytes]:
        """What Gemini's turns sounded like."""
        assert self.running.gemini
        return [bytes(pcm) for pcm in self.running.gemini.received.voice if pcm]

    @property
    def echoed(self) -> list[bytes]:
        """What the avatar was sent, utterance by utterance, byte for byte."""
        (conversation,) = self.tavus.conversations
        return [bytes(one.received or b"") for one in conversation.replica.utterances]


def tone(*answers: str, **fields: object) -> Script:
    return Script.read(
        {
            "voice": "tone",
            "heard": ["I wrote a queue.", "It lost no message."] * 20,
            "answers": answers,
            "speed": 50,
            "tone_seconds": 0.1,
            "trailing": 0.1,
            **fields,
        }
    )


@pytest.fixture
async def tavus() -> AsyncIterator[Tavus]:
    async with embedded(AvatarConversation(replica_delay=0.3, max_app_message_size=16_384)) as server:
        yield server


async def scene(build: Build, tavus: Tavus, script: Script) -> Scene:
    running = await build(script, tavus=tavus.base_url)
    conversation = await converse(tavus)
    return Scene(running, tavus, conversation, await running.interview(avatar=conversation.avatar))


async def test_every_byte_of_an_interview_reaches_the_avatar(build: Build, tavus: Tavus) -> None:
    told = await scene(build, tavus, tone(QUESTION, LONGER, "Why is that?"))
    async with told.page() as page:
        assert (await page.next())["output"] == "avatar"
        async with page.join(told.conversation):
            await page.until("spoken", turn=0)
            await page.until("floor", holder="candidate")
            async with asyncio.TaskGroup() as group:
                group.create_task(page.speak(0.5, pace=10))
                await page.until("floor", holder="interviewer")
            # The barge-in: while the avatar speaks.
            async with asyncio.timeout(60):
                while len(told.tavus.conversations[0].replica.utterances) < 2:
                    await page.next()
            async with asyncio.TaskGroup() as group:
                group.create_task(page.speak(0.5, pace=10))
                await page.until("interrupted")
                await page.until("floor", holder="interviewer")
            await page.until("spoken")
            await page.until("floor", holder="candidate")
            await page.send("end")
            await page.until("ended", reason="candidate")
    sent, echoed = told.sent, told.echoed
    assert len(sent) == len(echoed) == 3
    assert echoed[0] == sent[0] + TAIL
    assert echoed[2] == sent[2] + TAIL
    assert sent[1].startswith(echoed[1].removesuffix(TAIL)), "cut off, and what there is of it is right"
    assert page.audio == b"", "and nothing of it was played twice"
    (conversation,) = tavus.conversations
    assert conversation.replica.interrupts == 1
    assert (conversation.lost, conversation.too_large, conversation.unheard) == (0, [], [])
    assert len({one.given for one in conversation.replica.utterances}) == 3, "each utterance has an id of its own"
    await told.gone()
    assert [(change.output, change.reason) for change in (await told.record()).changes] == [("avatar", "ready")]


async def test_the_floor_is_the_candidates_when_the_avatar_has_finished(build: Build, tavus: Tavus) -> None:
    told = await scene(build, tavus, tone("One two three four five six seven eight nine ten."))
    async with told.page() as page, page.join(told.conversation):
        await page.until("spoken", turn=0)
        await page.send("played")
        await page.until("floor", holder="candidate")
        assert page.watched.startswith(told.sent[0]), "all of it was heard before"


@pytest.mark.parametrize("kind", ["drop", "eject", "shutdown"])
async def test_the_room_is_lost_and_comes_back(build: Build, tavus: Tavus, kind: str) -> None:
    """In the middle of a question. It goes on by voice, and through the avatar again with the next question."""
    told = await scene(build, tavus, tone(LONG, "Why is that?", "Really?"))
    async with told.page() as page:
        async with page.join(told.conversation):
            async with asyncio.timeout(60):
                while page.messages[-1:] != [{"type": "spoken", "turn": 0}]:
                    await page.next()
                while len(page.watched) < 48_000:
                    await asyncio.sleep(0.01)
            tavus.strike(Fault(kind, seconds=0.2, abrupt=kind == "drop"))  # type: ignore[arg-type]
            assert (await page.until("notice"))["code"] == "avatar_lost"
            await page.until("spoken", turn=0)
            await page.until("floor", holder="candidate")
        heard = bytes(page.watched + page.audio)
        assert len(heard) >= len(told.sent[0]), "nothing of it is lost"
        assert page.audio
        assert told.sent[0].endswith(bytes(page.audio)), "to its very end"
        again = told.conversation if kind != "shutdown" else await converse(tavus)
        if kind == "shutdown":
            await told.running.store.change_avatar(
                told.interview.session_id,
                lambda interview: transition.opened(transition.creating(interview.avatar, "hash", now()), again.id),
            )
        await asyncio.sleep(0.3)
        voiced = len(page.audio)
        async with page.join(again):
            assert (await page.until("notice"))["code"] == "avatar_back"
            await page.send("text", text="A queue.")
            await page.until("spoken")
            await page.until("floor", holder="candidate")
        assert len(page.audio) == voiced, "by the avatar alone"
        await page.send("end")
        await page.until("ended")
    await told.gone()
    steps = [(change.output, change.reason) for change in (await told.record()).changes]
    assert steps[-2:] == [("voice", "room"), ("avatar", "ready")]


async def test_an_avatar_that_never_comes(build: Build, tavus: Tavus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "AVATAR_WAIT", 1.0)
    told = await scene(build, tavus, tone(QUESTION))
    async with told.page() as page:
        assert (await page.next())["output"] == "avatar"
        assert (await page.until("notice"))["message"] == output.NOTICES["late"]
        await page.until("spoken", turn=0)
        await page.until("floor", holder="candidate")
        assert bytes(page.audio) == told.sent[0]
        await page.send("end")
        await page.until("ended")
    await told.gone()
    assert [change.reason for change in (await told.record()).changes] == ["late"]


async def test_an_avatar_that_is_deaf(build: Build, tavus: Tavus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "MUTE_AFTER", 1.0)
    tavus.strike(Fault("deaf"), coming=True)
    told = await scene(build, tavus, tone(QUESTION))
    async with told.page() as page, page.join(told.conversation):
        assert (await page.until("notice"))["message"] == output.NOTICES["mute"]
        await page.until("spoken", turn=0)
        await page.until("floor", holder="candidate")
        assert bytes(page.audio) == told.sent[0]


async def test_the_candidate_may_switch_it_off_and_on(build: Build, tavus: Tavus) -> None:
    told = await scene(build, tavus, tone("One two three.", "Four five six.", "Seven eight nine."))
    async with told.page() as page, page.join(told.conversation):
        await page.until("floor", holder="interviewer")
        await page.until("floor", holder="candidate")
        await page.send("output", mode="voice")
        await page.send("text", text="A queue.")
        await page.until("spoken", turn=2)
        await page.until("floor", holder="candidate")
        assert bytes(page.audio) == told.sent[1]
        await page.send("output", mode="avatar")
        await page.send("text", text="Another one.")
        await page.until("spoken", turn=4)
        await page.until("floor", holder="candidate")
        assert bytes(page.audio) == told.sent[1]
    assert told.echoed == [told.sent[0] + TAIL, told.sent[2] + TAIL]


async def test_a_page_that_is_loaded_again_finds_the_avatar_where_it_was(build: Build, tavus: Tavus) -> None:
    told = await scene(build, tavus, tone("One two three.", "Four five six."))
    async with told.page() as page, page.join(told.conversation):
        await page.until("floor", holder="interviewer")
        await page.until("floor", holder="candidate")
    async with told.page() as page:
        assert (await page.next())["output"] == "avatar"
        async with page.join(told.conversation):
            await page.until("floor", holder="candidate")
            await page.send("text", text="A queue.")
            await page.until("spoken")
            await page.until("floor", holder="candidate")
        assert page.audio == b""


async def test_hello_for_voice_is_voice_whatever_there_is(build: Build, tavus: Tavus) -> None:
    told = await scene(build, tavus, tone("One two three."))
    async with told.running.candidate(told.interview.session_id) as candidate:
        assert (await candidate.next())["output"] == "voice"
        await candidate.until("spoken", turn=0)
        assert bytes(candidate.audio) == told.sent[0]


async def test_hello_for_an_avatar_that_there_is_none_of_is_voice(build: Build, tavus: Tavus) -> None:
    running = await build(tone("One two three."))
    interview = await running.interview()
    async with running.dial(interview.session_id, origin=ORIGIN) as socket:
        page = Page(socket)
        await page.send("hello", token=running.token, output="avatar")
        assert (await page.next())["output"] == "voice"
        await page.until("spoken", turn=0)
        assert page.audio


@pytest.mark.parametrize("reason", ["candidate", "interviewer", "failed"])
async def test_the_conversation_ends_with_the_interview(build: Build, tavus: Tavus, reason: str) -> None:
    """By the relay itself: nobody knows whether the page will ask for the summary."""
    refused = [{"kind": "close", "code": 1007, "reason": "API key not valid.", "turn": 0, "moment": "end"}]
    script = tone("One two three.", faults=refused if reason == "failed" else [])
    told = await scene(build, tavus, script)
    async with told.page() as page, page.join(told.conversation):
        await page.until("floor", holder="interviewer")
        if reason == "candidate":
            await page.send("end")
        elif reason == "interviewer":
            await page.until("floor", holder="candidate")
            await page.send("text", text="I would like to stop the interview now, please.")
        assert (await page.until("ended"))["reason"] == reason
        assert (await page.closed())[0] == 1000
        assert tavus.account.active == [], "before the page was let go"
    await told.gone()
    record = await told.record()
    assert (record.status, record.reason) == ("ended", reason)


async def test_the_conversation_ends_when_the_interview_is_suspended(
    build: Build, tavus: Tavus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody answers: no avatar is paid for, and the interview can be resumed."""
    monkeypatch.setattr("relay.talk.waiting.SUSPEND_AFTER", 0.5)
    told = await scene(build, tavus, tone("One two three."))
    async with told.page() as page, page.join(told.conversation):
        await page.until("notice", code="suspended")
        assert (await page.closed())[0] == 4411
        assert tavus.account.active == [], "before the page was let go"
    await told.gone()
    record = await told.record()
    assert (record.status, record.reason) == ("ended", "suspended")
    assert (await told.running.store.get(told.interview.session_id)).status == "live"


async def test_one_that_can_not_be_ended_holds_nobody_up(build: Build, tavus: Tavus) -> None:
    told = await scene(build, tavus, tone("One two three."))
    async with told.page() as page, page.join(told.conversation):
        await page.until("floor", holder="interviewer")
        tavus.strike(Fault("error", on="end", status=500))
        await page.send("end")
        assert (await page.until("ended"))["reason"] == "candidate"
        assert (await page.closed())[0] == 1000
    await told.gone()
    assert (await told.record()).status == "active", "for the sweep"
    assert (await told.running.store.get(told.interview.session_id)).status == "ended"


async def test_a_page_that_leaves_may_come_back_to_its_avatar(build: Build, tavus: Tavus) -> None:
    told = await scene(build, tavus, tone("One two three."))
    async with told.page() as page, page.join(told.conversation):
        await page.until("floor", holder="interviewer")
    await told.gone()
    assert (await told.record()).status == "active"
