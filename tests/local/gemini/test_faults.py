"""Every failure on demand: the frames that it makes of it on the wire."""

import asyncio
import json
import re
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest
from google.genai import errors, types
from websockets.exceptions import InvalidStatus

from local.gemini import Behaviour, Fault, Script
from local.gemini.faults import CLOSES, LASTING, FaultKind, Moment
from local.gemini.wire import Detection, Setup, Text, ToolResponse, ToolResponses
from tests.local.gemini.conftest import BEGIN, PROMPT, TONES, Start, Talk, Turn, noise, silence, talk
from tests.local.gemini.shape import turns
from tests.local.gemini.stepped import Stepped, frames_of, play
from tests.local.gemini.test_server import SETUP, socket


@pytest.mark.parametrize("status", [401, 403, 429])
async def test_a_refused_handshake(start: Start, status: int) -> None:
    server = await start(replace(TONES, faults=(Fault("refuse", status=status),)))
    with pytest.raises(InvalidStatus) as refused:
        async with talk(server):
            pass
    assert refused.value.response.status_code == status


async def test_a_fault_of_one_connection_does_not_apply_to_the_next(start: Start) -> None:
    server = await start(replace(TONES, faults=(Fault("refuse", connection=0),)))
    with pytest.raises(InvalidStatus):
        async with talk(server):
            pass
    async with talk(server) as interview:
        await interview.write(BEGIN)
        assert (await interview.turn()).said


async def test_a_slow_setup(start: Start) -> None:
    server = await start(replace(TONES, faults=(Fault("slow_setup", seconds=0.4),)))
    began = asyncio.get_running_loop().time()
    async with talk(server):
        assert asyncio.get_running_loop().time() - began >= 0.4


async def test_a_setup_that_is_never_confirmed(start: Start) -> None:
    server = await start(replace(TONES, faults=(Fault("no_setup"),)))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5), talk(server):
            pass


async def test_go_away_is_followed_by_the_close(start: Start) -> None:
    server = await start(replace(TONES, faults=(Fault("go_away", moment="end", seconds=0.3),)))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        assert (await interview.turn(until="go_away")).leaving == "0.3s"
        with pytest.raises(errors.APIError) as closed:
            await interview.turn()
    assert closed.value.code == 1011


async def test_a_connection_has_a_lifetime(start: Start) -> None:
    server = await start(replace(TONES, connection_seconds=0.6, notice_seconds=0.4))
    async with talk(server) as interview:
        assert (await interview.turn(until="go_away")).leaving == "0.4s"
        with pytest.raises(errors.APIError):
            await interview.turn()


@pytest.mark.parametrize("code", [1007, 1008, 1011])
async def test_a_close_in_mid_sentence(start: Start, code: int) -> None:
    server = await start(replace(TONES, faults=(Fault("close", code=code, reason="No more."),)))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        await interview.turn(until="audio")
        with pytest.raises(errors.APIError, match="No more") as closed:
            await interview.turn()
    assert closed.value.code == code


async def test_a_connection_that_drops(start: Start) -> None:
    server = await start(replace(TONES, faults=(Fault("abort"),)))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        with pytest.raises(errors.APIError) as closed:
            await interview.turn()
    assert closed.value.code == 1006


async def test_silence_from_the_second_turn_on(start: Start) -> None:
    server = await start(replace(TONES, faults=(Fault("silence", turn=1, moment="start"),)))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        await interview.turn()
        await interview.write("I have built boats out of wood for twenty years now.")
        assert (await interview.quiet(0.5)).order == []


@pytest.mark.parametrize(
    ("kind", "order"), [("interrupt", ["interrupted", "turn_complete"]), ("turn_complete", ["turn_complete"])]
)
async def test_a_turn_that_breaks_off(start: Start, kind: FaultKind, order: list[str]) -> None:
    server = await start(replace(TONES, answers=("One two three four five six.",), faults=(Fault(kind),)))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        turn = await interview.turn()
        assert turn.said == "One two three"
        assert turn.order[-len(order) :] == order
        assert "generation_complete" not in turn.order
        assert (await interview.quiet(0.3)).order == []


async def test_thinking_is_text_that_is_neither_speech_nor_caption(start: Start) -> None:
    server = await start(replace(TONES, answers=("Hello there.",), faults=(Fault("thought", moment="start"),)))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        turn = await interview.turn()
    assert turn.said == "Hello there."
    assert turn.thoughts.count("Weighing") == 2


async def test_unknown_fields_come_inside_known_messages(start: Start) -> None:
    server = await start(replace(TONES, answers=("Hello there.",), faults=(Fault("unknown_field", moment="start"),)))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        assert (await interview.turn()).said == "Hello there."


