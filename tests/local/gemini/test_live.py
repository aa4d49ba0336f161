"""Live over the wire, through the SDK; with every switch of Behaviour set both ways."""

import asyncio
import itertools
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from google.genai import errors, types

from local.gemini import Behaviour, Fault, Script, certificate
from local.gemini.ear import ScriptedEar
from local.gemini.server import serve
from local.gemini.voice import ToneVoice
from relay.talk.directions import REMIND
from tests.local.gemini.conftest import BEGIN, PROMPT, TONES, Start, Talk, noise, silence, talk


def lasts(audio: bytes) -> float:
    return len(audio) / 48_000


async def begin(interview: Talk) -> None:
    await interview.write(BEGIN)
    await interview.turn()


async def test_it_greets_by_the_name_in_the_cv_with_words_in_the_messages_of_audio(start: Start) -> None:
    async with talk(await start()) as interview:
        await interview.write(BEGIN)
        turn = await interview.turn()
    assert turn.said.startswith("Hello Jane, I'm Iris")
    assert turn.said.endswith("?")
    kinds = [kind for kind, _ in itertools.groupby(turn.order)]
    assert kinds[:2] == ["audio", "output_transcription"]
    assert kinds[-2:] == ["generation_complete", "turn_complete"]
    assert lasts(turn.audio) == pytest.approx(0.02 * len(turn.said.split()), abs=0.045)
    assert turn.usage is not None
    assert turn.usage.total_token_count == (turn.usage.prompt_token_count or 0) + (turn.usage.response_token_count or 0)


async def test_tokens_are_not_counted_on_request(start: Start) -> None:
    async with talk(await start(replace(TONES, counted=False))) as interview:
        await interview.write(BEGIN)
        turn = await interview.turn()
    assert turn.order[-1] == "turn_complete"
    assert turn.usage is None


async def test_audio_comes_faster_than_it_plays_and_turn_complete_when_it_has_played(start: Start) -> None:
    script = Script(voice="tone", tone_seconds=0.1, heard=(), speed=4.0, answers=(" ".join(["word"] * 20),))
    async with talk(await start(script)) as interview:
        await interview.write(BEGIN)
        turn = await interview.turn()
    assert lasts(turn.audio) == pytest.approx(2.0, abs=0.045)
    began = turn.first["audio"]
    assert turn.at["generation_complete"] - began < 1.0
    assert turn.at["turn_complete"] - began == pytest.approx(lasts(turn.audio), abs=0.2)


async def test_an_utterance_is_transcribed_once_after_it_and_answered(start: Start) -> None:
    script = replace(TONES, heard=("I built a payment service with Kafka and I liked it.",))
    async with talk(await start(script)) as interview:
        await begin(interview)
        await interview.speak(noise(1.0))
        assert (await interview.quiet(0.3)).heard == ""
        await interview.speak(silence(1.5))
        turn = await interview.turn()
    assert turn.heard == "I built a payment service with Kafka and I liked it."
    assert turn.order.count("input_transcription") == 1
    assert "Kafka" in turn.said
    assert turn.said.count("?") == 1


async def test_a_pause_does_not_end_an_answer(start: Start) -> None:
    script = replace(TONES, heard=("I started out as a nurse", "and then I moved into software for hospitals."))
    async with talk(await start(script)) as interview:
        await begin(interview)
        await interview.speak(noise(1.0) + silence(0.8) + noise(1.0))
        early = await interview.quiet(0.5)
        assert "audio" not in early.order
        await interview.speak(silence(1.0))
        turn = await interview.turn()
    assert (
        early.heard + turn.heard
    ).strip() == "I started out as a nurse and then I moved into software for hospitals."


async def test_silence_and_short_clicks_are_not_answered(start: Start) -> None:
    async with talk(await start()) as interview:
        await begin(interview)
        await interview.speak(silence(2.0) + noise(0.04) + silence(2.0) + noise(0.5) + silence(2.0))
        assert (await interview.quiet(0.4)).order == []


