"""A sentence of each voice to hear, over HTTP: made once, by the same wire as Gemini's."""

import io
import wave
from pathlib import Path

import pytest

from local.gemini import Script, embedded
from tests.functions.service import Service, serving_functions

SAMPLE = "/api/interview/voice-sample"


def seconds(wav: bytes) -> float:
    with wave.open(io.BytesIO(wav)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 24_000)
        length: float = sound.getnframes() / sound.getframerate()
        return length


async def test_each_sample_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with embedded(Script(voice="tone")) as gemini:
        env = {"GEMINI_BASE_URL": gemini.base_url, "GEMINI_CA_FILE": str(gemini.ca_file)}
        async with serving_functions(tmp_path, monkeypatch, **env) as service:
            first = await service.start.get(SAMPLE, params={"voice": "Puck"})
            assert (first.status_code, first.headers["content-type"]) == (200, "audio/wav")
            assert "max-age" in first.headers["cache-control"]
            again = await service.start.get(SAMPLE, params={"voice": "Puck"})
            assert again.content == first.content
            slow = await service.start.get(SAMPLE, params={"voice": "Puck", "speech_rate": "slow"})
            assert seconds(slow.content) > 1.2 * seconds(first.content) > 0
        requests = gemini.received.requests
        assert len(requests) == 2
        config = requests[0]["generationConfig"]
        assert config["speechConfig"]["voiceConfig"]["prebuiltVoiceConfig"]["voiceName"] == "Puck"
        assert config["responseModalities"] == ["AUDIO"]


@pytest.mark.parametrize(
    ("query", "code"), [({"voice": "HAL"}, "invalid_voice"), ({"speech_rate": "fast"}, "invalid_speech_rate")]
)
async def test_a_voice_or_rate_that_is_not_offered_is_refused(
    service: Service, query: dict[str, str], code: str
) -> None:
    answer = await service.start.get(SAMPLE, params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert service.files() == []


async def test_after_a_failure_the_model_is_left_alone_for_a_minute(service: Service) -> None:
    answer = await service.start.get(SAMPLE, params={"voice": "Kore"})
    assert answer.status_code == 503, "the model answers with words and no sound"
    asked = len(service.model.calls)
    for _ in range(3):
        assert (await service.start.get(SAMPLE, params={"voice": "Kore"})).status_code == 503
    assert len(service.model.calls) == asked
