"""The ladder: where each utterance goes, and that every sentence of it is heard."""

import base64
import json
from typing import Any

import pytest

from interview.record import Output
from relay.browser.outbox import MAX_AUDIO, Outbox
from relay.speech.output import AVATAR_WAIT, MUTE_AFTER, Reason, SpeechOutput
from tests.relay.speech.sounds import FIRST, PAUSE, SECONDLY, SENTENCES, THIRD, tone


class Stage:
    """A voice, its candidate, and a clock that is set by hand."""

    def __init__(self, wanted: Output = "avatar", *, expected: bool = True) -> None:
        self.now = 100.0
        self.outbox = Outbox()
        self.steps: list[tuple[Output, Reason]] = []
        self.voice = SpeechOutput(
            self.outbox,
            wanted=wanted,
            expected=expected,
            time=lambda: self.now,
            record=lambda output, reason: self.steps.append((output, reason)),
        )

    def wait(self, seconds: float) -> None:
        """Time passes, and the voice looks at it now and then."""
        end = self.now + seconds
        while self.now < end:
            self.now = min(end, self.now + 0.25)
            self.voice.tick()

    def say(self, pcm: bytes, turn: int = 0) -> None:
        """A whole utterance comes in."""
        self.voice.begin(turn)
        self.add(pcm)
        self.voice.end()

    def add(self, pcm: bytes) -> None:
        for at in range(0, len(pcm), 1920):
            self.voice.take(pcm[at : at + 1920])

    async def sent(self) -> list[dict[str, Any] | bytes]:
        """What has gone to the browser since the last call."""
        sent: list[dict[str, Any] | bytes] = []

        async def send(item: str | bytes) -> None:
            sent.append(item if isinstance(item, bytes) else json.loads(item))

        await self.outbox.drain(send)
        return sent


def by_voice(sent: list[dict[str, Any] | bytes]) -> bytes:
    return b"".join(item for item in sent if isinstance(item, bytes))


def trimmed(pcm: bytes) -> bytes:
    """From the first sound on."""
    return pcm.lstrip(b"\0")


def echoes(sent: list[dict[str, Any] | bytes]) -> list[dict[str, Any]]:
    return [item["event"] for item in sent if isinstance(item, dict) and item["type"] == "echo"]


def by_avatar(sent: list[dict[str, Any] | bytes]) -> bytes:
    return b"".join(
        base64.b64decode(event["properties"]["audio"])
        for event in echoes(sent)
        if "properties" in event and not event["properties"]["done"]
    )


def kinds(sent: list[dict[str, Any] | bytes]) -> list[str]:
    """The messages' types, several of a kind in a row once."""
    told: list[str] = []
    for item in sent:
        match item:
            case bytes():
                kind = "audio"
            case {"type": "echo", "event": {"event_type": "conversation.interrupt"}}:
                kind = "silence"
            case _:
                kind = item["type"]
        if told[-1:] != [kind]:
            told.append(kind)
    return told


def notices(sent: list[dict[str, Any] | bytes]) -> list[str]:
    return [item["code"] for item in sent if isinstance(item, dict) and item["type"] == "notice"]


@pytest.fixture
async def stage() -> Stage:
    """The avatar is awaited."""
    return Stage()


@pytest.fixture
async def up() -> Stage:
    """The avatar is in the room."""
    stage = Stage()
    stage.voice.ready("c123", 64_000)
    stage.steps.clear()
    return stage


# By voice


async def test_without_a_wish_for_an_avatar_the_page_plays_it() -> None:
    stage = Stage("voice")
    stage.voice.ready("c123")
    stage.say(FIRST)
    sent = await stage.sent()
    assert by_voice(sent) == FIRST
    assert kinds(sent) == ["audio", "spoken"]
    assert stage.voice.output == "voice"
    assert stage.voice.plays_in_page
    assert stage.steps == []


async def test_without_a_room_nothing_is_held() -> None:
    stage = Stage(expected=False)
    assert stage.voice.output == "voice"
    stage.say(FIRST)
    assert by_voice(await stage.sent()) == FIRST
    stage.wait(AVATAR_WAIT + 1)
    assert await stage.sent() == []


# The greeting