async def test_speech_interrupts_the_interviewer(start: Start) -> None:
    script = replace(TONES, tone_seconds=0.3, pace=1.0, heard=("Sorry, I have to say something first.",))
    async with talk(await start(script)) as interview:
        await interview.write(BEGIN)
        await interview.turn(until="audio")
        await interview.speak(noise(0.5))
        cut = await interview.turn()
        assert cut.interrupted
        assert cut.order[-2:] == ["interrupted", "turn_complete"]
        assert "generation_complete" not in cut.order
        await interview.speak(noise(0.3) + silence(1.2))
        turn = await interview.turn(until="output_transcription")
    assert turn.heard.startswith("Sorry")


async def test_speech_that_goes_on_before_it_is_transcribed_is_one_utterance(start: Start) -> None:
    script = replace(TONES, pace=1.0, heard=("I built the thing with", "RabbitMQ and a little bit of luck."))
    async with talk(await start(script)) as interview:
        await interview.speak(noise(1.0) + silence(1.0))
        await interview.speak(noise(1.0) + silence(1.2))
        turn = await interview.turn(until="generation_complete")
    assert turn.heard == "I built the thing with RabbitMQ and a little bit of luck."
    assert turn.order.count("input_transcription") == 1
    assert "interrupted" not in turn.order


async def test_words_that_were_left_without_an_answer_count_for_the_next(start: Start) -> None:
    heard = ("I built a booking service with Elasticsearch.", "It was slow at first, and then it was not.")
    async with talk(await start(replace(TONES, heard=heard, faults=(Fault("empty_turn", turn=1),)))) as interview:
        await begin(interview)
        await interview.speak(noise(1.0) + silence(1.2))
        assert (await interview.turn()).heard == heard[0]
        await interview.speak(noise(1.0) + silence(1.2))
        turn = await interview.turn()
    assert turn.heard == heard[1]
    assert "Elasticsearch" in turn.said


async def test_a_typed_answer_is_a_turn_and_interrupts(start: Start) -> None:
    async with talk(await start(replace(TONES, tone_seconds=0.3, pace=1.0))) as interview:
        await interview.write(BEGIN)
        await interview.turn(until="audio")
        await interview.write("I have led a team of nine people at a bakery called Crumbs for two years.")
        assert (await interview.turn()).interrupted
        turn = await interview.turn(until="generation_complete")
    assert turn.heard == ""
    assert "Crumbs" in turn.said


async def test_the_end_is_called_without_a_word_and_goodbye_follows_the_response(start: Start) -> None:
    async with talk(await start()) as interview:
        await begin(interview)
        await interview.write("I'd like to stop the interview.")
        turn = await interview.turn()
        assert turn.order == ["tool_call", "generation_complete", "turn_complete"]
        assert [(call.name, call.args) for call in turn.calls] == [("end_interview", {"reason": "candidate_request"})]
        await interview.answer(turn.calls[0], scheduling=None)
        farewell = await interview.turn()
    assert "goodbye" in farewell.said
    assert farewell.order[-2:] == ["generation_complete", "turn_complete"]


@pytest.mark.parametrize("honoured", [True, False])
async def test_a_silent_response_is_followed_by_nothing_if_that_is_honoured(start: Start, honoured: bool) -> None:
    script = replace(TONES, behaviour=Behaviour(silent_honoured=honoured))
    async with talk(await start(script)) as interview:
        await begin(interview)
        await interview.write("Let's stop here.")
        await interview.answer((await interview.turn()).calls[0])
        rest = await interview.quiet(1.5)
    assert ("goodbye" in rest.said) is not honoured
    assert (rest.order == []) is honoured


async def test_the_call_may_come_after_the_goodbye_in_the_same_turn(start: Start) -> None:
    async with talk(await start(replace(TONES, behaviour=Behaviour(call="after_speech")))) as interview:
        await begin(interview)
        await interview.write("[Time is up: say goodbye in one or two sentences, then call end_interview.]")
        farewell = await interview.turn()
        assert "goodbye" in farewell.said
        assert farewell.order[-3:] == ["tool_call", "generation_complete", "turn_complete"]
        assert farewell.calls[0].args == {"reason": "time"}
        await interview.answer(farewell.calls[0], scheduling=None)
        assert (await interview.turn()).said == "Goodbye."


