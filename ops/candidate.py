"""A candidate on the stream: listens to the interviewer, answers by voice, then perhaps by typing, and ends."""

import asyncio
import re
import wave
from array import array
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, get_args

from msgspec import Struct, ValidationError, json
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from contract import stream
from contract.closes import CLOSES
from contract.limits import MICROPHONE_RATE, VOICE_RATE
from ops.failure import CommandFailed

ANSWER: Final = Path(__file__).parent / "answer.wav"
"""The recording of what the candidate says: PCM16 mono 16 kHz."""
WORDS: Final = "I built a message queue in Python, and it handled two thousand messages a second."
"""The words of the recording."""
TYPED: Final = (
    "Each producer writes to one partition by the key of its customer, so that messages of one customer stay in order.",
    "A consumer commits its offset only after the database has the result, and a unique key drops what comes twice.",
    "When consumers fell behind, I alerted on lag in seconds, added partitions, and moved slow customers elsewhere.",
)
"""Typed answers, of 18 words or more each. With them an assessment has enough to rest on."""
TRANSCRIBED: Final = 0.3
"""The share of these words that must come back in captions. Poor transcription passes, none does not."""

DIAL_TIMEOUT: Final = 30.0
"""Seconds to the relay's `ready`, the cold start of an instance included."""
SOUND_TIMEOUT: Final = 30.0
"""Seconds to the interviewer's first sound, and again from the end of the answer to the reply."""
TURN_TIMEOUT: Final = 90.0
"""Seconds from the first sound of a turn until all of it has been sent."""
END_TIMEOUT: Final = 15.0
"""Seconds from `end` to `ended`."""

_FRAME_SECONDS: Final = 0.04
_FRAME_BYTES: Final = round(MICROPHONE_RATE * _FRAME_SECONDS) * 2

_BROKEN: Final = 1006
_MEANINGS: Final = {_BROKEN: "The connection broke.", **{close.code: close.meaning for close in CLOSES}}
_decoder: Final[json.Decoder[stream.ServerMessage]] = json.Decoder(stream.ServerMessage)
_KNOWN: Final = frozenset(struct.__struct_config__.tag for struct in get_args(stream.ServerMessage))


class _Kind(Struct):
    """The field that every message has."""

    type: str


@dataclass(slots=True)
class Measured:
    """What was measured in an interview. Times in seconds; `listened` and `spoken` are seconds of audio in and out."""

    connecting: float = 0.0
    first_sound: float = 0.0
    answering: float = 0.0
    ending: float = 0.0
    listened: float = 0.0
    spoken: float = 0.0
    turns: int = 0
    notices: list[str] = field(default_factory=list)
    captions: list[tuple[str, str]] = field(default_factory=list)
    """Who said what, turn by turn."""
    early: float | None = None
    """When the interviewer began to speak into the answer, from its beginning; None if it let the candidate finish."""
    peak: int = 0
    """The highest sample of the interviewer's voice, of 32,767."""


def read_answer(path: Path = ANSWER) -> bytes:
    """The samples of the spoken answer. Raises CommandFailed if it is not PCM16 mono 16 kHz."""
    with wave.open(str(path), "rb") as file:
        if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, MICROPHONE_RATE):
            raise CommandFailed(f"{path.name} must be PCM16 mono at {MICROPHONE_RATE} Hz")
        return file.readframes(file.getnframes())


