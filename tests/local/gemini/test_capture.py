"""The stand-in's frames beside the recorded ones of gemini-3.8-live: the same checks for both, on its own clock."""

import asyncio
import itertools
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from local.gemini import Behaviour, Fault, Script
from local.gemini.recording import Entry, read
from local.gemini.wire import Activity, Audio, Content, Setup, StreamEnd, Text, ToolResponse, ToolResponses
from tests.local.gemini.conftest import BEGIN, PROMPT, noise, silence
from tests.local.gemini.shape import Turn, turns
from tests.local.gemini.stepped import Stepped, frames_of, play

DATA = Path(__file__).parents[2] / "data/gemini-live"
COMPLETE = ("spoken-turns-and-tool-g38", "long-utterance-g38", "silence-zeros-streamed-g38")
HEARD = ("I have written software for hospitals, and most of it was in Python.", "Mostly at night.", "Let's stop here.")


def recorded(name: str) -> tuple[Entry, ...]:
    return read(DATA / f"{name}.jsonl")


async def interview(service: Stepped) -> None:
    """As in the recordings: three utterances, of which the third makes it call the tool."""
    for seconds in (5.4, 3.7, 2.5):
        await service.say(seconds, quiet=9)
    call = calls(service.timeline)[0]
    await service.send(
        ToolResponses((ToolResponse(call, "end_interview", silent=False, refused=False),)), "tool response"
    )
    await service.until("turnComplete")


async def long_answer(service: Stepped) -> None:
    await service.say(16.0, quiet=16)
    await service.say(3.7, quiet=12)


def calls(timeline: Sequence[Entry]) -> list[str]:
    return [call["id"] for frame in frames_of(timeline) for call in frame.get("toolCall", {}).get("functionCalls", [])]


@pytest.fixture(params=[*COMPLETE, *(f"stand-in {seed}" for seed in range(5)), "stand-in, long answer"])
def timeline(request: pytest.FixtureRequest) -> Sequence[Entry]:
    """A recording, or what the stand-in sends to the same client."""
    return of(str(request.param))


@cache
def of(name: str) -> Sequence[Entry]:
    if name in COMPLETE:
        return recorded(name)
    if name.endswith("long answer"):
        return play(Script(voice="tone", heard=HEARD), long_answer).timeline
    return play(Script(voice="tone", heard=HEARD, seed=int(name.rsplit(maxsplit=1)[-1])), interview).timeline


def spoken(found: list[Turn]) -> list[Turn]:
    return [turn for turn in found if turn.sizes]


def test_the_frames_come_in_the_recorded_order(timeline: Sequence[Entry]) -> None:
    for turn in turns(timeline):
        assert re.fullmatch(r"(h?nw[aw]*|hnc)gt", turn.order), turn.kinds
        assert len(re.match(r"\.*", turn.kinds)[0]) <= 7  # type: ignore[index]
    kinds = "".join(turn.kinds for turn in turns(timeline))
    assert 0.25 < kinds.count(".") / len(kinds) < 0.6


def test_the_words_of_an_utterance_come_once_and_nothing_while_it_lasts(timeline: Sequence[Entry]) -> None:
    for turn in turns(timeline):
        if turn.spoken:
            assert turn.kinds.count("h") == 1
            assert turn.times[0] > turn.asked
            wait = turn.at("h") - turn.asked
            assert 1.2 < wait < 1.7 if turn.spoken < 6 else 2.3 < wait < 2.9
            assert turn.at("h") == pytest.approx(turn.times[0], abs=0.01)


def test_the_reply_begins_at_most_six_tenths_of_a_second_after_the_words(timeline: Sequence[Entry]) -> None:
    for turn in spoken(turns(timeline)):
        if "h" in turn.kinds:
            assert turn.audio[0] - turn.at("h") < 0.62


def test_chunks_have_the_recorded_sizes(timeline: Sequence[Entry]) -> None:
    for turn in spoken(turns(timeline)):
        first, *others = turn.sizes
        assert first == 2 or 3_840 <= first <= 15_360
        assert all(size % 1_920 == 0 and size <= 34_560 for size in others)


def test_words_have_the_recorded_borders(timeline: Sequence[Entry]) -> None:
    for turn in spoken(turns(timeline)):
        first, second, *others = turn.words
        assert first.endswith(" ")
        assert not first.startswith(" ")
        assert second == second.strip()
        assert all(words.startswith(" ") and not words.endswith(" ") for words in others)
        assert turn.order.index("w") == turn.order.index("n") + 1


