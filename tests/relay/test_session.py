import asyncio
import time
from datetime import timedelta

import pytest

from interview.record import Turn
from local.gemini import Fault, Script
from relay.talk import directions
from relay.talk.clock import FAREWELL
from tests.relay.conftest import SILENCE, SPEECH, Build, RunningRelay, now


def tone(**fields: object) -> Script:
    """Tones for a voice, scripted words for what is heard: fast, and the same each time."""
    return Script.read(
        {
            "voice": "tone",
            "heard": ["I wrote a queue.", "It lost no message."] * 20,
            "speed": 50,
            "trailing": 0.1,
            "pace": 0.1,
            "behaviour": {"handles": "each_turn_if_asked", "call": "after_speech"},
            **fields,
        }
    )


async def gone(running: RunningRelay) -> None:
    """Until the relay has put everything in order after the last candidate."""
    async with asyncio.timeout(60):
        while running.admission.live:
            await asyncio.sleep(0.01)


def texts(turns: list[Turn]) -> list[tuple[int, str, str]]:
    return [(turn.number, turn.speaker, turn.text) for turn in turns]


async def test_a_whole_interview(build: Build) -> None:
    running = await build(tone(answers=["Hello, what did you build?", "How did it fail?"]))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        ready = await candidate.next()
        assert 0 <= ready.pop("elapsed_seconds") < 20
        assert ready == {
            "type": "ready",
            "session_id": interview.session_id,
            "resumed": False,
            "output": "voice",
            "max_duration_seconds": 1500,
        }
        await candidate.until("floor", holder="interviewer")
        await candidate.until("spoken", turn=0)
        await candidate.until("floor", holder="candidate")
        assert candidate.audio, "the greeting is audible"
        await candidate.speak(1)
        await candidate.until("caption", turn=1, final=True)
        await candidate.until("spoken", turn=2)
        await candidate.until("floor", holder="candidate")
        await candidate.send("end")
        assert (await candidate.until("ended"))["reason"] == "candidate"
        assert await candidate.closed() == (1000, "")
    record = await running.store.get(interview.session_id)
    assert (record.status, record.ended_reason, record.live.epoch) == ("ended", "candidate", 1)
    assert texts(await running.store.turns(interview.session_id)) == [
        (0, "interviewer", "Hello, what did you build?"),
        (1, "candidate", "I wrote a queue."),
        (2, "interviewer", "How did it fail?"),
    ]
    await gone(running)
    assert running.gemini
    assert running.gemini.received.texts[0] == directions.BEGIN


async def test_speaking_over_the_interviewer_silences_it(build: Build) -> None:
    running = await build(tone(answers=["A very long question."], tone_seconds=5, speed=1))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="interviewer")
        async with asyncio.TaskGroup() as group:
            group.create_task(candidate.speak(1))
            assert (await candidate.until("interrupted"))["turn"] == 0
            await candidate.until("floor", holder="candidate")
            heard = len(candidate.audio)
            await candidate.until("caption", speaker="candidate")
        assert len(candidate.audio) == heard, "nothing of it comes after"
        await candidate.until("caption", speaker="interviewer", turn=2)
    await running.admission.drain(5)
    first, second, *_ = await running.store.turns(interview.session_id)
    assert "A very long question.".startswith(first.text)
    assert first.interrupted
    assert (second.text, second.interrupted) == ("I wrote a queue.", False)


async def test_a_typed_answer_is_answered(build: Build) -> None:
    running = await build(tone(answers=["Hello?", "Why?"]))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await candidate.send("text", text="I prefer to type.")
        assert (await candidate.until("caption", turn=1))["text"] == "I prefer to type."
        await candidate.until("spoken", turn=2)
    await running.gone()
    answer = (await running.store.turns(interview.session_id))[1]
    assert (answer.text, answer.source) == ("I prefer to type.", "text")
    assert running.gemini
    assert "I prefer to type." in running.gemini.received.texts


async def test_nothing_typed_is_a_stage_direction(build: Build) -> None:
    running = await build(tone(answers=["Hello?", "Why?"]))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await candidate.send("text", text=directions.GOODBYE)
        await candidate.until("spoken", turn=2)
    await running.gone()
    assert running.gemini
    assert running.gemini.received.texts[-1] == directions.GOODBYE.replace("[", "(").replace("]", ")")
    assert not running.gemini.received.tool_responses
    assert (await running.store.turns(interview.session_id))[1].text == directions.GOODBYE, "kept as it was typed"