async def test_the_greeting_waits_for_the_avatar(stage: Stage) -> None:
    assert stage.voice.output == "avatar"
    stage.say(FIRST)
    stage.wait(AVATAR_WAIT - 1)
    assert await stage.sent() == []
    stage.voice.ready("c123")
    sent = await stage.sent()
    assert by_avatar(sent) == FIRST
    assert by_voice(sent) == b""
    assert echoes(sent)[-1]["properties"]["done"] is True
    assert kinds(sent) == ["echo", "spoken"]
    assert stage.steps == [("avatar", "ready")]


async def test_a_greeting_that_is_still_coming_goes_on_through_the_avatar(stage: Stage) -> None:
    stage.voice.begin(0)
    stage.add(FIRST)
    stage.voice.ready("c123")
    stage.add(SECONDLY)
    stage.voice.end()
    sent = await stage.sent()
    assert by_avatar(sent) == FIRST + SECONDLY
    assert len({event["properties"]["inference_id"] for event in echoes(sent)}) == 1


async def test_an_avatar_that_does_not_come_is_done_without(stage: Stage) -> None:
    stage.say(FIRST)
    stage.wait(AVATAR_WAIT + 0.5)
    sent = await stage.sent()
    assert by_voice(sent) == FIRST
    assert kinds(sent) == ["notice", "audio", "spoken"]
    assert notices(sent) == ["avatar_lost"]
    assert stage.steps == [("voice", "late")]
    assert stage.voice.output == "voice"


async def test_one_that_comes_late_speaks_from_the_next_utterance_on(stage: Stage) -> None:
    stage.voice.begin(0)
    stage.add(FIRST)
    stage.wait(AVATAR_WAIT + 0.5)
    stage.voice.ready("c123")
    stage.add(SECONDLY)
    stage.voice.end()
    sent = await stage.sent()
    assert by_voice(sent) == FIRST + SECONDLY, "nobody is interrupted by a face"
    assert notices(sent) == ["avatar_lost", "avatar_back"]
    stage.say(THIRD, turn=2)
    assert by_avatar(await stage.sent()) == THIRD
    assert stage.steps == [("voice", "late"), ("avatar", "ready")]


async def test_a_room_that_is_lost_before_the_avatar_came(stage: Stage) -> None:
    stage.say(FIRST)
    stage.voice.lost("shutdown")
    assert by_voice(await stage.sent()) == FIRST
    stage.wait(AVATAR_WAIT + 1)
    assert await stage.sent() == []
    assert stage.steps == [("voice", "shutdown")], "once"


# In the room


async def test_an_utterance_through_the_avatar_is_over_when_it_falls_silent(up: Stage) -> None:
    up.say(FIRST)
    assert not up.voice.plays_in_page, "a page that says it has played has played nothing"
    up.voice.speaking()
    up.wait(2)
    assert up.voice.silent()
    assert kinds(await up.sent()) == ["echo", "spoken"]


async def test_a_silence_in_mid_utterance_is_not_its_end(up: Stage) -> None:
    up.voice.begin(0)
    up.add(FIRST)
    up.voice.speaking()
    assert not up.voice.silent()
    up.add(SECONDLY)
    up.voice.end()
    up.voice.speaking()
    assert up.voice.silent()


async def test_a_silence_that_belongs_to_the_utterance_before_is_not_its_end(up: Stage) -> None:
    up.say(FIRST)
    up.voice.speaking()
    up.voice.cut()
    up.say(SECONDLY, turn=2)
    assert not up.voice.silent()
    up.voice.speaking()
    assert up.voice.silent()


async def test_each_utterance_has_a_name_of_its_own(up: Stage) -> None:
    up.say(FIRST)
    up.voice.played()
    up.say(SECONDLY, turn=2)
    names = [event["properties"]["inference_id"] for event in echoes(await up.sent())]
    assert len(set(names)) == 2
    assert names == sorted(names, key=names.index)


async def test_a_barge_in_leaves_nothing_stale(up: Stage) -> None:
    up.voice.begin(0)
    up.add(FIRST)
    first = (await up.sent())[0]
    up.add(SECONDLY)
    up.voice.cut()
    sent = await up.sent()
    assert kinds(sent) == ["silence", "interrupted"], "what waited is gone"
    up.say(THIRD, turn=2)
    sent = await up.sent()
    assert by_avatar(sent) == THIRD
    assert isinstance(first, dict)
    assert echoes([first])[0]["properties"]["inference_id"] != echoes(sent)[0]["properties"]["inference_id"]