def test_speech_comes_faster_than_it_plays(timeline: Sequence[Entry]) -> None:
    for turn in spoken(turns(timeline)):
        assert 3.5 < turn.seconds / (turn.at("g") - turn.audio[0]) < 10
        assert 0.0 <= turn.at("g") - turn.audio[-1] < 0.05


def test_turn_complete_is_the_first_audio_and_its_length(timeline: Sequence[Entry]) -> None:
    for turn in spoken(turns(timeline)):
        assert turn.at("t") - turn.audio[0] == pytest.approx(turn.seconds, abs=0.06)


def test_a_call_comes_with_its_turn_complete_and_before_the_response(timeline: Sequence[Entry]) -> None:
    found = turns(timeline)
    for turn, following in itertools.pairwise(found):
        if "c" in turn.kinds:
            assert turn.at("t") - turn.at("h") < 0.005
            assert turn.at("t") < following.asked
            assert 0.7 < following.audio[0] - following.asked < 0.9


def test_usage_counts_the_whole_context(timeline: Sequence[Entry]) -> None:
    prompts = []
    for turn in turns(timeline):
        assert turn.usage is not None
        details = {one["modality"]: one["tokenCount"] for one in turn.usage["promptTokensDetails"]}
        prompts.append(turn.usage["promptTokenCount"])
        assert set(details) == {"TEXT", "AUDIO"}
        assert 51 <= prompts[-1] - sum(details.values()) <= 99
        assert turn.usage["totalTokenCount"] == prompts[-1] + turn.usage["responseTokenCount"]
        assert 24 <= turn.usage["thoughtsTokenCount"] <= 141
        if turn.sizes:
            (detail,) = turn.usage["responseTokensDetails"]
            assert detail == {"modality": "AUDIO", "tokenCount": turn.usage["responseTokenCount"]}
            assert 0 <= detail["tokenCount"] - turn.seconds * 25 <= 8
        else:
            assert "responseTokensDetails" not in turn.usage
    assert prompts == sorted(prompts)


def test_one_handle_comes_unasked_at_connect(timeline: Sequence[Entry]) -> None:
    handles = [entry for entry in timeline if "sessionResumptionUpdate" in (entry.frame or {})]
    assert len(handles) == 1
    connected = timeline[0].t
    assert 0.25 < handles[0].t - connected < 0.45


@pytest.mark.parametrize("name", ["barge-in-g38et", "text-interrupts-g38et", "stand-in by voice", "stand-in by text"])
def test_an_interruption_ends_the_turn_without_generation_complete(name: str) -> None:
    async def by_voice(service: Stepped) -> None:
        await service.send(Text(BEGIN), "text")
        await service.until("modelTurn")
        await service.say(1.2, quiet=1)

    async def by_text(service: Stepped) -> None:
        await service.send(Text(BEGIN), "text")
        await service.until("modelTurn")
        await asyncio.sleep(0.2)
        await service.send(Content((("user", "Stop."),), complete=True), "clientContent")
        await service.until("interrupted")
        await service.until("turnComplete")

    script = Script(voice="tone", heard=HEARD, speed=1.2)
    acts = {"stand-in by voice": by_voice, "stand-in by text": by_text}
    timeline = play(script, acts[name]).timeline if name in acts else recorded(name)
    turn = next(turn for turn in turns(timeline) if "i" in turn.kinds)
    assert re.fullmatch(r"h?n?w[aw]*it", turn.order)
    assert 0.2 <= turn.at("t") - turn.at("i") < 0.45
    if "text" in name:
        assert 0.05 < turn.at("i") - turn.asked < 0.08


@pytest.mark.parametrize(
    "name",
    ["deliberate-silence-empty-audio-g38et", "deliberate-silence-with-audio-g38et", "no_speech", "no_speech_audio"],
)
def test_silence_on_purpose_has_the_recorded_form(name: str) -> None:
    async def act(service: Stepped) -> None:
        await service.send(Text(BEGIN), "text")
        await service.until("turnComplete")

    if name.startswith("deliberate"):
        timeline: Sequence[Entry] = recorded(name)
    else:
        timeline = play(Script(voice="tone", faults=(Fault(name),)), act).timeline  # type: ignore[arg-type]
    turn = turns(timeline)[-1]
    assert re.fullmatch(r"n?wa+Wgt", turn.order)
    assert "".join(turn.words) == "<no speech>"
    if name in ("deliberate-silence-with-audio-g38et", "no_speech_audio"):
        assert turn.sizes[0] == 2
        assert 0.6 < turn.seconds < 1.0
    else:
        assert set(turn.sizes) == {2}
    assert turn.at("t") - turn.audio[0] < 0.9


