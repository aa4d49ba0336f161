"""Outgoing speech: in chunks of the recorded sizes, faster than it plays, with words in the messages of audio."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from random import Random
from typing import Final

from local.gemini import frames
from local.gemini.timing import Pace
from local.gemini.voice import Voice
from local.gemini.wire import OUT_RATE, SAMPLE_BYTES, Json

UNIT: Final = 1_920
"""Bytes of 40 ms: all chunks but the first are multiples of it (recorded)."""
_BYTES_A_SECOND = OUT_RATE * SAMPLE_BYTES
_SILENT_FIRST = 0.5  # the share of turns that begin with a chunk of 2 bytes
_FIRST = (3_840, 4_800, 5_280, 6_720, 7_680, 9_120, 15_360)
_SIZES = (
    1_920, 5_760, 7_680, 7_680, 7_680, 9_600, 9_600, 11_520, 13_440, 15_360, 15_360, 15_360, 17_280, 17_280, 19_200,
    21_120, 24_960, 28_800, 34_560,
)  # fmt: skip
_WORDS = (3, 4, 4, 5)  # in one group
_LEAD = 0.5  # seconds by which words run ahead of their audio
_EMPTY = 0.9  # the share of messages of audio with an empty frame before them

Send = Callable[[Json], Awaitable[None]]


class Speech:
    """One turn's speech. `alter` changes the synthesised audio; `least`, if not 0, puts all of it into one message
    of at least that many seconds; `withhold` leaves out the last words, which are then in `withheld`. `rate` is how
    fast it is spoken, `speed` how fast it is sent.
    """

    def __init__(
        self,
        voice: Voice,
        send: Send,
        chance: Random,
        *,
        pace: Pace,
        speed: float,
        captions: bool,
        alter: Callable[[bytes], bytes] = bytes,
        least: int = 0,
        withhold: bool = False,
        rate: float = 1.0,
    ) -> None:
        self._voice = voice
        self._rate = rate
        self._send = send
        self._chance = chance
        self._pace = pace
        self._speed = speed
        self._captions = captions
        self._alter = alter
        self._least = least
        self._withhold = withhold
        self._groups = 0
        self._sole = False
        self._trailing = False
        self.began: float | None = None
        self.started = asyncio.Event()
        self.pcm = bytearray()
        self.withheld = ""

    @property
    def seconds(self) -> float:
        """The length of the audio that was sent."""
        return len(self.pcm) / _BYTES_A_SECOND

    async def say(self, sentences: Sequence[str]) -> None:
        """Speak sentence by sentence. The next one is synthesised while the current one is sent."""
        due: deque[tuple[float, str]] = deque()
        rest = b""
        length = self.seconds
        grouped = [self._grouped(sentence) for sentence in sentences]
        self._sole = not self._groups and sum(map(len, grouped)) == 1
        async with aclosing(_synthesised(sentences, self._voice, self._rate)) as spoken:
            for groups in grouped:
                pcm = self._alter(await anext(spoken))
                seconds = len(pcm) / _BYTES_A_SECOND
                due.extend((length + seconds * at / len(groups), words) for at, words in enumerate(groups))
                length += seconds
                rest = await self._send_chunks(rest + pcm, due)
        if self._withhold and len(due) > 0:
            self.withheld = self._bordered(due.pop()[1])
        await self._send_last(rest, due)

    async def silence(self, seconds: float) -> None:
        """Say nothing on purpose: "<no speech>" with `seconds` of silent audio, or (0) with chunks of 2 bytes."""
        await self._chunk(bytes(2), "<no ")
        for _ in range(4):
            await self._pace.sleep(0.03)
            await self._chunk(bytes(int(seconds * OUT_RATE / 4) * SAMPLE_BYTES) or bytes(2), "")
        await self._send(frames.words("speech>"))

    async def drone(self, pcm: bytes) -> None:
        """Repeat this sound until the turn is cut off."""
        while True:
            await self._chunk(pcm, "")

    async def _send_chunks(self, pcm: bytes, due: deque[tuple[float, str]]) -> bytes:
        """Send the whole chunks; returns the rest."""
        if self._least:
            return pcm
        while pcm:
            size = self._size()
            if len(pcm) <= size:  # the last chunk carries the last words, so it is left for the end
                return pcm
            await self._chunk(pcm[:size] if size > SAMPLE_BYTES else bytes(size), self._words(due))
            pcm = pcm[size:] if size > SAMPLE_BYTES else pcm
        return pcm

    async def _send_last(self, pcm: bytes, due: deque[tuple[float, str]]) -> None:
        if pcm or due:
            padded = max(len(pcm) + -len(pcm) % UNIT, UNIT, self._least * _BYTES_A_SECOND)
            words = "".join(self._bordered(words) for _, words in due)
            await self._chunk(pcm.ljust(padded, b"\0"), words)

    async def _chunk(self, pcm: bytes, words: str) -> None:
        loop = asyncio.get_running_loop()
        if self.began is None:
            self.began = loop.time()
            self.started.set()
        await self._pace.until(self.began, self.seconds / self._speed)
        if self._chance.random() < _EMPTY:
            await self._send(frames.EMPTY)
        self.pcm += pcm
        await self._send(frames.audio(pcm, words if self._captions else ""))

    def _size(self) -> int:
        if self.pcm:
            return self._chance.choice(_SIZES)
        return SAMPLE_BYTES if self._chance.random() < _SILENT_FIRST else self._chance.choice(_FIRST)

    def _words(self, due: deque[tuple[float, str]]) -> str:
        words = ""
        while due and (not self._groups or due[0][0] <= self.seconds + _LEAD):
            if self._withhold and len(due) == 1:
                break
            words += self._bordered(due.popleft()[1])
            if self._groups == 1:
                break  # the first words come alone
        return words

    def _bordered(self, words: str) -> str:
        """Spaces as recorded: behind the first group (unless it is all), none at the second, before all others."""
        self._groups += 1
        if self._groups == 1:
            self._trailing = not self._sole
            return words if self._sole else f"{words} "
        bordered = words if self._trailing else f" {words}"
        self._trailing = False
        return bordered

    def _grouped(self, sentence: str) -> list[str]:
        words = sentence.split()
        groups = []
        while words:
            size = self._chance.choice(_WORDS)
            groups.append(" ".join(words[:size]))
            words = words[size:]
        return groups or [""]


async def _synthesised(sentences: Sequence[str], voice: Voice, rate: float) -> AsyncGenerator[bytes, None]:
    following: asyncio.Task[bytes] | None = None
    try:
        for at, sentence in enumerate(sentences):
            current = following or asyncio.ensure_future(voice.speak(sentence, rate))
            following = current
            pcm = await current
            following = asyncio.ensure_future(voice.speak(sentences[at + 1], rate)) if at + 1 < len(sentences) else None
            yield pcm
    finally:
        if following is not None:
            following.cancel()
