import asyncio
import io
import wave
from collections.abc import Callable

import pytest

from interview.errors import ModelUnavailable
from interview.record import Turn
from interview.usage import TextUsage
from relay.gemini.transcriber import COPIES, QUEUE, Allowance, Transcriber, to_wav
from tests.relay.conftest import SPEECH, now

TURN = Turn(3, "candidate", "", now(), now(), doubt=("untranscribed",))


class Model:
    """A text model that answers in turn, or fails."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[bytes, str]] = []

    def counted(self, _: Callable[[TextUsage], None]) -> "Model":
        return self

    async def transcribe(self, wav: bytes, language: str) -> str:
        self.asked.append((wav, language))
        answer = self.answers.pop(0)
        if answer is None:
            raise ModelUnavailable("The language model can't be reached.")
        return answer


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.01)


async def test_a_turn_without_words_gets_those_of_the_text_model_and_says_so() -> None:
    model, told = Model("I built a queue."), list[Turn]()
    transcriber = Transcriber(model, session_id="s", language="en-US", allowance=Allowance(), tell=told.append)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(transcriber.run())
        transcriber.put(TURN, SPEECH * 50)
        await until(lambda: told)
        running.cancel()
    assert [(turn.number, turn.text, turn.doubt) for turn in told] == [(3, "I built a queue.", ("unclear",))]
    wav, language = model.asked[0]
    assert language == "en-US"
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        assert file.readframes(file.getnframes()) == SPEECH * 50


async def test_a_failure_is_logged_by_its_code_and_the_next_turn_is_tried(capsys: pytest.CaptureFixture[str]) -> None:
    model, told = Model(None, "", "Words."), list[Turn]()
    transcriber = Transcriber(model, session_id="s", language="en-US", allowance=Allowance(), tell=told.append)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(transcriber.run())
        for _ in range(3):
            transcriber.put(TURN, SPEECH)
        await until(lambda: told)
        running.cancel()
    assert len(told) == 1, "no words are no news"
    assert '"second_transcription_failed"' in capsys.readouterr().out


async def test_what_waits_is_bounded_and_without_sound_nothing_is_asked() -> None:
    model = Model(*["Words."] * 20)
    transcriber = Transcriber(model, session_id="s", language="en-US", allowance=Allowance(), tell=lambda _: None)
    transcriber.put(TURN, b"")
    for _ in range(QUEUE + 5):
        transcriber.put(TURN, SPEECH)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(transcriber.run())
        await until(lambda: len(model.asked) >= QUEUE)
        await asyncio.sleep(0)
        running.cancel()
    assert len(model.asked) == QUEUE
    assert to_wav(b"")[:4] == b"RIFF"


async def test_sound_is_bounded_over_all_interviews_of_an_instance_and_given_back() -> None:
    model, told, allowance = Model("Words.", "More words."), list[Turn](), Allowance(COPIES * 150)
    first, second = (
        Transcriber(model, session_id="s", language="en-US", allowance=allowance, tell=told.append) for _ in range(2)
    )
    first.put(TURN, bytes(100))
    second.put(TURN, bytes(100))
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(first.run()), group.create_task(second.run())]
        await until(lambda: told)
        assert len(model.asked) == 1, "the other interview's answer had no room"
        await until(lambda: allowance.take(150))
        allowance.give_back(150)
        second.put(TURN, bytes(150))
        await until(lambda: len(told) == 2)
        for task in running:
            task.cancel()


async def test_an_interview_that_ends_gives_back_what_waits_and_takes_no_more() -> None:
    class Silent(Model):
        async def transcribe(self, wav: bytes, language: str) -> str:
            await super().transcribe(wav, language)
            return await asyncio.Future[str]()

    model, allowance = Silent("Words."), Allowance(COPIES * 300)
    transcriber = Transcriber(model, session_id="s", language="en-US", allowance=allowance, tell=lambda _: None)
    for _ in range(3):
        transcriber.put(TURN, bytes(100))
    assert not allowance.take(1)
    running = asyncio.create_task(transcriber.run())
    await until(lambda: model.asked)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    transcriber.put(TURN, bytes(100))
    assert allowance.take(300)
