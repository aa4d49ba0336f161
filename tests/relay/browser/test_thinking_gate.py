from relay.browser.thinking_gate import TAIL, ThinkingGate
from relay.gemini.model import END_OF_ANSWER_MS
from tests.relay.conftest import SILENCE, SPEECH


def test_silence_does_not_pass() -> None:
    gate = ThinkingGate()
    assert not any(gate.passes(SILENCE) for _ in range(1000))


def test_speech_passes_with_its_soft_end() -> None:
    gate = ThinkingGate()
    frames = [SILENCE, SPEECH, SPEECH, *[SILENCE] * 100, SPEECH, SILENCE]
    passed = [place for place, pcm in enumerate(frames) if gate.passes(pcm)]
    assert passed == [*range(1, 2 + TAIL), 103, 104]


def test_the_soft_end_is_too_short_to_end_an_answer() -> None:
    """A frame is 40 ms. Gemini ends an answer after END_OF_ANSWER_MS of silence."""
    assert TAIL * 40 < END_OF_ANSWER_MS
