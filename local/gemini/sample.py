"""generateContent with audio as its answer: a text that is read aloud, as Gemini's models for speech do."""

import base64

from starlette.responses import JSONResponse, Response

from interview.gemini import EMBEDDED
from local.gemini.english import sentences
from local.gemini.voice import SLOW, Voice
from local.gemini.wire import OUT_RATE, Json


def is_asked_for(body: Json) -> bool:
    """Whether the request asks for audio."""
    return (body.get("generationConfig") or {}).get("responseModalities") == ["AUDIO"]


async def speak(body: Json, voice: Voice, *, counted: bool) -> Response:
    """The text after the first colon, which ends the direction of how to read it. There is one voice. `counted`: the
    answer says how many tokens it took.
    """
    contents = body.get("contents") or []
    asked = " ".join(str(part.get("text", "")) for content in contents for part in content.get("parts") or ())
    direction, _, text = asked.partition(":")
    rate = SLOW if "slowly" in direction else 1.0
    pcm = b"".join([await voice.speak(sentence, rate) for sentence in sentences(text.strip())])
    audio = {"mimeType": f"audio/L16;codec=pcm;rate={OUT_RATE}", "data": base64.b64encode(pcm).decode()}
    candidate = {"content": {"parts": [{"inlineData": audio}], "role": "model"}, "finishReason": "STOP", "index": 0}
    usage = {"promptTokenCount": len(asked) // 4, "candidatesTokenCount": len(pcm) // 2 // OUT_RATE * 25}
    answer = {"candidates": [candidate], "modelVersion": EMBEDDED}
    return JSONResponse(answer | ({"usageMetadata": usage} if counted else {}))