async def test_the_call_may_come_in_the_turn_after_the_goodbye(start: Start) -> None:
    async with talk(await start(replace(TONES, behaviour=Behaviour(call="next_turn")))) as interview:
        await begin(interview)
        await interview.write("Let's stop here.")
        farewell = await interview.turn()
        assert "goodbye" in farewell.said
        assert farewell.calls == []
        assert (await interview.turn()).order == ["tool_call", "generation_complete", "turn_complete"]


async def test_a_refused_end_goes_on_with_a_question(start: Start) -> None:
    async with talk(await start()) as interview:
        await begin(interview)
        await interview.write("Let's stop here.")
        call = (await interview.turn()).calls[0]
        await interview.answer(call, "WHEN_IDLE", error="The interview has hardly begun.")
        turn = await interview.turn()
    assert turn.said.endswith("?")


@pytest.mark.parametrize("cancels", [True, False])
async def test_speaking_before_the_response_cancels_the_call_if_calls_are_cancelled(
    start: Start, cancels: bool
) -> None:
    heard = ("Wait, one more thing, please.",)
    async with talk(await start(replace(TONES, heard=heard, behaviour=Behaviour(cancels_calls=cancels)))) as interview:
        await begin(interview)
        await interview.write("Let's stop here.")
        call = (await interview.turn()).calls[0]
        await interview.speak(noise(1.0) + silence(1.2))
        turn = await interview.turn()
    assert turn.cancelled == ([call.id] if cancels else [])
    assert turn.heard == heard[0]


@pytest.mark.parametrize("interrupts", [True, False])
async def test_text_while_it_speaks_interrupts_or_waits(start: Start, interrupts: bool) -> None:
    script = replace(TONES, pace=1.0, tone_seconds=0.1, behaviour=Behaviour(text_interrupts=interrupts))
    async with talk(await start(script)) as interview:
        await interview.write(BEGIN)
        await interview.turn(until="audio")
        await interview.write("I have led a team of nine people at a bakery called Crumbs for two years.")
        turn = await interview.turn()
        assert turn.interrupted is interrupts
        assert ("generation_complete" in turn.order) is not interrupts
        assert "Crumbs" in (await interview.turn()).said


@pytest.mark.parametrize(("silence_form", "order"), [("empty_turn", ["turn_complete"]), ("nothing", [])])
async def test_silence_that_was_asked_for_can_have_other_forms(
    start: Start, silence_form: Literal["empty_turn", "nothing"], order: list[str]
) -> None:
    async with talk(await start(replace(TONES, behaviour=Behaviour(silence=silence_form)))) as interview:
        await begin(interview)
        await interview.write("[Little time is left. Do not answer this message. After the next answer wrap up.]")
        assert (await interview.quiet(0.5)).order == order


async def test_without_the_tool_there_is_no_call(start: Start) -> None:
    async with talk(await start(), tools=[]) as interview:
        await begin(interview)
        await interview.write("Let's stop here.")
        assert (await interview.turn()).calls == []


async def test_a_note_on_time_is_kept_without_a_word(start: Start) -> None:
    async with talk(await start()) as interview:
        await begin(interview)
        await interview.write("[Little time is left. Do not answer this message. After the next answer wrap up.]")
        assert (await interview.turn()).said == "<no speech>"
        await interview.write("I have written software for libraries for about seven years now.")
        assert (await interview.turn()).said.endswith("Do you have any questions for me?")


async def test_a_handle_resumes_without_a_greeting(start: Start) -> None:
    server = await start()
    resumption = types.SessionResumptionConfig()
    async with talk(server, session_resumption=resumption) as interview:
        await interview.write(BEGIN)
        greeting = await interview.turn()
        await interview.write("I have written software for libraries for about seven years now.")
        assert (await interview.turn()).handles == [], "one handle, at connect"
    (handle,) = greeting.handles
    async with talk(server, session_resumption=types.SessionResumptionConfig(handle=handle)) as interview:
        await interview.write("I would test it with real data before I believe any of it.")
        turn = await interview.turn()
    assert turn.said
    assert "Hello" not in turn.said
    assert turn.said.split(". ")[-1] not in greeting.said