async def interview(
    stream: str,
    token: str,
    origin: str,
    answer: bytes,
    *,
    strict: bool = True,
    typed: Sequence[str] = (),
    lasting: float = 0.0,
) -> Measured:
    """Have the interview: after the spoken answer come those in `typed`, the last of them at least `lasting` seconds
    after the interviewer's first sound.

    Raises CommandFailed if any step of it does not happen in time, and with `strict` if the spoken answer does not come
    back in captions.
    """
    loop = asyncio.get_running_loop()
    dialled = loop.time()
    try:
        # The page's origin: the smoke test includes the relay's check of it.
        socket = await connect(stream, additional_headers={"Origin": origin}, open_timeout=DIAL_TIMEOUT)
    except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as error:
        raise CommandFailed(f"the relay can't be dialled ({type(error).__name__}: {error})") from None
    candidate = _Candidate(socket)
    pumps = [asyncio.create_task(candidate.listen()), asyncio.create_task(candidate.send_microphone())]
    try:
        await candidate.converse(dialled, token, answer, strict=strict)
        await candidate.type_answers(typed, dialled + candidate.measured.first_sound + lasting)
        return await candidate.end()
    except ConnectionClosed:
        raise candidate.lost() from None
    finally:
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        with suppress(TimeoutError):
            await asyncio.wait_for(socket.close(), 5)