@pytest.mark.parametrize(("kind", "error"), [("malformed", ValueError), ("unknown_message", TypeError)])
async def test_frames_that_the_sdk_rejects(start: Start, kind: FaultKind, error: type[Exception]) -> None:
    server = await start(replace(TONES, faults=(Fault(kind, moment="start"),)))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        with pytest.raises(error):
            await interview.turn(until="audio")
        assert (await interview.turn()).said.startswith("Hello")


# From here on without a socket: exact times on the service's own clock, at the recorded pace.

HEARD = ("I have built boats for twenty years, mostly of wood.", "And then I wrote software.", "That is all.")
ANSWER = "Which of them would you build again, and what would you do differently?"


def spoken(*faults: Fault, utterances: int = 1, quiet: float = 12.0, **script: Any) -> Stepped:
    """A greeting, and then some utterances and their replies."""

    async def client(service: Stepped) -> None:
        await service.send(Text(BEGIN), "text")
        await asyncio.sleep(8)
        for _ in range(utterances):
            await service.say(3.0, quiet=quiet)

    return play(Script(voice="tone", heard=HEARD, answers=("Hello.", ANSWER), faults=faults, **script), client)


def heard(service: Stepped) -> list[tuple[float, str]]:
    """The transcriptions and when they came."""
    contents = [(entry.t, (entry.frame or {}).get("serverContent", {})) for entry in service.timeline]
    return [(at, one["inputTranscription"]["text"]) for at, one in contents if "inputTranscription" in one]


def texts(service: Stepped) -> list[str]:
    return [text for _, text in heard(service)]


@pytest.mark.parametrize(
    ("kind", "code", "reason"),
    [
        ("session_not_found", 1008, "BidiGenerateContent session not found"),
        ("session_not_found_1007", 1007, "BidiGenerateContent session not found"),
        ("entity_not_found", 1008, "Requested entity was not found."),
        ("quota", 1011, "Resource has been exhausted (e.g. check quota)."),
        ("credits", 1011, "Your prepayment credits are depleted."),
        ("internal", 1011, "Internal error occurred."),
        ("language", 1007, "Unsupported language code"),
    ],
)
@pytest.mark.parametrize(
    "when",
    [{"moment": "connected", "after": 22.0}, {"turn": 1}, {"turn": 1, "moment": "hearing"}, {"moment": "end"}],
    ids=lambda when: str(when.get("moment", "middle")),
)
def test_a_close_by_its_cause_at_any_moment(kind: FaultKind, code: int, reason: str, when: dict[str, Any]) -> None:
    service = spoken(Fault(kind, **when), quiet=20)
    assert service.closed is not None
    assert service.closed[0] == code
    assert service.closed[1].startswith(reason)
    if "after" in when:
        assert service.ended == pytest.approx(22.0, abs=0.01)
    elif when.get("moment") == "hearing":
        assert service.ended == pytest.approx(8.2, abs=0.1)
    else:
        assert "modelTurn" in str(service.timeline[-3:]) or "turnComplete" in str(service.timeline[-1])


@pytest.mark.parametrize(
    "kind", ["session_not_found", "session_not_found_1007", "entity_not_found", "quota", "internal"]
)
async def test_a_handle_or_a_setup_that_is_refused_once(start: Start, kind: FaultKind) -> None:
    server = await start(replace(TONES, faults=(Fault(kind, moment="setup", connection=1),)))
    async with talk(server) as interview:
        (handle,) = (await interview.quiet(0.3)).handles
    resumption = types.SessionResumptionConfig(handle=handle)
    with pytest.raises(errors.APIError) as refused:
        async with talk(server, session_resumption=resumption):
            pass
    assert (refused.value.code, str(refused.value)) == (CLOSES[kind][0], str(refused.value))
    assert CLOSES[kind][1] in str(refused.value)
    async with talk(server, session_resumption=resumption) as interview:
        await interview.write(BEGIN)
        assert (await interview.turn()).said


async def test_a_refused_handle_does_not_apply_to_a_setup_without_one(start: Start) -> None:
    server = await start(replace(TONES, faults=(Fault("session_not_found", moment="setup"),)))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        assert (await interview.turn()).said


async def test_a_language_is_refused_for_as_long_as_it_is_named(start: Start) -> None:
    server = await start(replace(TONES, faults=(Fault("language", moment="setup"),)))
    for _ in range(2):
        with pytest.raises(errors.APIError, match="Unsupported language code"):
            async with talk(server):
                pass
    async with talk(server, input_audio_transcription=types.AudioTranscriptionConfig()) as interview:
        await interview.write(BEGIN)
        assert (await interview.turn()).said