async def test_the_last_sound_does_not_wait_for_a_full_message(up: Stage) -> None:
    up.voice.begin(0)
    up.add(FIRST + b"\1\2" * 50)
    up.wait(0.25)
    assert by_avatar(await up.sent()) == FIRST + b"\1\2" * 50


async def test_a_message_that_says_done_is_never_dropped(up: Stage) -> None:
    up.say(FIRST)
    up.say(tone(40), turn=2)
    sent = await up.sent()
    assert up.outbox.dropped > 0
    assert [event["properties"]["done"] for event in echoes(sent)].count(True) == 2


# Down


@pytest.mark.parametrize(
    ("spoken", "left"),
    [
        (0.0, SENTENCES),
        (1.0, SENTENCES),
        (2.1, SENTENCES),  # the first sentence has ended, but who knows when the room was lost
        (3.0, SECONDLY + PAUSE + THIRD),
        (5.5, THIRD),
        (6.3, THIRD),
        (6.5, b""),
    ],
)
async def test_a_room_lost_in_mid_speech_loses_no_sentence(up: Stage, spoken: float, left: bytes) -> None:
    up.say(SENTENCES)
    await up.sent()
    up.voice.speaking()
    up.now += spoken
    up.voice.lost("room")
    sent = await up.sent()
    assert trimmed(by_voice(sent)) == trimmed(left)
    assert kinds(sent) == (["notice", "audio", "spoken"] if left else ["notice", "spoken"])
    assert up.voice.plays_in_page, "now the page says when it has played"
    assert up.steps == [("voice", "room")]


async def test_what_is_still_coming_goes_on_by_voice(up: Stage) -> None:
    up.voice.begin(0)
    up.add(FIRST + PAUSE + SECONDLY)
    up.voice.speaking()
    up.now += 3
    up.voice.lost("room")
    up.add(PAUSE + THIRD)
    up.voice.end()
    sent = await up.sent()
    assert trimmed(by_voice(sent)) == trimmed(SECONDLY + PAUSE + THIRD)
    assert by_avatar(sent) == b"", "what waited for the avatar is gone"


async def test_what_was_heard_is_not_said_again(up: Stage) -> None:
    up.say(FIRST)
    up.voice.speaking()
    up.wait(2)
    assert up.voice.silent()
    up.voice.played()
    await up.sent()
    up.voice.lost("room")
    assert kinds(await up.sent()) == ["notice"]


async def test_a_picture_that_stood_still_may_have_been_dumb_for_as_long(up: Stage) -> None:
    up.say(SENTENCES)
    up.voice.speaking()
    up.now += 5.5
    await up.sent()
    up.voice.lost("frozen")
    assert trimmed(by_voice(await up.sent())) == trimmed(SENTENCES)


async def test_time_in_which_the_avatar_was_silent_does_not_count_as_heard(up: Stage) -> None:
    up.voice.begin(0)
    up.add(SENTENCES)
    up.voice.speaking()
    up.now += 1
    up.voice.silent()
    up.now += 60
    await up.sent()
    up.voice.lost("room")
    assert by_voice(await up.sent()) == SENTENCES


async def test_an_avatar_that_says_nothing_is_lost(up: Stage) -> None:
    up.say(FIRST)
    await up.sent()
    up.wait(MUTE_AFTER + 0.5)
    sent = await up.sent()
    assert by_voice(sent) == FIRST
    assert kinds(sent) == ["silence", "notice", "audio", "spoken"], "should it find its tongue after all"
    assert up.steps == [("voice", "mute")]


async def test_one_that_speaks_at_last_is_not(up: Stage) -> None:
    up.say(FIRST)
    up.wait(MUTE_AFTER - 0.5)
    up.voice.speaking()
    up.wait(MUTE_AFTER)
    assert up.steps == []


async def test_the_time_by_which_it_is_heard_counts_from_where_it_is_said(up: Stage) -> None:
    up.say(FIRST)
    up.now += 5
    up.voice.speaking()
    assert up.voice.played_by == pytest.approx(up.now + 2 + 10)
    up.voice.lost("room")
    assert up.voice.played_by == pytest.approx(up.now + 2 + 10)


async def test_a_very_long_utterance_is_kept_to_its_newest_part(up: Stage) -> None:
    up.voice.begin(0)
    up.add(tone(35, 220))
    up.add(THIRD)
    up.voice.speaking()
    up.now += 36
    up.voice.lost("room")
    heard = by_voice(await up.sent())
    assert len(heard) <= MAX_AUDIO
    assert heard.endswith(THIRD)


