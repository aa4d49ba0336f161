"""Extra time and thinking time, as the page sees them, with a time of day that the test moves."""

from datetime import datetime, timedelta

from interview.prompt import build_prompt
from local.gemini import Script
from relay.talk import directions
from tests.relay.conftest import Build, Candidate, now
from tests.relay.test_session import tone


class TimeOfDay:
    """The relay's time of day, `ahead` of the machine's."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> datetime:
        return now() + timedelta(seconds=self.ahead)


async def hold(candidate: Candidate, *, on: bool) -> float:
    """Ask for thinking time, or end it. Returns what the clock says then, in seconds."""
    await candidate.send("hold", on=on)
    await candidate.until("floor", holder="thinking" if on else "candidate")
    elapsed: float = (await candidate.until("time", **({"paused": True} if on else {})))["elapsed_seconds"]
    return elapsed


async def test_thinking_time_is_not_on_the_clock_for_five_minutes_in_all(build: Build) -> None:
    clock = TimeOfDay()
    running = await build(tone(answers=["What did you build?"]), clock=clock)
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        assert await hold(candidate, on=True) < 30
        clock.ahead += 200
        assert await hold(candidate, on=False) < 30
        candidate.socket.transport.abort()
    await running.gone()
    assert 200 <= (await running.store.get(interview.session_id)).thinking_seconds < 230
    async with running.candidate(interview.session_id) as candidate:
        assert (await candidate.until("ready"))["elapsed_seconds"] < 30, "the record has the thinking time"
        await candidate.until("floor", holder="candidate")
        await hold(candidate, on=True)
        clock.ahead += 400
        assert 300 < await hold(candidate, on=False) < 350, "only 100 of the 400 seconds were left"
        await candidate.send("end")
        await candidate.until("ended")
    await running.gone()
    assert (await running.store.get(interview.session_id)).thinking_seconds == 300


async def test_the_interview_ends_at_its_own_length(build: Build) -> None:
    running = await build(tone(answers=["Hello?"]))
    interview = await running.interview(max_duration_seconds=3, minutes=10, extra_time=2.0)
    async with running.candidate(interview.session_id) as candidate:
        assert (await candidate.until("ready"))["max_duration_seconds"] == 3
        assert (await candidate.until("ended"))["reason"] == "time_limit"


async def test_the_waits_for_an_answer_are_those_of_the_record(build: Build) -> None:
    running = await build(tone(answers=["What did you build?"]))
    interview = await running.interview(extra_time=0.01)  # none that is offered, so that nobody waits for 25 seconds
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await candidate.until("floor", holder="interviewer")
    assert running.gemini
    assert directions.ASK_GENTLY in running.gemini.received.texts


async def test_gemini_is_asked_for_the_chosen_voice_and_pace(build: Build) -> None:
    running = await build(Script(voice="tone"))
    prompt = build_prompt(
        skill_topic="SQL",
        level="beginner",
        language="en-US",
        cv=None,
        job_description=None,
        minutes=10,
        speech_rate="slow",
    )
    for voice, wanted in (("Puck", "Puck"), (None, "Kore")):
        interview = await running.interview(voice=voice, prompt=prompt)
        async with running.candidate(interview.session_id) as candidate:
            await candidate.until("ready")
            await candidate.until("caption")
        assert running.gemini
        setup = running.gemini.received.setups[-1]
        speech = setup["generationConfig"]["speechConfig"]
        assert speech["voiceConfig"]["prebuiltVoiceConfig"]["voiceName"] == wanted
        assert "asked you to speak slowly" in setup["systemInstruction"]["parts"][0]["text"]
