"""The ladder: which route each utterance takes, and that every sentence of it is played."""

import base64
import json
from typing import Any

import pytest

from interview.record import Output
from relay.browser.outbox import MAX_AUDIO, Outbox
from relay.speech.output import AVATAR_WAIT, MUTE_AFTER, Reason, SpeechOutput
from tests.relay.speech.sounds import FIRST, PAUSE, SECONDLY, SENTENCES, THIRD, tone


class Connection:
    """A speech output with its outbox, and a clock that is set by hand."""

    def __init__(self, wanted: Output = "avatar", *, expected: bool = True) -> None:
        self.now = 100.0
        self.outbox = Outbox()
        self.changes: list[tuple[Output, Reason]] = []
        self.speech = SpeechOutput(
            self.outbox,
            wanted=wanted,
            expected=expected,
            time=lambda: self.now,
            record=lambda output, reason: self.changes.append((output, reason)),
        )

    def wait(self, seconds: float) -> None:
        """Let time pass, and check the timers in between."""
        end = self.now + seconds
        while self.now < end:
            self.now = min(end, self.now + 0.25)
            self.speech.tick()

    def say(self, pcm: bytes, turn: int = 0) -> None:
        """Take a whole utterance."""
        self.speech.begin(turn)
        self.add(pcm)
        self.speech.end()

    def add(self, pcm: bytes) -> None:
        for at in range(0, len(pcm), 1920):
            self.speech.take(pcm[at : at + 1920])

    async def sent(self) -> list[dict[str, Any] | bytes]:
        """What was sent to the browser since the last call."""
        sent: list[dict[str, Any] | bytes] = []

        async def send(item: str | bytes) -> None:
            sent.append(item if isinstance(item, bytes) else json.loads(item))

        await self.outbox.drain(send)
        return sent


def by_voice(sent: list[dict[str, Any] | bytes]) -> bytes:
    return b"".join(item for item in sent if isinstance(item, bytes))


def trimmed(pcm: bytes) -> bytes:
    """From the first audible sample on."""
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
    """The types of the messages; several of one type in a row count once."""
    told: list[str] = []
    for item in sent:
        match item:
            case bytes():
                kind = "audio"
            case {"type": "echo", "event": {"event_type": "conversation.interrupt"}}:
                kind = "interrupt"
            case _:
                kind = item["type"]
        if told[-1:] != [kind]:
            told.append(kind)
    return told


def notices(sent: list[dict[str, Any] | bytes]) -> list[str]:
    return [item["code"] for item in sent if isinstance(item, dict) and item["type"] == "notice"]


@pytest.fixture
async def waiting() -> Connection:
    """The avatar has not joined yet."""
    return Connection()


@pytest.fixture
async def joined() -> Connection:
    """The avatar is in the room."""
    connection = Connection()
    connection.speech.ready("c123", 64_000)
    connection.changes.clear()
    return connection


# Without an avatar


async def test_an_utterance_goes_to_the_page_if_no_avatar_is_wanted() -> None:
    connection = Connection("voice")
    connection.speech.ready("c123")
    connection.say(FIRST)
    sent = await connection.sent()
    assert by_voice(sent) == FIRST
    assert kinds(sent) == ["audio", "spoken"]
    assert connection.speech.output == "voice"
    assert connection.speech.plays_in_page
    assert connection.changes == []


async def test_nothing_is_held_without_an_avatar_conversation() -> None:
    connection = Connection(expected=False)
    assert connection.speech.output == "voice"
    connection.say(FIRST)
    assert by_voice(await connection.sent()) == FIRST
    connection.wait(AVATAR_WAIT + 1)
    assert await connection.sent() == []


# The greeting


