"""Speech on its way out: words ahead of the audio they belong to, audio faster than it plays."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from local.gemini.voice import Voice
from local.gemini.wire import OUT_RATE, SAMPLE_BYTES, Json, audio_part

CHUNK_MS = 40
_CHUNK_BYTES = OUT_RATE * SAMPLE_BYTES * CHUNK_MS // 1000
_WORDS = 3  # in one transcription message
_LEAD = 1.0  # seconds by which words run ahead of their audio

Send = Callable[[Json], Awaitable[None]]


@dataclass(slots=True)
class Playback:
    """What the listener has by now, in seconds of audio on the event loop's clock."""

    began: float | None = None
    sent: float = 0.0

    def left(self, now: float) -> float:
        """Seconds that are still to be played."""
        return 0.0 if self.began is None else max(0.0, self.began + self.sent - now)


async def say(
    sentences: Sequence[str],
    voice: Voice,
    send: Send,
    *,
    playback: Playback,
    sent: bytearray,
    speed: float,
    captions: bool,
) -> None:
    """Speak sentence by sentence: the next is synthesised while the one before is on its way. `sent` gets what went."""
    loop = asyncio.get_running_loop()
    first = playback.began is None
    async with aclosing(_synthesised(sentences, voice)) as spoken:
        async for sentence, pcm in spoken:
            words = _pieces(sentence, first=first)
            first = False
            length = len(pcm) / SAMPLE_BYTES / OUT_RATE
            said = 0
            for at in range(0, max(len(pcm), 1), _CHUNK_BYTES):
                position = at / SAMPLE_BYTES / OUT_RATE
                while said < len(words) and said * length / len(words) <= position + _LEAD:
                    if captions:
                        await send({"serverContent": {"outputTranscription": {"text": words[said]}}})
                    said += 1
                chunk = pcm[at : at + _CHUNK_BYTES]
                if not chunk:
                    break
                if playback.began is None:
                    playback.began = loop.time()
                sent += chunk
                await send(audio_part(chunk))
                playback.sent += len(chunk) / SAMPLE_BYTES / OUT_RATE
                ahead = playback.began + playback.sent / speed - loop.time()
                if ahead > 0:
                    await asyncio.sleep(ahead)


async def _synthesised(sentences: Sequence[str], voice: Voice) -> AsyncGenerator[tuple[str, bytes], None]:
    following: asyncio.Task[bytes] | None = None
    try:
        for at, sentence in enumerate(sentences):
            current = following or asyncio.ensure_future(voice.speak(sentence))
            following = current
            pcm = await current
            following = asyncio.ensure_future(voice.speak(sentences[at + 1])) if at + 1 < len(sentences) else None
            yield sentence, pcm
    finally:
        if following is not None:
            following.cancel()


def _pieces(sentence: str, *, first: bool) -> list[str]:
    """A sentence in pieces of a few words, each with a leading space but the turn's very first."""
    words = sentence.split()
    pieces = [" " + " ".join(words[at : at + _WORDS]) for at in range(0, len(words), _WORDS)]
    return [pieces[0].lstrip(), *pieces[1:]] if first and pieces else pieces
