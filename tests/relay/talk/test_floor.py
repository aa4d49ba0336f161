import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from interview.record import EndedReason, Speaker, Turn
from relay.browser.outbox import Outbox
from relay.gemini import events
from relay.speech.utterance import PLAYED_GRACE
from relay.talk import directions
from relay.talk.clock import Clock
from relay.talk.floor import Floor
from relay.talk.turns import TurnLog
from tests.relay.conftest import plain_voice

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PCM = bytes(1920)


class Paper:
    """A line that leads nowhere and writes down what it is given."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.directions: list[str] = []
        self.advice: list[str] = []
        self.answers: list[tuple[str, dict[str, object], bool]] = []
        self.told: list[str] = []

    async def send_text(self, text: str) -> None:
        self.texts.append(text)

    async def direct(self, direction: str) -> None:
        self.directions.append(direction)

    async def advise(self, direction: str) -> None:
        self.advice.append(direction)

    async def answer(self, call: events.Called, response: dict[str, object], *, silent: bool) -> None:
        self.answers.append((call.id, response, silent))

    def heard(self) -> None:
        self.told.append("heard")

    def answered(self) -> None:
        self.told.append("answered")

    def settled(self) -> None:
        self.told.append("settled")

    def listen(self) -> None:
        self.told.append("listen")


class AvatarConversation:
    """A conversation and everything around it. `elapsed` seconds have passed of 1,500."""

    def __init__(self, before: Sequence[Turn] = ()) -> None:
        self.elapsed = 0.0
        self.line = Paper()
        self.outbox = Outbox()
        self.kept: dict[int, Turn] = {}
        self.ended: list[EndedReason] = []
        self.talk = Floor(
            TurnLog(self._now, number=len(before)),
            self.outbox,
            plain_voice(self.outbox),
            Clock(START, 1500, self._now),
            self.line,
            before=before,
            keep=lambda turn: self.kept.update({turn.number: turn}),
            end=self.ended.append,
        )

    def _now(self) -> datetime:
        return START + timedelta(seconds=self.elapsed)

    async def tell(self, *told: events.Event | bytes) -> None:
        """What Gemini sends: events, and audio between them."""
        for one in told:
            if isinstance(one, bytes):
                self.talk.take(one)
            else:
                await self.talk.follow(one)

    async def ask(self, question: str = "Why?") -> None:
        """The interviewer says something to its end, and it is heard."""
        await self.tell(events.Said(question), PCM, events.Generated(), events.Settled())
        await self.talk.played()

    async def sent(self) -> list[dict[str, Any] | bytes]:
        """What has gone to the browser since the last call."""
        sent: list[dict[str, Any] | bytes] = []

        async def send(item: str | bytes) -> None:
            sent.append(item if isinstance(item, bytes) else json.loads(item))

        await self.outbox.drain(send)
        return sent

    async def floors(self) -> list[str]:
        return [item["holder"] for item in await self.messages("floor")]

    async def messages(self, kind: str) -> list[dict[str, Any]]:
        return [item for item in await self.sent() if isinstance(item, dict) and item["type"] == kind]

    @property
    def said(self) -> list[tuple[str, bool]]:
        return [(turn.text, turn.interrupted) for _, turn in sorted(self.kept.items())]


def turn(number: int, speaker: Speaker, *, interrupted: bool = False) -> Turn:
    return Turn(number, speaker, "Yes.", START, START, interrupted)


FAREWELL = events.Called("1", directions.END_INTERVIEW, {"reason": "candidate_request"})


@pytest.fixture
async def room() -> AvatarConversation:
    return AvatarConversation()


# The floor


async def test_the_floor_is_the_interviewers_until_it_has_been_heard(room: AvatarConversation) -> None:
    await room.tell(events.Said("Why?"), PCM)
    assert await room.floors() == ["interviewer"]
    await room.tell(PCM, events.Generated(), events.Settled())
    sent = await room.sent()
    assert {"type": "spoken", "turn": 0} in sent
    assert not [one for one in sent if isinstance(one, dict) and one["type"] == "floor"]
    await room.talk.played()
    assert await room.floors() == ["candidate"]
    assert room.line.told[-1] == "listen"


async def test_what_has_played_in_mid_speech_changes_nothing(room: AvatarConversation) -> None:
    """A browser whose queue runs dry between two words says so."""
    await room.tell(events.Said("Why"), PCM)
    await room.talk.played()
    assert await room.floors() == ["interviewer"]


async def test_speaking_over_the_interviewer_takes_the_floor(room: AvatarConversation) -> None:
    await room.tell(events.Said("A long question."), PCM, events.Interrupted())
    sent = await room.sent()
    assert {"type": "interrupted", "turn": 0} in sent
    assert PCM not in sent, "what waited is not sent any more"
    assert sent[-1] == {"type": "floor", "holder": "candidate"}
    assert room.said == [("A long question.", True)]


async def test_settled_and_at_rest(room: AvatarConversation) -> None:
    states = []

    def look() -> None:
        states.append((room.talk.settled, room.talk.at_rest))

    look()
    await room.tell(events.Said("Why?"), PCM)
    look()
    await room.tell(events.Generated())
    look()
    await room.tell(events.Settled())
    look()
    await room.talk.played()
    look()
    await room.tell(events.Heard("Because"))
    look()
    assert states == [(False, False), (False, False), (False, False), (True, False), (True, True), (False, False)]


@pytest.mark.parametrize(
    ("before", "owed", "settled"),
    [
        ([], False, False),
        ([turn(0, "interviewer")], False, True),
        ([turn(0, "interviewer", interrupted=True)], True, False),
        ([turn(0, "interviewer"), turn(1, "candidate")], True, False),
    ],
)
async def test_taken_up_again_it_knows_whose_word_it_is(before: list[Turn], owed: bool, settled: bool) -> None:
    talk = AvatarConversation(before).talk
    assert (talk.owed, talk.settled, talk.begun) == (owed, settled, bool(before))


async def test_quiet_is_waited_for(room: AvatarConversation) -> None:
    await room.tell(events.Said("Why?"), PCM, events.Generated(), events.Settled())
    waiting = asyncio.create_task(room.talk.quiet())
    await asyncio.sleep(0)
    assert not waiting.done()
    await room.talk.played()
    await asyncio.wait_for(waiting, 1)


async def test_a_browser_that_never_says_that_it_has_played(room: AvatarConversation) -> None:
    time = asyncio.get_running_loop().time
    late = 0.0
    room.talk._time = lambda: time() + late
    await room.tell(events.Said("Why?"), PCM, events.Generated(), events.Settled())
    await room.talk.tick()
    late = PLAYED_GRACE - 1
    await room.talk.tick()
    assert await room.floors() == ["interviewer"]
    late = PLAYED_GRACE + 1
    await room.talk.tick()
    assert await room.floors() == ["candidate"]


async def test_time_does_not_end_what_is_still_coming_in(room: AvatarConversation) -> None:
    time = asyncio.get_running_loop().time
    await room.tell(events.Said("Why?"), PCM)
    room.talk._time = lambda: time() + 1000
    await room.talk.tick()
    assert await room.floors() == ["interviewer"]


# Typed answers


async def test_a_typed_answer_cuts_the_interviewer_off(room: AvatarConversation) -> None:
    await room.tell(events.Said("A long"), PCM)
    await room.talk.type("[Stop.]")
    sent = await room.sent()
    assert {"type": "interrupted", "turn": 0} in sent
    assert PCM not in sent
    assert room.line.texts == ["(Stop.)"], "nothing typed is a direction"
    await room.tell(events.Said(" question."), PCM)
    assert await room.sent() == [], "what was still on its way is not heard"
    await room.tell(events.Interrupted(), events.Said("Fine."), PCM)
    assert PCM in await room.sent()
    await room.tell(events.Generated())
    assert room.said == [("A long", True), ("[Stop.]", False), ("Fine.", False)]


async def test_a_typed_answer_in_a_pause_cuts_nothing(room: AvatarConversation) -> None:
    await room.ask()
    await room.sent()
    await room.talk.type("Because.")
    assert await room.messages("interrupted") == []
    assert (room.talk.owed, room.talk.settled) == (True, False)
    await room.tell(PCM)
    assert not room.talk.owed


# The held floor


async def test_who_thinks_holds_the_floor(room: AvatarConversation) -> None:
    await room.ask()
    await room.sent()
    await room.talk.hold(on=True)
    assert await room.floors() == ["thinking"]
    await room.tell(events.Said("Are you there?"), PCM, events.Generated(), events.Settled())
    assert await room.sent() == []
    await room.talk.hold(on=False)
    assert await room.floors() == ["candidate"]
    await room.ask("And then?")
    assert [text for text, _ in room.said] == ["Why?", "And then?"], "what nobody heard was not said"


async def test_speech_that_began_unheard_stays_unheard(room: AvatarConversation) -> None:
    """Half a sentence is no use to anyone."""
    await room.talk.hold(on=True)
    await room.tell(PCM)
    await room.talk.hold(on=False)
    await room.sent()
    await room.tell(PCM, events.Said("there?"))
    assert await room.sent() == []
    await room.tell(events.Generated(), PCM)
    assert PCM in await room.sent()


async def test_holding_cuts_the_interviewer_off(room: AvatarConversation) -> None:
    await room.tell(events.Said("A long"), PCM)
    await room.talk.hold(on=True)
    sent = await room.sent()
    assert {"type": "interrupted", "turn": 0} in sent
    assert sent[-1] == {"type": "floor", "holder": "thinking"}
    await room.tell(PCM)
    assert await room.sent() == []
    assert room.said == [("A long", True)]


# Directions


async def test_advice_waits_for_a_pause(room: AvatarConversation) -> None:
    await room.tell(events.Said("Why?"), PCM)
    await room.talk.advise(directions.WRAP_UP)
    await room.tell(events.Generated(), events.Settled())
    assert room.line.advice == []
    await room.talk.played()
    assert room.line.advice == [directions.WRAP_UP]
    await room.ask()
    assert room.line.advice == [directions.WRAP_UP], "once"


async def test_advice_does_not_talk_into_an_answer(room: AvatarConversation) -> None:
    await room.ask()
    await room.tell(events.Heard("Because"))
    await room.talk.advise(directions.WRAP_UP)
    assert room.line.advice == []
    await room.ask()
    assert room.line.advice == [directions.WRAP_UP]


async def test_the_last_word_waits_for_nobody(room: AvatarConversation) -> None:
    await room.talk.hold(on=True)
    await room.talk.interject(directions.GOODBYE)
    assert room.line.directions == [directions.GOODBYE]
    assert (await room.floors())[-1] == "candidate", "a farewell must be heard"


async def test_a_sentence_that_breaks_off_is_finished(room: AvatarConversation) -> None:
    await room.tell(events.Said("And then I would"), PCM, events.Settled())
    assert room.line.directions == [directions.FINISH]
    await room.tell(events.Said("ask why."), PCM, events.Generated(), events.Settled())
    assert room.line.directions == [directions.FINISH]


# The farewell


async def test_it_ends_when_the_farewell_has_been_heard(room: AvatarConversation) -> None:
    await room.tell(events.Said("Goodbye."), PCM, FAREWELL)
    assert room.line.answers == [("1", {"result": "The interview ends."}, True)]
    await room.tell(events.Generated(), events.Settled())
    assert room.ended == []
    await room.talk.played()
    assert room.ended == ["interviewer"]


async def test_a_farewell_at_the_end_of_time(room: AvatarConversation) -> None:
    room.elapsed = 1480
    await room.tell(events.Said("Goodbye."), PCM, FAREWELL, events.Generated(), events.Settled())
    await room.talk.played()
    assert room.ended == ["time_limit"]


async def test_a_farewell_that_is_spoken_over_does_not_stand(
    room: AvatarConversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relay.talk.floor.FAREWELL_TIMEOUT", 0.02)
    await room.tell(events.Said("Goodbye."), PCM, FAREWELL, events.Interrupted(), events.Settled())
    await room.talk.played()
    await asyncio.sleep(0.05)
    assert room.ended == []


async def test_a_farewell_that_nobody_confirms(room: AvatarConversation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relay.talk.floor.FAREWELL_TIMEOUT", 0.02)
    await room.tell(events.Said("Goodbye."), PCM, FAREWELL)
    async with asyncio.timeout(5):
        while not room.ended:
            await asyncio.sleep(0.01)
    assert room.ended == ["interviewer"]


async def test_a_connection_lost_in_the_farewell(room: AvatarConversation) -> None:
    await room.tell(events.Said("Goodbye."), PCM, FAREWELL)
    room.talk.cut()
    assert room.ended == []
    assert not room.talk.owed, "nobody says goodbye twice"
    await room.talk.played()
    assert room.ended == ["interviewer"]


async def test_a_connection_lost_after_a_farewell_without_a_word(room: AvatarConversation) -> None:
    await room.tell(FAREWELL)
    room.talk.cut()
    assert room.ended == ["interviewer"]


@pytest.mark.parametrize(("answers", "accepted"), [(directions.MIN_ANSWERS - 1, False), (directions.MIN_ANSWERS, True)])
async def test_the_interviewer_may_not_end_what_has_hardly_begun(answers: int, accepted: bool) -> None:
    room = AvatarConversation([turn(number, "candidate") for number in range(answers)])
    await room.tell(events.Called("1", directions.END_INTERVIEW, {"reason": "finished"}))
    response = {"result": "The interview ends."} if accepted else {"error": directions.TOO_EARLY}
    assert room.line.answers == [("1", response, accepted)]
    await room.talk.played()
    assert room.ended == (["interviewer"] if accepted else [])


async def test_a_tool_that_does_not_exist_is_answered(room: AvatarConversation) -> None:
    await room.tell(events.Called("7", "search_the_web", {}))
    assert room.line.answers == [("7", {"error": "There is no such tool."}, False)]


# Loss


async def test_what_was_said_before_a_loss_stands(room: AvatarConversation) -> None:
    await room.tell(events.Said("A long"), PCM)
    room.talk.cut()
    assert room.said == [("A long", True)]
    assert room.talk.owed, "the interviewer has more to say"
    sent = await room.sent()
    assert PCM in sent, "what the browser has of it is played"
    assert {"type": "spoken", "turn": 0} in sent
    await room.talk.played()
    assert await room.floors() == [], "and the word is the interviewer's still"


async def test_a_loss_in_a_pause_owes_nothing(room: AvatarConversation) -> None:
    await room.ask()
    room.talk.cut()
    assert (room.talk.owed, room.talk.settled, room.talk.at_rest) == (False, True, True)


async def test_an_answer_outlives_the_connection(room: AvatarConversation) -> None:
    await room.ask()
    await room.tell(events.Heard("Because"))
    room.talk.cut()
    assert room.talk.unanswered
    await room.tell(events.Heard(" it failed."), PCM)
    assert room.said[-1] == ("Because it failed.", False)


async def test_flush_keeps_what_is_open(room: AvatarConversation) -> None:
    await room.ask()
    await room.tell(events.Heard("Because"))
    room.talk.flush()
    assert room.said == [("Why?", False), ("Because", False)]