async def test_the_greeting_is_held_for_the_avatar(waiting: Connection) -> None:
    assert waiting.speech.output == "avatar"
    waiting.say(FIRST)
    waiting.wait(AVATAR_WAIT - 1)
    assert await waiting.sent() == []
    waiting.speech.ready("c123")
    sent = await waiting.sent()
    assert by_avatar(sent) == FIRST
    assert by_voice(sent) == b""
    assert echoes(sent)[-1]["properties"]["done"] is True
    assert kinds(sent) == ["echo", "spoken"]
    assert waiting.changes == [("avatar", "ready")]


async def test_a_held_greeting_that_is_incomplete_continues_by_avatar(waiting: Connection) -> None:
    waiting.speech.begin(0)
    waiting.add(FIRST)
    waiting.speech.ready("c123")
    waiting.add(SECONDLY)
    waiting.speech.end()
    sent = await waiting.sent()
    assert by_avatar(sent) == FIRST + SECONDLY
    assert len({event["properties"]["inference_id"] for event in echoes(sent)}) == 1


async def test_a_held_greeting_goes_to_the_page_if_the_avatar_does_not_join(waiting: Connection) -> None:
    waiting.say(FIRST)
    waiting.wait(AVATAR_WAIT + 0.5)
    sent = await waiting.sent()
    assert by_voice(sent) == FIRST
    assert kinds(sent) == ["notice", "audio", "spoken"]
    assert notices(sent) == ["avatar_lost"]
    assert waiting.changes == [("voice", "late")]
    assert waiting.speech.output == "voice"


async def test_a_late_avatar_begins_with_the_next_utterance(waiting: Connection) -> None:
    waiting.speech.begin(0)
    waiting.add(FIRST)
    waiting.wait(AVATAR_WAIT + 0.5)
    waiting.speech.ready("c123")
    waiting.add(SECONDLY)
    waiting.speech.end()
    sent = await waiting.sent()
    assert by_voice(sent) == FIRST + SECONDLY, "an utterance never changes from voice to the avatar"
    assert notices(sent) == ["avatar_lost", "avatar_back"]
    waiting.say(THIRD, turn=2)
    assert by_avatar(await waiting.sent()) == THIRD
    assert waiting.changes == [("voice", "late"), ("avatar", "ready")]


async def test_a_held_greeting_goes_to_the_page_if_the_conversation_ends(waiting: Connection) -> None:
    waiting.say(FIRST)
    waiting.speech.lost("shutdown")
    assert by_voice(await waiting.sent()) == FIRST
    waiting.wait(AVATAR_WAIT + 1)
    assert await waiting.sent() == []
    assert waiting.changes == [("voice", "shutdown")], "once"


# By avatar


async def test_an_utterance_by_avatar_is_over_when_the_avatar_falls_silent(joined: Connection) -> None:
    joined.say(FIRST)
    assert not joined.speech.plays_in_page, "a `played` from the page means nothing"
    joined.speech.speaking()
    joined.wait(2)
    assert joined.speech.silent()
    assert kinds(await joined.sent()) == ["echo", "spoken"]


async def test_a_silence_before_the_utterance_is_complete_is_not_its_end(joined: Connection) -> None:
    joined.speech.begin(0)
    joined.add(FIRST)
    joined.speech.speaking()
    assert not joined.speech.silent()
    joined.add(SECONDLY)
    joined.speech.end()
    joined.speech.speaking()
    assert joined.speech.silent()


async def test_a_silence_of_the_previous_utterance_is_not_the_end_of_this_one(joined: Connection) -> None:
    joined.say(FIRST)
    joined.speech.speaking()
    joined.speech.cut()
    joined.say(SECONDLY, turn=2)
    assert not joined.speech.silent()
    joined.speech.speaking()
    assert joined.speech.silent()


async def test_each_utterance_has_its_own_id(joined: Connection) -> None:
    joined.say(FIRST)
    joined.speech.played()
    joined.say(SECONDLY, turn=2)
    names = [event["properties"]["inference_id"] for event in echoes(await joined.sent())]
    assert len(set(names)) == 2
    assert names == sorted(names, key=names.index)