async def test_a_handle_may_lead_back_to_the_moment_that_it_was_sent(start: Start) -> None:
    server = await start(replace(TONES, behaviour=Behaviour(handle_holds="moment")))
    async with talk(server) as interview:
        (handle,) = (await interview.quiet(0.3)).handles
        await begin(interview)
    async with talk(server, session_resumption=types.SessionResumptionConfig(handle=handle)) as interview:
        await interview.write(BEGIN)
        assert "Hello Jane" in (await interview.turn()).said


@pytest.mark.parametrize(
    ("handles", "asked", "count"),
    [("once", True, 1), ("each_turn_if_asked", True, 2), ("each_turn_if_asked", False, 1), ("each_turn", False, 2)],
)
async def test_handles_come_once_or_after_turns(
    start: Start, handles: Literal["once", "each_turn_if_asked", "each_turn"], asked: bool, count: int
) -> None:
    resumption = types.SessionResumptionConfig() if asked else None
    server = await start(replace(TONES, behaviour=Behaviour(handles=handles)))
    async with talk(server, session_resumption=resumption) as interview:
        await interview.write(BEGIN)
        turn = await interview.turn()
        assert len(turn.handles + (await interview.quiet(0.2)).handles) == count


async def test_a_handle_may_have_to_be_asked_for(start: Start) -> None:
    async with talk(await start(replace(TONES, behaviour=Behaviour(unasked_handle=False)))) as interview:
        assert (await interview.quiet(0.2)).handles == []


@pytest.mark.parametrize("code", [1007, 1008])
async def test_a_dead_handle_is_refused(start: Start, code: Literal[1007, 1008]) -> None:
    server = await start(replace(TONES, behaviour=Behaviour(dead_handle_code=code)))
    with pytest.raises(errors.APIError, match="session not found") as refused:
        async with talk(server, session_resumption=types.SessionResumptionConfig(handle="made-up")):
            pass
    assert refused.value.code == code


@pytest.mark.parametrize("waits", [True, False])
async def test_a_direction_while_the_candidate_speaks_waits_or_is_answered(start: Start, waits: bool) -> None:
    async with talk(await start(replace(TONES, behaviour=Behaviour(directions_wait=waits)))) as interview:
        await begin(interview)
        await interview.speak(noise(0.6))
        await interview.write("[The candidate has said nothing for a while: ask whether they can hear you.]")
        assert ("audio" in (await interview.quiet(0.5)).order) is not waits


@pytest.mark.parametrize("honoured", [True, False])
async def test_the_silence_that_ends_speech_is_the_clients_choice_if_that_is_honoured(
    start: Start, honoured: bool
) -> None:
    script = replace(TONES, heard=("Yes.",), behaviour=Behaviour(silence_ms_honoured=honoured))
    detection = types.AutomaticActivityDetection(silence_duration_ms=2_000)
    realtime = types.RealtimeInputConfig(automatic_activity_detection=detection)
    async with talk(await start(script), realtime_input_config=realtime) as interview:
        await interview.speak(noise(1.0) + silence(1.5))
        assert (await interview.quiet(0.5)).heard == ("" if honoured else "Yes.")


async def test_a_resume_beside_the_old_connection_is_refused(start: Start) -> None:
    server = await start()
    async with talk(server, session_resumption=types.SessionResumptionConfig()) as interview:
        (handle,) = (await interview.quiet(0.3)).handles
        with pytest.raises(errors.APIError) as refused:
            async with talk(server, session_resumption=types.SessionResumptionConfig(handle=handle)):
                pass
        assert refused.value.code == 1011
        await begin(interview)