class _Candidate:
    """One connection, what has come over it, and a microphone that always sends."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Condition()
        self._closed: CommandFailed | None = None
        self._speech = asyncio.Queue[bytes](maxsize=4096)
        self._kinds: set[type[stream.ServerMessage]] = set()
        self._captions: dict[int, tuple[str, str]] = {}
        self._first: float | None = None
        """When the first sound of the present turn came."""
        self._voice = 0
        """Bytes of sound of the present turn."""
        self._whole = False
        """All sound of the present turn has come."""
        self.measured = Measured()

    async def converse(self, dialled: float, token: str, answer: bytes, *, strict: bool) -> None:
        """From the hello to the reply to the spoken answer."""
        measured = self.measured
        await self._send(stream.Hello(token, "voice"))
        await self._until(lambda: stream.Ready in self._kinds, DIAL_TIMEOUT, "the relay does not send ready")
        measured.connecting = self._loop.time() - dialled
        measured.first_sound = await self._first_sound("there is no sound from the interviewer") - dialled
        await self._listen_to_end()
        silent_from = await self._say(answer)
        measured.answering = await self._first_sound("the interviewer does not reply to the answer") - silent_from
        await self._listen_to_end()
        measured.captions = [said for _, said in sorted(self._captions.items())]
        if strict:
            self._check_captions()

    async def type_answers(self, answers: Sequence[str], last_at: float) -> None:
        """Type each answer and listen to the reply; the last one not before `last_at`, a time of the loop."""
        for number, answer in enumerate(answers, 1):
            if number == len(answers):
                await self._wait_until(last_at)
            await self._send(stream.Text(answer))
            await self._first_sound(f"the interviewer does not reply to typed answer {number}")
            await self._listen_to_end()

    async def end(self) -> Measured:
        """End the interview. Returns what was measured in all of it."""
        measured = self.measured
        asked = self._loop.time()
        await self._send(stream.End())
        await self._until(lambda: stream.Ended in self._kinds, END_TIMEOUT, "the relay does not end the interview")
        measured.ending = self._loop.time() - asked
        measured.turns = len(self._captions)
        return measured

    async def listen(self) -> None:
        """Receive until the connection closes."""
        try:
            async for frame in self._socket:
                async with self._news:
                    if isinstance(frame, bytes):
                        self._hear(frame)
                    else:
                        self._read(frame)
                    self._news.notify_all()
        except ConnectionClosed:
            pass
        async with self._news:
            self._closed = self.lost()
            self._news.notify_all()

    async def send_microphone(self) -> None:
        """Send a frame every 40 ms, as a browser does: speech, or silence."""
        due = self._loop.time()
        with suppress(ConnectionClosed):
            while True:
                frame = bytes(_FRAME_BYTES) if self._speech.empty() else self._speech.get_nowait()
                if stream.Ready in self._kinds:
                    await self._socket.send(frame)
                    self.measured.listened += _FRAME_SECONDS
                if self._speech.empty():
                    async with self._news:
                        self._news.notify_all()
                due += _FRAME_SECONDS
                await asyncio.sleep(max(0.0, due - self._loop.time()))

    def lost(self) -> CommandFailed:
        """Why the connection is closed."""
        code = self._socket.close_code or _BROKEN
        notices = f"; notices: {', '.join(self.measured.notices)}" if self.measured.notices else ""
        return CommandFailed(f"the relay hung up: {_MEANINGS.get(code, 'Unknown.')} (close code {code}){notices}")

    def _hear(self, pcm: bytes) -> None:
        if self._first is None:
            self._first = self._loop.time()
        self._voice += len(pcm)
        self.measured.peak = max(self.measured.peak, *map(abs, array("h", pcm[: len(pcm) // 2 * 2])), 0)
        self.measured.spoken += len(pcm) / 2 / VOICE_RATE

    def _read(self, frame: str) -> None:
        if json.decode(frame, type=_Kind).type not in _KNOWN:
            return  # a newer relay may have it
        try:
            message = _decoder.decode(frame)
        except ValidationError as error:
            self._closed = CommandFailed(f"the relay sent a message that breaks the contract: {error}")
            return
        self._kinds.add(type(message))
        match message:
            case stream.Caption(turn, speaker, text):
                self._captions[turn] = (speaker, text)
            case stream.Spoken():
                self._whole = True
            case stream.Notice(code):
                self.measured.notices.append(code)

    async def _send(self, message: stream.ClientMessage) -> None:
        await self._socket.send(json.encode(message).decode())

    async def _until(self, done: Callable[[], bool], seconds: float, otherwise: str) -> None:
        """Wait until `done`. Raises CommandFailed with `otherwise` after `seconds`."""
        try:
            async with asyncio.timeout(seconds), self._news:
                while not done():
                    if self._closed:
                        raise self._closed
                    await self._news.wait()
        except TimeoutError:
            notices = f"; notices: {', '.join(self.measured.notices)}" if self.measured.notices else ""
            raise CommandFailed(f"{otherwise} within {seconds:.0f} s{notices}") from None

    async def _first_sound(self, otherwise: str) -> float:
        await self._until(lambda: self._first is not None, SOUND_TIMEOUT, otherwise)
        assert self._first is not None  # noqa: S101 - awaited above
        return self._first

    async def _wait_until(self, moment: float) -> None:
        """Wait until this time of the loop. Raises CommandFailed if the connection is lost meanwhile."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(moment), self._news:
                while not self._closed:
                    await self._news.wait()
        if self._closed:
            raise self._closed

    async def _listen_to_end(self) -> None:
        """Wait until the present turn has been sent and would have been played, and report it as played."""
        await self._until(lambda: self._whole, TURN_TIMEOUT, "the interviewer does not finish")
        assert self._first is not None  # noqa: S101 - it has sounded
        await asyncio.sleep(max(0.0, self._first + self._voice / 2 / VOICE_RATE - self._loop.time()))
        self._expect_turn()
        await self._send(stream.Played())

    def _expect_turn(self) -> None:
        self._first, self._voice, self._whole = None, 0, False

    async def _say(self, pcm: bytes) -> float:
        """Speak in real time; returns when the last sound was sent."""
        began = self._loop.time()
        for at in range(0, len(pcm), _FRAME_BYTES):
            self._speech.put_nowait(pcm[at : at + _FRAME_BYTES].ljust(_FRAME_BYTES, b"\0"))
        seconds = len(pcm) / 2 / MICROPHONE_RATE
        await self._until(self._speech.empty, 2 * seconds + 10, "the relay does not take the answer")
        if self._first is not None:
            self.measured.early = self._first - began
        self._expect_turn()
        return self._loop.time()

    def _check_captions(self) -> None:
        captioned = " ".join(text for _, (speaker, text) in sorted(self._captions.items()) if speaker == "candidate")
        wanted, found = (set(re.findall(r"[a-z]+", text.lower())) for text in (WORDS, captioned))
        if len(wanted & found) < TRANSCRIBED * len(wanted):
            raise CommandFailed(f"of {len(wanted)} spoken words, {len(wanted & found)} came back in captions")
        if not any(speaker == "interviewer" and text for speaker, text in self._captions.values()):
            raise CommandFailed("the interviewer's speech had no captions")