async def test_nothing_of_an_interrupted_utterance_is_sent(joined: Connection) -> None:
    joined.speech.begin(0)
    joined.add(FIRST)
    first = (await joined.sent())[0]
    joined.add(SECONDLY)
    joined.speech.cut()
    sent = await joined.sent()
    assert kinds(sent) == ["interrupt", "interrupted"], "queued audio was dropped"
    joined.say(THIRD, turn=2)
    sent = await joined.sent()
    assert by_avatar(sent) == THIRD
    assert isinstance(first, dict)
    assert echoes([first])[0]["properties"]["inference_id"] != echoes(sent)[0]["properties"]["inference_id"]


async def test_audio_waits_for_a_full_message_only_until_the_next_tick(joined: Connection) -> None:
    joined.speech.begin(0)
    joined.add(FIRST + b"\1\2" * 50)
    joined.wait(0.25)
    assert by_avatar(await joined.sent()) == FIRST + b"\1\2" * 50


async def test_a_message_marked_done_is_never_dropped(joined: Connection) -> None:
    joined.say(FIRST)
    joined.say(tone(40), turn=2)
    sent = await joined.sent()
    assert joined.outbox.dropped > 0
    assert [event["properties"]["done"] for event in echoes(sent)].count(True) == 2


# From the avatar to voice


@pytest.mark.parametrize(
    ("spoken", "left"),
    [
        (0.0, SENTENCES),
        (1.0, SENTENCES),
        (2.1, SENTENCES),  # the first sentence has ended, but less than LAG ago
        (3.0, SECONDLY + PAUSE + THIRD),
        (5.5, THIRD),
        (6.3, THIRD),
        (6.5, b""),
    ],
)
async def test_no_sentence_is_lost_with_the_avatar(joined: Connection, spoken: float, left: bytes) -> None:
    joined.say(SENTENCES)
    await joined.sent()
    joined.speech.speaking()
    joined.now += spoken
    joined.speech.lost("room")
    sent = await joined.sent()
    assert trimmed(by_voice(sent)) == trimmed(left)
    assert kinds(sent) == (["notice", "audio", "spoken"] if left else ["notice", "spoken"])
    assert joined.speech.plays_in_page, "from now on `played` counts"
    assert joined.changes == [("voice", "room")]


async def test_an_incomplete_utterance_continues_by_voice(joined: Connection) -> None:
    joined.speech.begin(0)
    joined.add(FIRST + PAUSE + SECONDLY)
    joined.speech.speaking()
    joined.now += 3
    joined.speech.lost("room")
    joined.add(PAUSE + THIRD)
    joined.speech.end()
    sent = await joined.sent()
    assert trimmed(by_voice(sent)) == trimmed(SECONDLY + PAUSE + THIRD)
    assert by_avatar(sent) == b"", "audio queued for the avatar was dropped"


async def test_a_played_utterance_is_not_repeated(joined: Connection) -> None:
    joined.say(FIRST)
    joined.speech.speaking()
    joined.wait(2)
    assert joined.speech.silent()
    joined.speech.played()
    await joined.sent()
    joined.speech.lost("room")
    assert kinds(await joined.sent()) == ["notice"]


async def test_a_frozen_avatar_may_have_been_silent_for_longer(joined: Connection) -> None:
    joined.say(SENTENCES)
    joined.speech.speaking()
    joined.now += 5.5
    await joined.sent()
    joined.speech.lost("frozen")
    assert trimmed(by_voice(await joined.sent())) == trimmed(SENTENCES)


async def test_time_in_which_the_avatar_was_silent_does_not_count_as_played(joined: Connection) -> None:
    joined.speech.begin(0)
    joined.add(SENTENCES)
    joined.speech.speaking()
    joined.now += 1
    joined.speech.silent()
    joined.now += 60
    await joined.sent()
    joined.speech.lost("room")
    assert by_voice(await joined.sent()) == SENTENCES