async def test_typing_while_the_interviewer_speaks_cuts_it_off(build: Build) -> None:
    running = await build(tone(answers=["A very long question.", "Fine."], tone_seconds=5, speed=1))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="interviewer")
        await candidate.send("text", text="Stop.")
        await candidate.until("interrupted", turn=0)
        await candidate.until("caption", turn=2, speaker="interviewer")
    assert [message["text"] for message in candidate.messages if message.get("turn") == 2] == ["Fine."]


async def test_a_pause_of_two_seconds_does_not_end_an_answer(build: Build) -> None:
    running = await build(tone(answers=["Hello?", "Why?"]))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        for sound in [SPEECH] * 25 + [SILENCE] * 50 + [SPEECH] * 25 + [SILENCE] * 65:
            await candidate.socket.send(sound)
            await asyncio.sleep(0.01)
        await candidate.until("spoken", turn=2)
    assert candidate.said("candidate") == ["I wrote a queue. It lost no message."]


async def test_a_muted_microphone_is_heard_as_silence(build: Build) -> None:
    running = await build(tone(answers=["Hello?", "Why?"]))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await candidate.send("mute", on=True)
        await candidate.speak(1, pace=20)
        await candidate.send("mute", on=False)
        await candidate.send("text", text="Did you hear that?")
        await candidate.until("spoken", turn=2)
    assert candidate.said("candidate") == ["Did you hear that?"]
    assert running.gemini
    assert running.gemini.received.audio_bytes > 0, "yet the stream goes on"


async def test_the_interviewer_ends_when_its_farewell_has_been_heard(build: Build) -> None:
    running = await build(tone())
    interview = await running.interview()
    async with running.candidate(interview.session_id, played=False) as candidate:
        await candidate.until("spoken", turn=0)
        await candidate.send("played")
        await candidate.send("text", text="I would like to stop the interview now, please.")
        farewell = await candidate.until("spoken")
        assert running.gemini
        async with asyncio.timeout(60):
            while not running.gemini.received.tool_responses:
                await asyncio.sleep(0.01)
        assert running.admission.live == 1, "it waits until the farewell has been heard"
        await candidate.send("played")
        assert (await candidate.until("ended"))["reason"] == "interviewer"
        assert await candidate.closed() == (1000, "")
    turns = await running.store.turns(interview.session_id)
    assert turns[-1].number == farewell["turn"]
    assert (await running.store.get(interview.session_id)).ended_reason == "interviewer"


async def test_time_is_told_and_the_interviewer_says_goodbye(build: Build) -> None:
    running = await build(tone(answers=["Hello?"]))
    # Told of the end after 80 s, and to say goodbye after 90 s: a busy machine has ten seconds for each.
    interview = await running.interview(max_duration_seconds=100, started_at=now() - timedelta(seconds=77))
    async with running.candidate(interview.session_id) as candidate:
        assert (await candidate.until("ended"))["reason"] == "time_limit"
        assert await candidate.closed() == (1000, "")
    assert running.gemini
    assert list(running.gemini.received.texts) == [directions.BEGIN, directions.WRAP_UP, directions.GOODBYE]
    assert [message["type"] for message in candidate.messages].count("time") >= 2
    assert len(candidate.said("interviewer")) == 2


async def test_time_ends_it_whatever_the_interviewer_does(build: Build) -> None:
    running = await build(tone(answers=["Hello?"], faults=[{"kind": "silence", "turn": 0, "moment": "end"}]))
    interview = await running.interview(max_duration_seconds=2)
    async with running.candidate(interview.session_id) as candidate:
        assert (await candidate.until("ended"))["reason"] == "time_limit"
    times = [message for message in candidate.messages if message["type"] == "time"]
    assert times[-1]["remaining_seconds"] == 0
    assert (await running.store.get(interview.session_id)).ended_reason == "time_limit"


async def test_a_page_that_closes_in_mid_answer_loses_no_word(build: Build) -> None:
    running = await build(tone(answers=["Hello?"]))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        async with asyncio.TaskGroup() as group:
            group.create_task(candidate.speak(1))
            await candidate.until("caption", speaker="candidate", final=False)
        candidate.socket.transport.abort()
    await gone(running)
    record = await running.store.get(interview.session_id)
    assert (record.status, record.ended_reason) == ("live", None), "it can be taken up again"
    assert (await running.store.turns(interview.session_id))[1].text.startswith("I wrote")


