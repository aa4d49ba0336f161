from relay.browser.thinking_gate import TAIL, ThinkingGate
from relay.gemini.model import END_OF_ANSWER_MS
from tests.relay.conftest import SILENCE, SPEECH


def test_silence_does_not_go_through() -> None:
    hold = ThinkingGate()
    assert not any(hold.passes(SILENCE) for _ in range(1000))


def test_speech_goes_through_with_its_soft_end() -> None:
    hold = ThinkingGate()
    frames = [SILENCE, SPEECH, SPEECH, *[SILENCE] * 100, SPEECH, SILENCE]
    passed = [place for place, pcm in enumerate(frames) if hold.passes(pcm)]
    assert passed == [*range(1, 2 + TAIL), 103, 104]


def test_the_soft_end_is_too_short_to_end_an_answer() -> None:
    """40 ms a frame; the service ends an answer after END_OF_ANSWER_MS of silence."""
    assert TAIL * 40 < END_OF_ANSWER_MS