async def test_an_avatar_that_does_not_speak_counts_as_lost(joined: Connection) -> None:
    joined.say(FIRST)
    await joined.sent()
    joined.wait(MUTE_AFTER + 0.5)
    sent = await joined.sent()
    assert by_voice(sent) == FIRST
    assert kinds(sent) == ["interrupt", "notice", "audio", "spoken"], "it is interrupted in case it does speak"
    assert joined.changes == [("voice", "mute")]


async def test_an_avatar_that_speaks_in_time_is_not_lost(joined: Connection) -> None:
    joined.say(FIRST)
    joined.wait(MUTE_AFTER - 0.5)
    joined.speech.speaking()
    joined.wait(MUTE_AFTER)
    assert joined.changes == []


async def test_played_by_counts_from_the_first_word_on_each_route(joined: Connection) -> None:
    joined.say(FIRST)
    joined.now += 5
    joined.speech.speaking()
    assert joined.speech.played_by == pytest.approx(joined.now + 2 + 10)
    joined.speech.lost("room")
    assert joined.speech.played_by == pytest.approx(joined.now + 2 + 10)


async def test_of_a_very_long_utterance_the_newest_part_is_kept(joined: Connection) -> None:
    joined.speech.begin(0)
    joined.add(tone(35, 220))
    joined.add(THIRD)
    joined.speech.speaking()
    joined.now += 36
    joined.speech.lost("room")
    heard = by_voice(await joined.sent())
    assert len(heard) <= MAX_AUDIO
    assert heard.endswith(THIRD)


async def test_a_room_with_too_low_a_limit_is_not_used() -> None:
    connection = Connection()
    connection.speech.ready("c123", 200)
    connection.say(FIRST)
    assert by_voice(await connection.sent()) == FIRST
    assert connection.changes == [("voice", "bandwidth")]


# From voice to the avatar


async def test_an_avatar_that_is_back_speaks_the_next_utterance(joined: Connection) -> None:
    joined.speech.begin(0)
    joined.add(FIRST)
    joined.speech.lost("room")
    joined.speech.ready("c123")
    joined.add(SECONDLY)
    joined.speech.end()
    sent = await joined.sent()
    assert by_voice(sent) == FIRST + SECONDLY
    assert notices(sent) == ["avatar_lost", "avatar_back"]
    joined.say(THIRD, turn=2)
    sent = await joined.sent()
    assert by_avatar(sent) == THIRD
    assert by_voice(sent) == b""
    assert joined.changes == [("voice", "room"), ("avatar", "ready")]


async def test_an_avatar_that_is_back_is_interrupted_before_its_next_utterance(joined: Connection) -> None:
    """A replica goes on speaking after the page has left, which would delay the next utterance."""
    joined.say(SENTENCES)
    await joined.sent()
    joined.speech.lost("frozen")
    joined.speech.ready("c123")
    assert kinds(await joined.sent()) == ["notice", "audio", "spoken", "notice"], "the page still plays the voice"
    joined.say(THIRD, turn=2)
    assert kinds(await joined.sent()) == ["interrupt", "echo", "spoken"]
    joined.say(FIRST, turn=4)
    assert kinds(await joined.sent()) == ["echo", "spoken"]


async def test_messages_carry_the_id_of_the_new_conversation(joined: Connection) -> None:
    joined.speech.lost("shutdown")
    joined.speech.ready("c456")
    joined.say(FIRST)
    assert {event["conversation_id"] for event in echoes(await joined.sent())} == {"c456"}


@pytest.mark.parametrize("begun", [False, True])
async def test_an_avatar_that_joins_again_speaks_what_it_has_not_begun(joined: Connection, *, begun: bool) -> None:
    """A page may rejoin without having reported a loss."""
    joined.say(FIRST)
    if begun:
        joined.speech.speaking()
    await joined.sent()
    joined.speech.ready("c123")
    sent = await joined.sent()
    assert (by_voice(sent) if begun else by_avatar(sent)) == FIRST
    assert kinds(sent)[0] == "interrupt", "the avatar does not speak it as well"