async def test_taken_up_again_it_goes_on_where_it_was(build: Build) -> None:
    running = await build(tone(answers=["Hello?"]))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
    await gone(running)
    assert (await running.store.get(interview.session_id)).live.resumption_handle
    async with running.candidate(interview.session_id) as again:
        ready = await again.next()
        assert (ready["type"], ready["resumed"]) == ("ready", True)
        assert (await again.next())["text"] == "Hello?", "what was said before is told again"
        assert (await again.next()) == {"type": "question", "number": 1, "about": 10}
        assert (await again.next()) == {"type": "floor", "holder": "candidate"}
        await again.speak(1)
        assert (await again.until("caption", speaker="candidate"))["turn"] == 1
        assert (await again.until("spoken"))["turn"] == 2
    assert running.gemini
    assert list(running.gemini.received.texts) == [directions.BEGIN], "nobody greets again"
    assert "handle" in running.gemini.received.setups[1]["sessionResumption"]


async def test_taken_up_in_the_middle_of_a_question_it_is_told_the_transcript(build: Build) -> None:
    running = await build(tone(answers=["Hello? " + "Well. " * 20], tone_seconds=0.5, speed=1))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("caption", final=False)
    await gone(running)
    async with running.candidate(interview.session_id) as again:
        assert (await again.until("ready"))["resumed"]
        cut = await again.next()
        assert cut["text"].startswith("Hello?")
        assert (await again.until("caption", turn=1))["speaker"] == "interviewer"
    assert running.gemini
    assert list(running.gemini.received.texts) == [directions.BEGIN, directions.GO_ON]
    assert running.gemini.received.histories[0][1:] == [("model", cut["text"])]


async def test_an_end_from_elsewhere_is_noticed_with_the_next_turn(build: Build) -> None:
    running = await build(tone(answers=["Hello?", "Why?"]))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await running.store.end(interview.session_id, "candidate", interview.created_at)
        await candidate.send("text", text="Hello?")
        assert (await candidate.until("ended"))["reason"] == "candidate"
        assert await candidate.closed() == (1000, "")


@pytest.mark.parametrize("fault", ["thought", "malformed", "unknown_field", "unknown_message"])
async def test_odd_frames_are_passed_over(build: Build, fault: str) -> None:
    running = await build(
        tone(answers=["What did you build?"], faults=[{"kind": fault, "turn": 0, "moment": "middle"}])
    )
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("spoken", turn=0)
    assert candidate.said("interviewer") == ["What did you build?"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault("refuse", status=403), "model_key"),
        (Fault("refuse", status=404), "model_name"),
        (
            Fault("close", turn=0, moment="start", code=1007, reason="API key not valid. Please pass a valid API key."),
            "model_key",
        ),
    ],
)
async def test_what_no_repeating_mends_is_said_and_ends_it(build: Build, fault: Fault, code: str) -> None:
    running = await build(Script(voice="tone", heard=(), faults=(fault,)))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        notice = await candidate.until("notice")
        assert notice["code"] == code
        assert "key not valid" not in notice["message"], "in our words"
        assert (await candidate.until("ended"))["reason"] == "failed"
        assert await candidate.closed() == (1000, "")
    assert (await running.store.get(interview.session_id)).status == "failed"


@pytest.mark.parametrize(
    ("fault", "notice"),
    [
        (Fault("refuse", connection=0, status=429), "model_quota"),
        (Fault("refuse", connection=0, status=503), "model_busy"),
        (
            Fault("close", connection=0, turn=0, moment="start", code=1011, reason="You exceeded your current quota."),
            "model_quota",
        ),
        (
            Fault(
                "close", connection=0, turn=0, moment="start", code=1008, reason="models/x is not found for API version"
            ),
            None,
        ),
        (
            Fault("close", connection=0, turn=0, moment="start", code=1008, reason="Requested entity was not found."),
            None,
        ),
    ],
)
async def test_what_passes_is_waited_for(
    build: Build, monkeypatch: pytest.MonkeyPatch, fault: Fault, notice: str | None
) -> None:
    monkeypatch.setattr("relay.gemini.supervisor.FIRST_PAUSE", 0.05)
    running = await build(Script(voice="tone", answers=("Hello?",), heard=(), speed=50, faults=(fault,)))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("spoken")
        assert candidate.said("interviewer") == ["Hello?"]
        notices = [message["code"] for message in candidate.messages if message["type"] == "notice"]
        assert [code for code in notices if code.startswith("model")] == ([notice] if notice else [])
        assert ("resumed" in notices) >= bool(notice)
    assert (await running.store.get(interview.session_id)).status == "live"


async def test_a_key_that_is_refused(build: Build) -> None:
    running = await build(Script(voice="tone", heard=(), api_key="another"))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        assert (await candidate.until("notice"))["code"] == "model_key"
        assert (await candidate.until("ended"))["reason"] == "failed"