@pytest.mark.parametrize("ends", [None, StreamEnd()])
def test_a_microphone_that_stops_is_never_answered_and_its_words_pile_up(ends: StreamEnd | None) -> None:
    async def act(service: Stepped) -> None:
        for _ in range(3):
            await service.hear(noise(3) + silence(0.5))
            if ends:
                await service.send(ends)
            await asyncio.sleep(30)
        assert not turns(service.timeline)
        assert frames_of(service.timeline)[2:] == []
        await service.hear(silence(3))

    service = play(Script(voice="tone", heard=("One.", "Two.", "Three.")), act)
    (frame,) = [f for f in frames_of(service.timeline) if "inputTranscription" in f.get("serverContent", {})]
    assert frame["serverContent"]["inputTranscription"]["text"] == "One. Two. Three."


def test_the_end_of_the_stream_ends_speech_where_the_model_is_such() -> None:
    async def act(service: Stepped) -> None:
        await service.hear(noise(3) + silence(0.5))
        await service.send(StreamEnd())
        await service.until("inputTranscription")

    play(Script(voice="tone", heard=("One.",), behaviour=Behaviour(stream_end_ends_speech=True)), act)


@pytest.mark.parametrize("pause", [0.6, 0.7])
def test_a_short_pause_does_not_end_an_utterance(pause: float) -> None:
    async def act(service: Stepped) -> None:
        await service.hear(noise(2) + silence(pause) + noise(2) + silence(12))

    service = play(Script(voice="tone", heard=("One.", "Two.")), act)
    (turn,) = turns(service.timeline)
    assert turn.kinds.count("h") == 1


def test_activity_start_is_ignored_while_detection_is_automatic() -> None:
    async def act(service: Stepped) -> None:
        await service.send(Text(BEGIN), "text")
        await service.until("modelTurn")
        await service.send(Activity(began=True))
        await service.send(Audio(silence(1)))
        await service.until("turnComplete")

    assert "i" not in turns(play(Script(voice="tone"), act).timeline)[0].kinds


def test_extended_thinking_refuses_scheduling() -> None:
    refused = recorded("tool-scheduling-refused-g38et")[-1]

    async def act(service: Stepped) -> None:
        await service.send(Text(BEGIN), "text")
        await service.until("turnComplete")
        await service.send(Text("Let's stop here."), "text")
        call = (await service.until("toolCall"))["toolCall"]["functionCalls"][0]
        await service.send(ToolResponses((ToolResponse(call["id"], call["name"], True, False, scheduled=True),)))
        await asyncio.sleep(5)

    setup = Setup("models/gemini-3.8-live-extended-thinking", PROMPT, ("end_interview",))
    assert play(Script(voice="tone"), act, setup=setup).closed == refused.closed


def test_another_pace_changes_the_times_and_not_the_order() -> None:
    script = Script(voice="tone", heard=HEARD)
    slow = play(script, interview)
    fast = play(Script(voice="tone", heard=HEARD, pace=0.1), interview)
    assert [turn.kinds for turn in turns(fast.timeline)] == [turn.kinds for turn in turns(slow.timeline)]
    assert [turn.sizes for turn in turns(fast.timeline)] == [turn.sizes for turn in turns(slow.timeline)]
    for quick, turn in zip(spoken(turns(fast.timeline)), spoken(turns(slow.timeline)), strict=True):
        assert quick.at("t") - quick.audio[0] == pytest.approx((turn.at("t") - turn.audio[0]) / 10, abs=0.01)


def test_words_that_are_due_come_although_a_text_arrives_before_them() -> None:
    async def act(service: Stepped) -> None:
        await service.send(Text(BEGIN), "text")
        await service.until("turnComplete")
        await service.hear(noise(2) + silence(0.9))
        await service.send(Text("[Three minutes are left: wrap up.]"), "text")
        await service.hear(silence(8))

    found = turns(play(Script(voice="tone", heard=HEARD), act).timeline)
    assert [turn.order[:2] for turn in found] == ["nw", "hn"]