# The candidate's own choice


async def test_the_candidate_may_change_to_voice_at_once(joined: Connection) -> None:
    joined.say(SENTENCES)
    joined.speech.speaking()
    joined.now += 3
    await joined.sent()
    joined.speech.choose("voice")
    sent = await joined.sent()
    assert trimmed(by_voice(sent)) == trimmed(SECONDLY + PAUSE + THIRD)
    assert kinds(sent) == ["interrupt", "audio", "spoken"], "their own choice needs no notice"
    assert joined.speech.output == "voice"
    joined.speech.choose("voice")
    assert joined.changes == [("voice", "candidate")]


async def test_the_candidate_may_change_to_the_avatar_with_the_next_utterance(joined: Connection) -> None:
    joined.speech.choose("voice")
    joined.say(FIRST)
    joined.speech.choose("avatar")
    assert joined.speech.output == "avatar"
    joined.say(SECONDLY, turn=2)
    sent = await joined.sent()
    assert (by_voice(sent), by_avatar(sent)) == (FIRST, SECONDLY)
    assert joined.changes == [("voice", "candidate"), ("avatar", "candidate")]


async def test_an_avatar_chosen_before_it_has_joined_speaks_once_it_has() -> None:
    connection = Connection("voice")
    connection.speech.choose("avatar")
    assert connection.speech.output == "voice"
    connection.say(FIRST)
    connection.speech.ready("c123")
    connection.say(SECONDLY, turn=2)
    sent = await connection.sent()
    assert (by_voice(sent), by_avatar(sent)) == (FIRST, SECONDLY)
    assert connection.changes == [("avatar", "ready")]


async def test_losing_an_avatar_that_is_not_wanted_needs_no_notice(joined: Connection) -> None:
    joined.speech.choose("voice")
    await joined.sent()
    joined.speech.lost("candidate")
    assert await joined.sent() == []
    joined.speech.choose("avatar")
    assert joined.speech.output == "voice"
    assert joined.changes == [("voice", "candidate")]


async def test_audio_queued_for_an_avatar_that_joins_again_is_sent_once(joined: Connection) -> None:
    joined.say(FIRST)
    joined.speech.ready("c123")
    assert by_avatar(await joined.sent()) == FIRST


async def test_choosing_voice_ends_the_wait_for_the_avatar(waiting: Connection) -> None:
    waiting.say(FIRST)
    waiting.speech.choose("voice")
    waiting.speech.choose("avatar")
    assert waiting.speech.output == "voice"
    waiting.wait(AVATAR_WAIT + 1)
    assert kinds(await waiting.sent()) == ["audio", "spoken"], "no notice of an avatar that was not awaited"


async def test_a_loss_before_the_candidate_chose_voice_is_not_reported_as_over_later(joined: Connection) -> None:
    joined.speech.lost("room")
    joined.speech.choose("voice")
    joined.speech.ready("c123")
    joined.speech.choose("avatar")
    joined.speech.ready("c123")
    assert notices(await joined.sent()) == ["avatar_lost"]


async def test_an_utterance_without_audio_is_spoken_once_the_wait_is_over(waiting: Connection) -> None:
    waiting.say(b"")
    waiting.wait(AVATAR_WAIT + 1)
    assert kinds(await waiting.sent()) == ["notice", "spoken"]


async def test_the_avatars_lips_mean_nothing_for_an_utterance_by_voice(joined: Connection) -> None:
    joined.say(FIRST)
    joined.speech.choose("voice")
    joined.speech.speaking()
    assert not joined.speech.silent()


async def test_an_avatar_that_joins_again_without_a_loss_is_no_change(joined: Connection) -> None:
    joined.speech.ready("c123")
    assert joined.changes == []