async def test_a_service_that_never_answers(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relay.gemini.model.CONNECT_TIMEOUT", 0.1)
    monkeypatch.setattr("relay.gemini.supervisor.BUDGET", 0.5)
    running = await build(Script(voice="tone", heard=(), faults=(Fault("no_setup"),)))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        assert (await candidate.until("notice", code="model_silent"))["message"]
        assert (await candidate.closed())[0] == 1011
    assert (await running.store.get(interview.session_id)).status == "live", "it can be tried again"


async def test_a_service_that_connects_and_says_nothing(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relay.talk.waiting.ANSWER", 0.2)
    monkeypatch.setattr("relay.talk.waiting.AFTER_REMINDER", 0.1)
    monkeypatch.setattr("relay.gemini.supervisor.BUDGET", 0.5)
    running = await build(Script(voice="tone", heard=(), faults=(Fault("silence", turn=0, moment="start"),)))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        assert (await candidate.until("notice", code="model_silent"))["message"]
        assert (await candidate.closed())[0] == 1011


async def test_a_fault_of_ours_loses_nothing_and_is_said(
    build: Build, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    running = await build(tone(answers=["Hello?", "And then what did you do after that?"], tone_seconds=1, speed=2))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await candidate.send("text", text="I wrote a queue.")
        await candidate.until("caption", turn=2, final=False)

        def broken(*_: object, **__: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr("relay.talk.waiting.tick", broken)
        notice = await candidate.until("notice", code="unavailable")
        assert notice["message"] == "Something went wrong on our side. Nothing that was said is lost."
        assert (await candidate.closed())[0] == 1011
    await gone(running)
    first, second, third = await running.store.turns(interview.session_id)
    assert [first.text, second.text] == ["Hello?", "I wrote a queue."]
    assert third.text.startswith("And")
    assert third.broken_off
    assert (await running.store.get(interview.session_id)).status == "live", "it can be taken up again"
    assert "session_failed" in capsys.readouterr().out


async def test_nothing_is_left_when_it_is_over(running: RunningRelay) -> None:
    interview = await running.interview()
    before = asyncio.all_tasks()
    for _ in range(3):
        async with running.candidate(interview.session_id) as candidate:
            await candidate.until("ready")
        await gone(running)
    assert running.gemini
    async with asyncio.timeout(60):
        while running.gemini.received.open_connections or len(asyncio.all_tasks()) > len(before):
            await asyncio.sleep(0.01)


async def test_the_operator_ends_live_interviews_with_a_goodbye(build: Build) -> None:
    must_end = False

    async def switch() -> bool:
        return must_end

    running = await build(tone(answers=["Hello, what did you build?", "Thank you. Goodbye."]), must_end=switch)
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        must_end = True
        while (left := (await candidate.until("time"))["remaining_seconds"]) > FAREWELL:
            pass  # the switch is looked at now and then
        assert left > 0
        await candidate.until("caption", speaker="interviewer", text="Thank you. Goodbye.", final=True)
        assert (await candidate.until("ended"))["reason"] == "time_limit"
    await running.gone()
    assert running.gemini
    assert directions.GOODBYE in running.gemini.received.texts
    ended = await running.store.get(interview.session_id)
    assert (ended.status, ended.ended_reason) == ("ended", "time_limit")


@pytest.mark.parametrize("sealed", [False, True])
async def test_an_end_elsewhere_is_noticed_and_the_connection_released(running: RunningRelay, *, sealed: bool) -> None:
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        assert (await running.store.get(interview.session_id)).live.held
        if sealed:
            await running.store.seal(interview.session_id, now())
        else:
            await running.store.end(interview.session_id, "candidate", now())
        assert await candidate.closed() == ((4410, "already_ended") if sealed else (1000, ""))
    await running.gone()
    assert not (await running.store.get(interview.session_id)).live.held


async def test_an_interview_whose_candidate_has_left_is_released(running: RunningRelay) -> None:
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
    await running.gone()
    left = await running.store.get(interview.session_id)
    assert (left.status, left.live.held) == ("live", False)


async def test_a_starved_relay_fills_in_no_silence(build: Build) -> None:
    running = await build(tone(answers=["Hello, what did you build?", "How did it fail?"]))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        asyncio.get_running_loop().call_later(0.25, time.sleep, 0.7)  # while the candidate speaks
        await candidate.speak(2)
        await candidate.until("caption", speaker="interviewer", turn=2)
    await running.admission.drain(5)
    assert (await running.store.turns(interview.session_id))[1].text == "I wrote a queue."