async def test_seeded_history_is_not_asked_again(start: Start) -> None:
    server = await start()
    turns = []
    async with talk(server) as interview:
        for text in (BEGIN, "I built a shop with Django and Postgres for a bakery.", "We tested it on paper first."):
            await interview.write(text)
            turns += [("user", text), ("model", (await interview.turn()).said)]
    history = types.HistoryConfig(initial_history_in_client_content=True)
    async with talk(server, history_config=history) as interview:
        contents: list[types.Content | types.ContentDict] = [
            types.Content(role=role, parts=[types.Part(text=text)]) for role, text in turns
        ]
        await interview.session.send_client_content(turns=contents, turn_complete=True)
        assert (await interview.quiet(0.2)).order == []
        await interview.write(
            "[The connection was restored. Do not greet again. If your last question is unanswered, ...]"
        )
        again = await interview.turn()
        assert again.said.endswith(turns[-1][1].split(". ")[-1])
        await interview.write("I would measure it for a month and then decide with the others.")
        onward = await interview.turn()
    said = " ".join(text for role, text in turns if role == "model")
    assert "Hello" not in again.said + onward.said
    assert onward.said.split(". ")[-1] not in said


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"model": "gemini-9-live-imaginary!"}, 1008, "not found"),
        ({"model": "gemini-3.8-flash"}, 1008, "bidiGenerateContent"),
        ({"key": "wrong"}, 1007, "API key not valid"),
        ({"response_modalities": ["TEXT"]}, 1007, "non-audio"),
        ({"thinking_config": types.ThinkingConfig(thinking_level=types.ThinkingLevel.LOW)}, 1007, "Thinking level"),
    ],
)
async def test_what_the_real_service_refuses_is_refused(
    start: Start, changes: dict[str, object], code: int, words: str
) -> None:
    with pytest.raises(errors.APIError, match=words) as refused:
        async with talk(await start(replace(TONES, api_key="any")), **changes):  # type: ignore[arg-type]
            pass
    assert refused.value.code == code


async def test_what_was_received_can_be_asserted_on(start: Start) -> None:
    server = await start()
    async with talk(server) as interview:
        assert server.received.open_connections == 1
        await interview.speak(silence(0.5))
        await begin(interview)
        await interview.write("Let's stop here.")
        await interview.answer((await interview.turn()).calls[0])
        await interview.quiet(0.1)
    received = server.received
    assert received.setups[0]["model"] == "models/gemini-3.8-live"
    assert received.audio_bytes == len(silence(0.5))
    assert list(received.texts) == [BEGIN, "Let's stop here."]
    assert received.tool_responses[0]["silent"]
    assert list(received.keys) == ["any"]


async def test_a_typed_name_is_said_back_and_one_that_may_be_misheard_is_not(start: Start) -> None:
    unknown = {"system_instruction": PROMPT.split("<cv>")[0]}
    server = await start(replace(TONES, heard=("I'm Xiaopin.",)))
    async with talk(server, **unknown) as interview:
        await interview.write(BEGIN)
        assert "what I may call you" in (await interview.turn()).said
        await interview.write("I'm Tom.")
        assert (await interview.turn()).said.startswith("Nice to meet you, Tom.")
    async with talk(server, **unknown) as interview:
        await interview.write(BEGIN)
        await interview.turn()
        await interview.speak(noise(1.0) + silence(1.5))
        said = (await interview.turn()).said
    assert said.startswith("Nice to meet you.")
    assert "Xiaopin" not in said


class LateEar(ScriptedEar):
    """Returns the words when it is told to."""

    def __init__(self, *texts: str) -> None:
        super().__init__(texts)
        self.asked = asyncio.Event()
        self.done = asyncio.Event()

    async def transcribe(self, pcm: bytes) -> str:
        self.asked.set()
        await self.done.wait()
        return await super().transcribe(pcm)


async def test_a_reminder_while_the_words_are_being_written_down_repeats_nothing(tmp_path: Path) -> None:
    context, ca_file = certificate.issue(tmp_path)
    ear = LateEar("I built a booking service for hotels, and it has run for years.")
    async with (
        serve(lambda: TONES, context, ca_file, voice=ToneVoice(0.02), ear=ear) as server,
        talk(server) as interview,
    ):
        await begin(interview)
        await interview.speak(noise(1.0) + silence(1.5))
        await ear.asked.wait()
        await interview.write(REMIND)
        async with asyncio.timeout(60):
            while REMIND not in server.received.texts:
                await asyncio.sleep(0.01)
        assert "audio" not in (await interview.quiet(1.0)).order
        ear.done.set()
        turn = await interview.turn()
    assert "booking service" in turn.heard
    assert "say that again" not in turn.said