@pytest.mark.parametrize(
    "where", [{"moment": "connected", "after": 5.0}, {"turn": 1}, {"turn": 1, "moment": "hearing"}]
)
def test_go_away_at_a_time_or_in_the_middle_of_speech(where: dict[str, Any]) -> None:
    service = spoken(Fault("go_away", seconds=3, **where))
    (notice,) = [entry for entry in service.timeline if "goAway" in (entry.frame or {})]
    assert notice.frame == {"goAway": {"timeLeft": "3s"}}
    assert service.closed == (1011, "The service is currently unavailable.")
    assert {"connected": 5.0, "hearing": 8.2}.get(where.get("moment", ""), notice.t) == pytest.approx(notice.t, abs=0.1)


@pytest.mark.parametrize(
    ("kind", "reason"), [("empty_turn", {}), ("rejected_turn", {"turnCompleteReason": "RESPONSE_REJECTED"})]
)
@pytest.mark.parametrize("turn", [0, 1])
def test_a_lone_turn_complete(kind: FaultKind, reason: dict[str, str], turn: int) -> None:
    service = spoken(Fault(kind, turn=turn), utterances=2)
    found = turns(service.timeline)
    assert found[turn].order == ("hnt" if turn else "nt")
    complete = [f["serverContent"] for f in frames_of(service.timeline) if "turnComplete" in f.get("serverContent", {})]
    assert complete[turn] == {"turnComplete": True, **reason}
    assert "w" in found[turn + 1].order


def test_empty_turns_in_a_row() -> None:
    service = spoken(Fault("rejected_turn", turn=1, turns=0), utterances=3)
    assert [turn.order for turn in turns(service.timeline)][1:] == ["hnt"] * 3


def test_a_faint_reply_has_an_amplitude_of_two() -> None:
    service = spoken(Fault("faint", turn=1))
    pcm = bytes(service.received.voice[1])
    assert np.abs(np.frombuffer(pcm, "<i2")).max() == 2
    assert len(pcm) > 48_000
    assert "".join(turns(service.timeline)[1].words) == ANSWER


def test_a_tone_that_never_ends() -> None:
    service = spoken(Fault("endless_tone", turn=1), quiet=15)
    assert len(turns(service.timeline)) == 1
    assert len(service.received.voice[1]) > 30 * 48_000


def test_a_transcription_that_never_comes() -> None:
    service = spoken(Fault("transcription_never", turn=1))
    assert texts(service) == []
    assert turns(service.timeline)[1].order.startswith("nw")
    assert ("candidate", HEARD[0]) in service.received.said, "the model has heard the words all the same"


def test_a_transcription_seconds_into_the_reply() -> None:
    service = spoken(Fault("transcription_late", turn=1, seconds=2.0))
    ((at, text),) = heard(service)
    assert text == HEARD[0]
    began = next(e.t for e in service.timeline if e.t > 8 and "modelTurn" in (e.frame or {}).get("serverContent", {}))
    assert at - began == pytest.approx(2.0, abs=0.01)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("transcription_doubled", [HEARD[0]] * 2),
        ("transcription_repeated", [HEARD[0]] * 4),
        ("transcription_split", ["I have built boats for", "twenty years, mostly of wood."]),
        ("transcription_headless", ["boats for twenty years, mostly of wood."]),
        ("transcription_arabic", ["نعم، عملت على ذلك لمدة ثلاث سنوات."]),
        ("transcription_russian", ["Да, я работал над этим три года."]),
        ("transcription_silence", ["[Silence]"]),
    ],
)
def test_transcriptions_that_are_not_what_was_said(kind: FaultKind, words: list[str]) -> None:
    assert texts(spoken(Fault(kind, turn=1))) == words


def test_a_model_that_is_silent_on_purpose() -> None:
    service = spoken(Fault("quiet", turn=1))
    assert texts(service) == [HEARD[0]]
    assert len(turns(service.timeline)) == 1
    last = service.timeline[-1]
    assert "inputTranscription" in str(last.frame)


@pytest.mark.parametrize(("moment", "before"), [("generated", "generationComplete"), ("end", "turnComplete")])
@pytest.mark.parametrize("kind", ["residual_audio", "late_words"])
def test_what_comes_after_the_end(kind: FaultKind, moment: Moment, before: str) -> None:
    service = spoken(Fault(kind, turn=1, moment=moment))
    contents = [frame["serverContent"] for frame in frames_of(service.timeline) if frame.get("serverContent")]
    at = max(n for n, content in enumerate(contents) if before in content)
    late = contents[at + 1]
    if kind == "residual_audio":
        assert "modelTurn" in late
    else:
        assert list(late) == ["outputTranscription"]
        words = [content["outputTranscription"]["text"] for content in contents if "outputTranscription" in content]
        assert "".join(words[1:]) == ANSWER, "nothing is missing"


def test_a_phantom_interruption() -> None:
    service = spoken(Fault("interrupt", turn=1))
    turn = turns(service.timeline)[1]
    assert re.fullmatch(r"hn[aw]+it", turn.order)
    assert 0.2 <= turn.at("t") - turn.at("i") <= 0.4


