"""A spoken sentence of each voice that is offered. Each is generated once, kept, and shared by all callers."""

import io
import wave
from datetime import timedelta
from typing import Final

from interview.api.backends import Backends
from interview.api.message import Request, Response
from interview.errors import Invalid, ModelUnavailable, NotFound, Unavailable
from interview.gemini import SPEECH_RATE
from interview.record import SPEECH_RATES, VOICES, SpeechRate

SENTENCE: Final = (
    "Hello, I'm Iris, your interviewer today. Tell me about something you have built, and what you would do "
    "differently now."
)
PAUSE: Final = timedelta(minutes=1)
"""The pause of a process after a sample that could not be made."""
_KEPT: Final = "public, max-age=86400"


async def voice_sample(request: Request, backends: Backends) -> Response:
    """`GET /api/interview/voice-sample?voice=Puck&speech_rate=slow`: a sentence as WAV.

    There are as many samples as voices and rates, and each costs one call to the model until the files expire, so
    nobody can spend more by asking often. After a failure no sample is made for a minute. Raises Invalid for what is
    not offered, and Unavailable.
    """
    gemini = backends.settings.gemini
    voice = request.query.get("voice") or gemini.voice
    if voice not in (*VOICES, gemini.voice):
        raise Invalid("That voice is not offered.", code="invalid_voice", field="voice")
    rate = next((one for one in SPEECH_RATES if one == (request.query.get("speech_rate") or "normal")), None)
    if rate is None:
        raise Invalid("That speech rate is not offered.", code="invalid_speech_rate", field="speech_rate")
    name = f"voices/{'embedded' if gemini.embedded else voice}-{rate}.wav"
    wav = await backends.samples.run(name, lambda: _sample(name, voice, rate, backends))
    return Response(200, wav, {"content-type": "audio/wav", "cache-control": _KEPT})


async def _sample(name: str, voice: str, rate: SpeechRate, backends: Backends) -> bytes:
    try:
        return await backends.files.get(name)
    except NotFound:
        pass
    if backends.speech_model is None:
        raise Unavailable("There are no samples here.")
    failed_at = backends.sample_failures.get(name)
    if failed_at and backends.clock() - failed_at < PAUSE:
        raise ModelUnavailable("The sample can't be made right now. Please try again in a minute.")
    try:
        wav = _wav(await backends.speech_model.speak(SENTENCE, voice, slow=rate == "slow"))
    except ModelUnavailable:
        backends.sample_failures[name] = backends.clock()
        raise
    await backends.files.put(name, wav, "audio/wav")
    return wav


def _wav(pcm: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SPEECH_RATE)
        sound.writeframes(pcm)
    return file.getvalue()
