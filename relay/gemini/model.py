"""Gemini Live as the relay sees it: typed events out, audio and words in.

No module behind this one sees the SDK's messages. A process has one `LiveModel`, which dials; a `LiveSession` is one
connection. Audio bypasses the SDK (relay/gemini/audio_fast_path.py) and goes to the `take` given to `connect`; all else
becomes events. Audio and events keep the order in which the service sent them.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from google import genai
from google.auth.exceptions import GoogleAuthError
from google.genai import errors, types
from google.genai.live import AsyncSession
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from interview import log
from interview.fence import neutral
from interview.record import Interview, Turn
from interview.settings import Gemini
from relay.gemini.audio_fast_path import AudioConnection, Take, collect_connections, frame_audio
from relay.gemini.events import (
    Called,
    Completed,
    Event,
    Generated,
    GoAway,
    Handle,
    Interrupted,
    Said,
    Transcribed,
    Used,
)
from relay.gemini.failure import ConnectionFailed, Failure, Moment, Remedy, explain
from relay.gemini.setup import build_setup
from relay.talk import directions

CONNECT_TIMEOUT: Final = 10.0
"""Seconds from dialling to the end of the setup."""
SEND_TIMEOUT: Final = 5.0
"""Seconds for which a message may wait to be sent. A network that drops packets without a word fills the buffers, and
then takes minutes to break the connection."""
UNBLOCKED: Final = 16 * 1024
"""Bytes of a frame that is sent without waiting where nothing else waits: the library's buffer takes 32 KiB."""
CLOSE_TIMEOUT: Final = 2.0
"""Seconds for the closing handshake, and once more for what is still to be sent before it."""
MAX_MESSAGE: Final = 16 * 1024 * 1024
"""Bytes of the largest message that is taken. The library's own limit of 1 MiB closes the connection with 1009; the
largest recorded message has 46 KB, and the service documents no limit."""
_TOO_MANY_SKIPPED: Final = 20
_UNSCHEDULED: Final = "extended-thinking"
"""Models of this name refuse `scheduling` in a tool response with 1007 (recorded)."""


class LiveSession:
    """One connection to Gemini Live. Every method raises ConnectionFailed when the connection is gone."""

    def __init__(
        self, session: AsyncSession, connection: AudioConnection, take: Take, *, scheduling: bool, moment: Moment
    ) -> None:
        """`scheduling`: the model takes it in a tool response; `moment` is that of a failure before any event."""
        self._dialled_at = moment
        self._scheduling = scheduling
        self._first_event = True
        self._session = session
        self.connection = connection
        """The session's own connection. Plain audio goes from it to `take` from now on."""
        connection.take = take
        self._take = take

    async def events(self) -> AsyncIterator[Event]:
        """The events until the connection is lost, which raises ConnectionFailed."""
        skipped = 0
        while True:
            try:
                # receive() ends with each turn.
                async for message in self._session.receive():
                    skipped = 0
                    for event in self._read(message):
                        self._first_event = False
                        yield event
            except (AttributeError, TypeError, ValueError) as error:
                # A frame that is no JSON object, or has a shape this SDK does not know: one odd frame is not the end.
                skipped += 1
                log.write("WARNING", "live_frame_skipped", kind=type(error).__name__)
                if skipped >= _TOO_MANY_SKIPPED:
                    failure = Failure(Remedy.RETRY, "model_unavailable", reason="messages that cannot be read")
                    raise ConnectionFailed(failure) from error
            except (errors.APIError, ConnectionClosed, OSError) as error:
                raise explain(error, self._moment) from error

    @property
    def _moment(self) -> Moment:
        return self._dialled_at if self._first_event else "live"

    def _read(self, message: types.LiveServerMessage) -> Iterator[Event]:
        """A message's events. Its fields are not exclusive."""
        if message.server_content:
            yield from self._read_content(message.server_content)
        for call in (message.tool_call and message.tool_call.function_calls) or ():
            yield Called(call.id or "", call.name or "", call.args or {})
        update = message.session_resumption_update
        if update and update.resumable and update.new_handle:
            yield Handle(update.new_handle)
        if message.go_away:
            yield GoAway(_seconds(message.go_away.time_left))
        if message.usage_metadata:
            yield _usage(message.usage_metadata)

    def _read_content(self, content: types.LiveServerContent) -> Iterator[Event]:
        """Words before audio, audio before what ends it."""
        if content.input_transcription and content.input_transcription.text:
            yield Transcribed(content.input_transcription.text)
        if content.interrupted:
            yield Interrupted()
        if content.output_transcription and content.output_transcription.text:
            yield Said(content.output_transcription.text)
        # A part that is text is the model's thinking: neither speech nor caption.
        for part in (content.model_turn and content.model_turn.parts) or ():
            if part.inline_data and part.inline_data.data:
                self._take(part.inline_data.data)
        if content.generation_complete:
            yield Generated()
        if content.turn_complete:
            reason = content.turn_complete_reason
            yield Completed(reason.value if reason else None)

    async def send_audio(self, pcm: bytes) -> None:
        """The candidate's voice: PCM16 mono 16 kHz."""
        frame = frame_audio(pcm)
        if len(frame) > UNBLOCKED or self.connection.transport.get_write_buffer_size():
            await self._send(lambda: self.connection.send(frame, text=True))
            return
        try:
            # No timer: twenty-five in a second for each interview cost 3 % of the relay's time.
            await self.connection.send(frame, text=True)
        except ConnectionClosed as error:
            raise explain(error, self._moment) from error

    async def send_text(self, text: str) -> None:
        """A typed answer, or a direction."""
        await self._send(lambda: self._session.send_realtime_input(text=text))

    async def answer(self, call_id: str, name: str, response: dict[str, object], *, silent: bool) -> None:
        """Answer a tool call. `silent`: the model takes note and says nothing about it."""
        scheduling = None
        if self._scheduling:
            scheduling = (
                types.FunctionResponseScheduling.SILENT if silent else types.FunctionResponseScheduling.WHEN_IDLE
            )
        answer = types.FunctionResponse(id=call_id, name=name, response=response, scheduling=scheduling)
        await self._send(lambda: self._session.send_tool_response(function_responses=answer))

    async def seed(self, turns: Sequence[Turn]) -> None:
        """Tell a fresh connection what was said before it, as the first thing it hears."""
        contents = [types.Content(role="user", parts=[types.Part(text=directions.BEGIN)])]
        for turn in turns:
            role = "model" if turn.speaker == "interviewer" else "user"
            if text := neutral(turn.text):
                contents.append(types.Content(role=role, parts=[types.Part(text=text)]))
        await self._send(lambda: self._session.send_client_content(turns=[*contents], turn_complete=True))

    async def _send(self, sending: Callable[[], Any]) -> None:
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                await sending()
        except TimeoutError as error:
            self.connection.transport.abort()  # reading fails, too
            failure = Failure(Remedy.RETRY, "model_unavailable", reason="it takes no more messages")
            raise ConnectionFailed(failure) from error
        except ConnectionClosed as error:
            raise explain(error, self._moment) from error


