"""The second transcription of spoken answers, at the relay's socket and against scripted frames."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from interview.errors import ModelUnavailable
from interview.record import Turn
from interview.usage import TextUsage
from relay.gemini.second_ear import SecondEar
from relay.gemini.transcriber import COPIES, Allowance
from tests.relay.conftest import Build, now
from tests.relay.puppet import Connection, puppet
from tests.relay.test_line import Line, dial, greet, reply

SAID = "I built a queue in Python and it had ten workers."


class Model:
    """A text model that understands this in every recording, and bills 100 tokens for each."""

    def __init__(
        self, heard: str, count: Callable[[TextUsage], None] = lambda _: None, asked: list[int] | None = None
    ) -> None:
        self.heard = heard
        self._count = count
        self.asked = [] if asked is None else asked

    def counted(self, count: Callable[[TextUsage], None]) -> "Model":
        return Model(self.heard, count, self.asked)

    async def transcribe(self, wav: bytes, language: str) -> str:
        assert language == "en-US"
        self.asked.append(len(wav) // 32_000)
        self._count(TextUsage(calls=1, prompt_audio=100))
        return self.heard


async def held(tmp_path: Path, build: Build, model: Model, *, second_ear: bool = True, budget: float = 0.0) -> Line:
    """An interview with one spoken answer, after its end."""

    async def script(connection: Connection) -> None:
        await greet(connection)
        await reply(connection, SAID, "I see. And why?")

    async with puppet(tmp_path, script) as service:
        running = await build(gemini=service.gemini, text_model=model, second_ear=second_ear, budget=budget)
        interview = await running.interview()
        async with dial(running, interview) as candidate:
            line = Line(running, service, interview, candidate)
            await line.seen("floor", holder="candidate")
            await line.speak(3)
            await line.quiet(3)
            await line.seen("caption", turn=2, final=True)
            if second_ear and not budget:
                async with asyncio.timeout(60):
                    while not model.asked:
                        await asyncio.sleep(0.01)
            await candidate.send("end")
            await line.seen("ended")
        await running.gone()
    assert service.failures == []
    return line


@pytest.mark.parametrize(
    ("heard", "doubts"),
    [
        ("I built a queue in Python, it had 10 workers", ()),
        ("The weather in Rome was fine.", ("unclear",)),
        ("", ("unclear",)),
    ],
)
async def test_a_strong_difference_makes_an_answer_unclear(
    tmp_path: Path, build: Build, heard: str, doubts: tuple[str, ...]
) -> None:
    model = Model(heard)
    line = await held(tmp_path, build, model)
    (answer,) = [turn for turn in await line.turns() if turn.speaker == "candidate"]
    assert (answer.text, answer.doubt) == (SAID, doubts), "its words stay"
    (seconds,) = model.asked
    assert 2 <= seconds <= 7, "the sound of this answer"
    usage = (await line.running.store.get(line.interview.session_id)).usage
    assert (usage.transcription, usage.text) == (TextUsage(calls=1, prompt_audio=100), TextUsage())
    marked = [message for message in line.candidate.messages if message.get("doubt") == ["unclear"]]
    assert bool(marked) == bool(doubts)


async def test_without_the_operators_leave_nothing_is_transcribed_twice(tmp_path: Path, build: Build) -> None:
    model = Model("The weather in Rome was fine.")
    line = await held(tmp_path, build, model, second_ear=False)
    assert model.asked == []
    assert all(turn.doubt == () for turn in await line.turns())


def turn(number: int, text: str = SAID) -> Turn:
    return Turn(number, "candidate", text, now(), now())


def ear(model: Model, told: list[Turn], allowance: Allowance | None = None, *, affordable: bool = True) -> SecondEar:
    return SecondEar(
        model,
        session_id="s",
        language="en-US",
        allowance=allowance or Allowance(),
        affordable=lambda: affordable,
        tell=told.append,
    )


async def run_until(second: SecondEar, true: Callable[[], object]) -> None:
    async with asyncio.TaskGroup() as group:
        running = group.create_task(second.run())
        async with asyncio.timeout(60):
            while not true():
                await asyncio.sleep(0.01)
        running.cancel()


async def test_words_that_are_amended_after_the_second_transcription_are_compared_again() -> None:
    model, told = Model(SAID), list[Turn]()
    second = ear(model, told)
    second.put(turn(1), bytes(64_000))
    await run_until(second, lambda: model.asked)
    assert told == []
    second.put(turn(1, "The weather in Rome was fine."), b"")
    assert [(one.text, one.doubt) for one in told] == [("The weather in Rome was fine.", ("unclear",))]
    assert len(model.asked) == 1


async def test_sound_is_bounded_over_all_interviews_and_given_back() -> None:
    model, told, allowance = Model(SAID), list[Turn](), Allowance(COPIES * 100_000)
    second, other = ear(model, told, allowance), ear(model, told, allowance)
    second.put(turn(1), bytes(64_000))
    other.put(turn(1), bytes(64_000))
    await run_until(second, lambda: model.asked)
    assert model.asked == [2]
    other.put(turn(3), bytes(64_000))
    await run_until(other, lambda: len(model.asked) == 2)
    assert not allowance.take(100_001)
    async with asyncio.timeout(60):
        while not allowance.take(100_000):
            await asyncio.sleep(0.01)


async def test_an_interview_over_its_budget_is_not_transcribed_again() -> None:
    model = Model(SAID)
    poor, rich = ear(model, [], affordable=False), ear(model, [])
    poor.put(turn(1), bytes(96_000))
    rich.put(turn(1), bytes(64_000))
    await run_until(rich, lambda: model.asked)
    assert model.asked == [2]


async def test_a_model_that_fails_marks_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    class Failing(Model):
        async def transcribe(self, wav: bytes, language: str) -> str:
            await super().transcribe(wav, language)
            raise ModelUnavailable("The language model can't be reached.")

    model, told = Failing(""), list[Turn]()
    second = ear(model, told)
    second.put(turn(1), bytes(64_000))
    second.put(turn(3), bytes(64_000))
    await run_until(second, lambda: len(model.asked) == 2)
    assert told == []
    assert '"second_transcription_failed"' in capsys.readouterr().out