def test_a_direction_that_is_read_aloud() -> None:
    said = "".join(turns(spoken(Fault("directions_aloud")).timeline)[0].words)
    assert said == f"{BEGIN.strip('[]')} Hello."


@pytest.mark.parametrize("kind", ["waiting_for_input", "empty_frames"])
def test_frames_that_say_nothing(kind: FaultKind) -> None:
    service = spoken(Fault(kind, turn=1, moment="start"))
    frames = frames_of(service.timeline)
    if kind == "waiting_for_input":
        assert {"serverContent": {"waitingForInput": True}} in frames
    else:
        assert frames.count({"serverContent": {}}) == 2 + 5
    assert "".join(turns(service.timeline)[1].words) == ANSWER


async def test_a_message_over_a_mebibyte(start: Start) -> None:
    server = await start(replace(TONES, faults=(Fault("one_message"),)))
    async with socket(server) as opened, asyncio.timeout(60):
        await opened.send(json.dumps(SETUP))
        await opened.send(json.dumps({"realtime_input": {"text": BEGIN}}))
        frames = [await opened.recv()]
        while b"turnComplete" not in frames[-1]:
            frames.append(await opened.recv())
    assert max(map(len, frames)) > 2**20
    assert sum(b"modelTurn" in frame for frame in frames) == 1


@pytest.mark.parametrize("form", ["alone", "after_speech", "next_turn"])
def test_a_call_without_goodbye_and_a_goodbye_without_call(form: Literal["alone", "after_speech", "next_turn"]) -> None:
    async def client(service: Stepped) -> None:
        await service.send(Text(BEGIN), "text")
        await service.until("turnComplete")
        await service.send(Text("Let's stop here."), "text")
        await asyncio.sleep(15)
        for frame in frames_of(service.timeline):
            for call in frame.get("toolCall", {}).get("functionCalls", []):
                await service.send(ToolResponses((ToolResponse(call["id"], call["name"], False, False),)), "response")
        await asyncio.sleep(15)

    script = Script(voice="tone", behaviour=Behaviour(call=form))
    mute = turns(play(replace(script, faults=(Fault("call_without_goodbye", turn=1),)), client).timeline)
    assert [turn.order for turn in mute[1:]] == ["ncgt"]
    (uncalled,) = turns(play(replace(script, faults=(Fault("goodbye_without_call", turn=1),)), client).timeline)[1:]
    assert "goodbye" in "".join(uncalled.words)
    assert "c" not in uncalled.kinds


def test_realtime_text_that_is_ignored() -> None:
    async def client(service: Stepped) -> None:
        await service.send(Text(BEGIN), "text")
        await asyncio.sleep(10)
        assert turns(service.timeline) == []
        await service.send(Text(BEGIN), "text")
        await service.until("turnComplete")

    play(Script(voice="tone", faults=(Fault("ignored_text"),)), client)


def test_a_session_that_opens_and_never_answers() -> None:
    service = spoken(Fault("silence", moment="connected"))
    assert [list(frame) for frame in frames_of(service.timeline)] == [["setupComplete"]]


def test_a_second_of_pause_that_ends_a_turn() -> None:
    async def client(service: Stepped) -> None:
        await service.hear(noise(2) + silence(1.1) + noise(2) + silence(6))

    long = Setup("models/gemini-3.8-live", PROMPT, hears=True, detection=Detection(silence_ms=2_200))
    whole = play(Script(voice="tone", heard=HEARD), client, setup=long)
    assert len(texts(whole)) == 1
    cut = play(Script(voice="tone", heard=HEARD, pace=0.01, faults=(Fault("short_pause"),)), client, setup=long)
    assert texts(cut) == list(HEARD[:2])


@pytest.mark.parametrize("kind", [kind for kind in LASTING if kind not in ("endless_tone", "one_message")])
async def test_every_fault_of_whole_turns_can_be_commanded_on_an_open_connection(start: Start, kind: FaultKind) -> None:
    server = await start(replace(TONES, heard=HEARD))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        await interview.turn()
        before = await answered(interview)
        await server.strike(Fault(kind, seconds=0.1))
        after = await (stopped(interview) if "call" in kind else answered(interview, typed=kind in TYPED))
    assert (after.said, after.heard, after.order.count("input_transcription")) != (
        before.said,
        before.heard,
        1,
    ) or after.order[-3:] != before.order[-3:]


TYPED = ("directions_aloud", "ignored_text")


async def answered(interview: Talk, *, typed: bool = False) -> Turn:
    if typed:
        await interview.write("I have built boats.")
    else:
        await interview.speak(noise(1.0) + silence(1.2))
    return await interview.quiet(1.5)


async def stopped(interview: Talk) -> Turn:
    await interview.write("Let's stop here.")
    return await interview.quiet(1.0)