async def test_a_room_that_takes_no_message_is_no_room() -> None:
    stage = Stage()
    stage.voice.ready("c123", 200)
    stage.say(FIRST)
    assert by_voice(await stage.sent()) == FIRST
    assert stage.steps == [("voice", "bandwidth")]


# And up again


async def test_it_goes_up_again_with_the_next_utterance(up: Stage) -> None:
    up.voice.begin(0)
    up.add(FIRST)
    up.voice.lost("room")
    up.voice.ready("c123")
    up.add(SECONDLY)
    up.voice.end()
    sent = await up.sent()
    assert by_voice(sent) == FIRST + SECONDLY
    assert notices(sent) == ["avatar_lost", "avatar_back"]
    up.say(THIRD, turn=2)
    sent = await up.sent()
    assert by_avatar(sent) == THIRD
    assert by_voice(sent) == b""
    assert up.steps == [("voice", "room"), ("avatar", "ready")]


async def test_what_it_was_saying_when_it_was_lost_is_not_said_to_its_end(up: Stage) -> None:
    """A replica in a room that the page has left goes on, and would keep the next utterance waiting."""
    up.say(SENTENCES)
    await up.sent()
    up.voice.lost("frozen")
    up.voice.ready("c123")
    assert kinds(await up.sent()) == ["notice", "audio", "spoken", "notice"], "the page still plays the voice"
    up.say(THIRD, turn=2)
    assert kinds(await up.sent()) == ["silence", "echo", "spoken"]
    up.say(FIRST, turn=4)
    assert kinds(await up.sent()) == ["echo", "spoken"]


async def test_another_conversation_goes_by_its_own_name(up: Stage) -> None:
    up.voice.lost("shutdown")
    up.voice.ready("c456")
    up.say(FIRST)
    assert {event["conversation_id"] for event in echoes(await up.sent())} == {"c456"}


@pytest.mark.parametrize("begun", [False, True])
async def test_a_room_that_was_entered_anew_is_told_what_it_has_not_said(up: Stage, *, begun: bool) -> None:
    """A page may join again without a word about what it lost."""
    up.say(FIRST)
    if begun:
        up.voice.speaking()
    await up.sent()
    up.voice.ready("c123")
    sent = await up.sent()
    assert (by_voice(sent) if begun else by_avatar(sent)) == FIRST
    assert kinds(sent)[0] == "silence", "and by nobody twice"


# The candidate's own wish


async def test_the_candidate_may_do_without(up: Stage) -> None:
    up.say(SENTENCES)
    up.voice.speaking()
    up.now += 3
    await up.sent()
    up.voice.choose("voice")
    sent = await up.sent()
    assert trimmed(by_voice(sent)) == trimmed(SECONDLY + PAUSE + THIRD)
    assert kinds(sent) == ["silence", "audio", "spoken"], "no notice: they know"
    assert up.voice.output == "voice"
    up.voice.choose("voice")
    assert up.steps == [("voice", "candidate")]


async def test_and_have_it_back(up: Stage) -> None:
    up.voice.choose("voice")
    up.say(FIRST)
    up.voice.choose("avatar")
    assert up.voice.output == "avatar"
    up.say(SECONDLY, turn=2)
    sent = await up.sent()
    assert (by_voice(sent), by_avatar(sent)) == (FIRST, SECONDLY)
    assert up.steps == [("voice", "candidate"), ("avatar", "candidate")]


async def test_and_wish_for_it_before_it_is_there() -> None:
    stage = Stage("voice")
    stage.voice.choose("avatar")
    assert stage.voice.output == "voice"
    stage.say(FIRST)
    stage.voice.ready("c123")
    stage.say(SECONDLY, turn=2)
    sent = await stage.sent()
    assert (by_voice(sent), by_avatar(sent)) == (FIRST, SECONDLY)
    assert stage.steps == [("avatar", "ready")]


async def test_a_room_left_while_not_wanted_is_no_news(up: Stage) -> None:
    up.voice.choose("voice")
    await up.sent()
    up.voice.lost("candidate")
    assert await up.sent() == []
    up.voice.choose("avatar")
    assert up.voice.output == "voice"
    assert up.steps == [("voice", "candidate")]