class LiveModel:
    """Dials Gemini Live, with one client for all interviews of a process."""

    def __init__(self, settings: Gemini) -> None:
        self._model = settings.live_model
        self._voice = settings.voice
        # No pings: the service's pongs were measured at up to 30 s, so a keepalive of ours would only cut interviews.
        # No deflate: it costs a sixth of the relay's time and saves nothing on base64 of speech.
        dialling: dict[str, Any] = {
            "create_connection": AudioConnection,
            "ping_interval": None,
            "compression": None,
            "close_timeout": CLOSE_TIMEOUT,
            "max_size": MAX_MESSAGE,
        }
        if settings.ca_file:
            dialling["ssl"] = ssl.create_default_context(cafile=str(settings.ca_file))
        options = types.HttpOptions(async_client_args=dialling, base_url=settings.base_url)
        if settings.vertex:
            self._client = genai.Client(
                vertexai=True, project=settings.project, location=settings.location, http_options=options
            )
        else:
            options.api_version = "v1beta"  # the version that the Live reference documents
            # Explicit: otherwise GOOGLE_GENAI_USE_VERTEXAI in the environment would win over a key.
            self._client = genai.Client(vertexai=False, api_key=settings.api_key, http_options=options)

    @asynccontextmanager
    async def connect(
        self,
        interview: Interview,
        history: Sequence[Turn],
        take: Take,
        *,
        handle: str | None = None,
        plain: bool = False,
        moment: Moment = "first",
    ) -> AsyncIterator[LiveSession]:
        """A connection set up for the interview, which goes on after a `history` or from where a `handle` leads.

        `plain`: without the optional fields of the setup. Raises ConnectionFailed, also when no answer comes within
        CONNECT_TIMEOUT; `moment` is that of a failure.
        """
        dialling = self._client.aio.live.connect(
            model=self._model,
            config=build_setup(
                interview, voice=interview.voice or self._voice, seeded=bool(history), handle=handle, plain=plain
            ),
        )
        try:
            with collect_connections() as opened:
                async with asyncio.timeout(CONNECT_TIMEOUT):
                    session = await dialling.__aenter__()
        except (errors.APIError, ConnectionClosed, InvalidHandshake, GoogleAuthError, OSError, ValueError) as error:
            raise explain(error, moment) from error
        try:
            # The service sends no audio before the end of the setup, which `connect` has read. The last one opened is
            # the session's: those before it were redirected.
            live = LiveSession(session, opened[-1], take, scheduling=_UNSCHEDULED not in self._model, moment=moment)
            if history:
                await live.seed(history)
            yield live
        finally:
            # The library's own limit counts from when everything before the close frame has been sent.
            try:
                async with asyncio.timeout(2 * CLOSE_TIMEOUT):
                    await dialling.__aexit__(None, None, None)
            except TimeoutError:
                opened[-1].transport.abort()


def _seconds(duration: str | None) -> float:
    """A protobuf duration, `"50s"`. One that can't be read counts as 0."""
    try:
        return float((duration or "0s").removesuffix("s"))
    except ValueError:
        return 0.0


def _usage(metadata: types.UsageMetadata) -> Used:
    """Tokens by modality. What a message does not split by modality counts as text."""
    prompt_audio = _tokens(metadata.prompt_tokens_details, types.MediaModality.AUDIO)
    response_audio = _tokens(metadata.response_tokens_details, types.MediaModality.AUDIO)
    return Used(
        prompt_text=max(0, (metadata.prompt_token_count or 0) - prompt_audio),
        prompt_audio=prompt_audio,
        response_text=max(0, (metadata.response_token_count or 0) - response_audio),
        response_audio=response_audio,
        thoughts=metadata.thoughts_token_count or 0,
    )


def _tokens(details: Sequence[types.ModalityTokenCount] | None, modality: types.MediaModality) -> int:
    return sum(one.token_count or 0 for one in details or () if one.modality == modality)
