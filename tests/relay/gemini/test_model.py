import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from google import genai
from google.genai import types
from google.genai.live import AsyncSession

from interview.record import Interview, Turn
from interview.settings import Gemini
from local import gemini as standin
from relay.gemini.audio_fast_path import frame_audio
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
from relay.gemini.failure import ConnectionFailed, Moment, Remedy
from relay.gemini.model import MAX_MESSAGE, LiveModel, LiveSession
from relay.gemini.setup import LANGUAGES
from relay.talk import directions
from tests.relay.conftest import SPEECH, now
from tests.relay.gemini.test_supervisor import an_interview
from tests.relay.puppet import Connection, Script, puppet, ready


class Ear:
    """Where the SDK's frames go in place of a socket."""

    def __init__(self) -> None:
        self.frames: list[str] = []

    async def send(self, frame: str) -> None:
        self.frames.append(frame)


@pytest.mark.parametrize("vertex", [False, True])
async def test_our_audio_frame_is_the_sdks_own(vertex: bool) -> None:
    ear = Ear()
    client = genai.Client(api_key="k", vertexai=vertex)
    api = client._api_client  # noqa: SLF001 - the SDK has no other way to it
    session = AsyncSession(api_client=api, websocket=ear)  # type: ignore[arg-type]
    await session.send_realtime_input(audio=types.Blob(data=SPEECH, mime_type="audio/pcm;rate=16000"))
    theirs, ours = json.loads(ear.frames[0]), json.loads(frame_audio(SPEECH))
    # The SDK writes URL-safe base64 and we the standard kind; the service reads either.
    audio = theirs["realtime_input"]["audio"]
    audio["data"] = audio["data"].translate(str.maketrans("-_", "+/"))
    assert theirs == ours


@pytest.fixture
def interview() -> Interview:
    return replace(an_interview(), skill_topic="Python backend", prompt="An interview about Python backend.")


class Live:
    """A connection, its other end, and its events."""

    def __init__(self, session: LiveSession, connection: Connection) -> None:
        self.connection = connection
        self.stream = session.events()
        self.events = session.events
        self.send_audio = session.send_audio
        self.send_text = session.send_text
        self.answer = session.answer


@asynccontextmanager
async def dial(
    folder: Path,
    interview: Interview,
    script: Script,
    *,
    history: Sequence[Turn] = (),
    take: Callable[[bytes], None] = lambda _: None,
    handle: str | None = None,
    plain: bool = False,
    moment: Moment = "first",
    **settings: Any,
) -> AsyncIterator[Live]:
    """One connection to a service that follows `script`."""
    async with asyncio.timeout(60), puppet(folder, script, **settings) as service:
        model = LiveModel(service.gemini)
        async with model.connect(interview, history, take, handle=handle, plain=plain, moment=moment) as session:
            yield Live(session, service.connections[0])
    assert service.failures == []


async def test_audio_takes_the_short_way_and_stays_in_order(interview: Interview, tmp_path: Path) -> None:
    chunks = [bytes(range(n, n + 100)) * 96 for n in range(30)]

    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.said("Hello", chunks[0])
        await connection.said("", chunks[1])
        await connection.said(" there, Ada.", chunks[2])
        for chunk in chunks[3:]:
            await connection.said("", chunk)
        await connection.content(generationComplete=True)
        await connection.complete()

    happened: list[Any] = []
    async with dial(tmp_path, interview, script, take=happened.append) as live:
        async for event in live.events():
            happened.append(event)
            if isinstance(event, Completed):
                break
    assert happened[0] == Said("Hello"), "words run ahead of the audio"
    assert happened.index(Said(" there, Ada.")) == happened.index(chunks[2]) - 1
    assert happened[-2:] == [Generated(), Completed()]
    assert [item for item in happened if isinstance(item, bytes)] == chunks


async def test_a_history_is_known_to_a_fresh_connection(interview: Interview, tmp_path: Path) -> None:
    turns = [
        Turn(0, "interviewer", "What did you build?", now(), now()),
        Turn(1, "candidate", "A [queue] \uff3bof\uff3d \u200bmine.", now(), now()),
        Turn(2, "candidate", "\u200b", now(), now()),
        Turn(3, "candidate", "", now(), now(), doubt=("untranscribed",)),
    ]
    async with dial(tmp_path, interview, ready, history=turns) as live:
        await live.connection.until(lambda: live.connection.contents)
        (content,) = live.connection.contents
        told = [(turn["role"], turn["parts"][0]["text"]) for turn in content["turns"]]
        assert told == [("user", directions.BEGIN), ("model", "What did you build?"), ("user", "A (queue) (of) mine.")]
        assert "initial_history" in json.dumps(live.connection.setup)


@pytest.mark.parametrize(
    ("model", "silent", "scheduling"),
    [
        ("gemini-3.8-live", True, "SILENT"),
        ("gemini-3.8-live", False, "WHEN_IDLE"),
        ("gemini-3.8-live-extended-thinking", True, None),
        ("gemini-3.8-live-extended-thinking", False, None),
    ],
)
async def test_a_tool_call_arrives_and_is_answered(
    interview: Interview, tmp_path: Path, model: str, silent: bool, scheduling: str | None
) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.call("time")

    async with dial(tmp_path, interview, script, live_model=model) as live:
        events = [await anext(live.stream) for _ in range(3)]
        assert events == [Called("call_1", directions.END_INTERVIEW, {"reason": "time"}), Generated(), Completed()]
        await live.answer("call_1", directions.END_INTERVIEW, {"result": "The interview ends."}, silent=silent)
        await live.connection.until(lambda: live.connection.responses)
        (response,) = live.connection.responses
        assert (response["id"], response["name"]) == ("call_1", directions.END_INTERVIEW)
        assert response["response"] == {"result": "The interview ends."}
        assert response.get("scheduling") == scheduling


USAGE = {
    "promptTokenCount": 1116,
    "responseTokenCount": 147,
    "totalTokenCount": 1263,
    "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 410}, {"modality": "AUDIO", "tokenCount": 655}],
    "responseTokensDetails": [{"modality": "AUDIO", "tokenCount": 147}],
    "thoughtsTokenCount": 74,
}
"""As recorded."""


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ({}, []),
        ({"serverContent": {}}, []),
        ({"serverContent": {"inputTranscription": {"text": "Yes."}}}, [Transcribed("Yes.")]),
        ({"serverContent": {"inputTranscription": {"text": ""}}}, []),
        ({"serverContent": {"outputTranscription": {"text": "Why?"}}}, [Said("Why?")]),
        ({"serverContent": {"interrupted": True}}, [Interrupted()]),
        ({"serverContent": {"generationComplete": True}}, [Generated()]),
        ({"serverContent": {"turnComplete": True}}, [Completed()]),
        (
            {"serverContent": {"turnComplete": True, "turnCompleteReason": "RESPONSE_REJECTED"}},
            [Completed("RESPONSE_REJECTED")],
        ),
        ({"serverContent": {"generationComplete": True, "turnComplete": True}}, [Generated(), Completed()]),
        ({"serverContent": {"waitingForInput": True}}, []),
        ({"serverContent": {"modelTurn": {"parts": [{"text": "I should ask why.", "thought": True}]}}}, []),
        ({"sessionResumptionUpdate": {"newHandle": "h", "resumable": True}}, [Handle("h")]),
        ({"sessionResumptionUpdate": {"resumable": False}}, []),
        ({"sessionResumptionUpdate": {"newHandle": "h", "resumable": False}}, []),
        ({"goAway": {"timeLeft": "50s"}}, [GoAway(50)]),
        ({"goAway": {"timeLeft": "9.5s"}}, [GoAway(9.5)]),
        ({"goAway": {}}, [GoAway(0)]),
        ({"goAway": {"timeLeft": "soon"}}, [GoAway(0)]),
        (
            {"serverContent": {"turnComplete": True}, "usageMetadata": USAGE},
            [Completed(), Used(prompt_text=461, prompt_audio=655, response_text=0, response_audio=147, thoughts=74)],
        ),
        (
            {"usageMetadata": {"promptTokenCount": 781, "responseTokenCount": 67}},
            [Used(prompt_text=781, response_text=67)],
        ),
        ({"anUnknownMessage": {"of": "tomorrow"}}, []),
        ({"serverContent": {"anUnknownField": 1, "turnComplete": True}}, [Completed()]),
    ],
)
async def test_the_events_of_a_frame(
    interview: Interview, tmp_path: Path, frame: dict[str, Any], expected: list[Event]
) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.send(frame)
        await connection.heard("And that was all.")

    async with dial(tmp_path, interview, script) as live:
        seen = [await anext(live.stream)]
        while seen[-1] != Transcribed("And that was all."):
            seen.append(await anext(live.stream))
    assert seen[:-1] == expected


@pytest.mark.filterwarnings("ignore:.*is not a valid TurnCompleteReason")
async def test_a_reason_that_the_sdk_does_not_know_is_a_reason(interview: Interview, tmp_path: Path) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.complete(turnCompleteReason="A_NEW_REASON")

    async with dial(tmp_path, interview, script) as live:
        assert await anext(live.stream) == Completed("A_NEW_REASON")


async def test_a_message_with_all_of_it_is_read_in_the_order_in_which_it_happened(
    interview: Interview, tmp_path: Path
) -> None:
    data = base64.b64encode(SPEECH).decode()
    content = {
        "inputTranscription": {"text": "Yes."},
        "outputTranscription": {"text": "Why?"},
        "modelTurn": {"parts": [{"inlineData": {"mimeType": "audio/pcm;rate=24000", "data": data}}]},
        "generationComplete": True,
        "turnComplete": True,
    }

    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.content(**content)

    happened: list[Any] = []
    async with dial(tmp_path, interview, script, take=happened.append) as live:
        while not happened or happened[-1] != Completed():
            happened.append(await anext(live.stream))
    assert happened == [Transcribed("Yes."), Said("Why?"), SPEECH, Generated(), Completed()]


@pytest.mark.parametrize("frame", [b"{", b"[1]", b'{"serverContent": 7}', b'{"goAway": {"timeLeft": {"a": 1}}}'])
async def test_one_odd_frame_is_passed_over(interview: Interview, tmp_path: Path, frame: bytes) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.socket.send(frame)
        await connection.heard("Yes.")

    async with dial(tmp_path, interview, script) as live:
        assert await anext(live.stream) == Transcribed("Yes.")


async def test_nothing_but_odd_frames_is_a_lost_connection(interview: Interview, tmp_path: Path) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        for _ in range(30):
            await connection.socket.send(b"{")

    async with dial(tmp_path, interview, script) as live:
        with pytest.raises(ConnectionFailed) as failed:
            await anext(live.stream)
        assert failed.value.failure.remedy is Remedy.RETRY


@pytest.mark.parametrize(("length", "fits"), [(2 * 1024 * 1024, True), (MAX_MESSAGE + 1, False)])
async def test_a_message_may_be_larger_than_a_mebibyte(
    interview: Interview, tmp_path: Path, length: int, fits: bool
) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.heard("x" * length)

    async with dial(tmp_path, interview, script) as live:
        if fits:
            assert await anext(live.stream) == Transcribed("x" * length)
        else:
            with pytest.raises(ConnectionFailed):
                await anext(live.stream)


# Failures, and the moment of each


@pytest.mark.parametrize(
    ("moment", "event", "remedy"),
    [
        ("first", False, Remedy.GIVE_UP),
        ("setup", False, Remedy.RETRY),
        ("first", True, Remedy.RETRY),
    ],
)
async def test_a_model_name_is_final_before_any_event_of_the_first_connection(
    interview: Interview, tmp_path: Path, moment: Moment, event: bool, remedy: Remedy
) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        if event:
            await connection.heard("Yes.")
        await connection.close(1008, "models/x is not found for API version v1beta")

    async with dial(tmp_path, interview, script, moment=moment) as live:
        if event:
            assert await anext(live.stream) == Transcribed("Yes.")
        with pytest.raises(ConnectionFailed) as failed:
            await anext(live.stream)
    assert failed.value.failure.remedy is remedy


async def test_what_is_sent_on_a_lost_connection_fails(interview: Interview, tmp_path: Path) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.close(1011, "Internal error encountered.")

    async with dial(tmp_path, interview, script) as live:
        with pytest.raises(ConnectionFailed):
            await anext(live.stream)
        with pytest.raises(ConnectionFailed):
            await live.send_audio(SPEECH)
        with pytest.raises(ConnectionFailed):
            await live.send_text("Yes.")
        with pytest.raises(ConnectionFailed) as failed:
            await live.answer("call_1", "end_interview", {}, silent=True)
        assert failed.value.failure.status == 1011


async def test_nobody_listens(interview: Interview) -> None:
    model = LiveModel(Gemini(api_key="k", base_url="https://127.0.0.1:1"))
    with pytest.raises(ConnectionFailed) as failed:
        async with model.connect(interview, [], lambda _: None):
            pass
    assert failed.value.failure.remedy is Remedy.RETRY


async def test_a_certificate_of_somebody_else_is_not_trusted(interview: Interview, tmp_path: Path) -> None:
    async with puppet(tmp_path, ready) as service:
        model = LiveModel(Gemini(api_key="k", base_url=service.gemini.base_url))
        with pytest.raises(ConnectionFailed):
            async with model.connect(interview, [], lambda _: None):
                pass


async def test_a_setup_without_an_answer(interview: Interview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relay.gemini.model.CONNECT_TIMEOUT", 0.2)

    async def script(connection: Connection) -> None:
        await connection.until(lambda: False, 60)

    async with puppet(tmp_path, script) as service:
        with pytest.raises(ConnectionFailed) as failed:
            async with LiveModel(service.gemini).connect(interview, [], lambda _: None):
                pass
    assert failed.value.code == "model_silent"


# The setup


async def test_the_setup_says_what_an_interview_needs(interview: Interview, tmp_path: Path) -> None:
    async with dial(tmp_path, interview, ready, voice="Puck") as live:
        setup = live.connection.setup["setup"]
    text = json.dumps(setup)
    assert setup["model"] == "models/gemini-3.8-live"
    assert setup["generationConfig"]["responseModalities"] == ["AUDIO"]
    assert "Puck" in json.dumps(setup["generationConfig"]["speechConfig"])
    assert "languageCode" not in json.dumps(setup["generationConfig"]), "native audio models choose it by themselves"
    assert "Python backend" in text
    assert directions.END_INTERVIEW in text
    assert "START_SENSITIVITY_LOW" in text
    assert "END_SENSITIVITY_LOW" in text
    assert "sliding" in text.lower()
    assert "thinking" not in text.lower(), "this model refuses a thinking level"
    assert "initial" not in json.dumps(sorted(setup)).lower(), "there is no transcript"


@pytest.mark.parametrize(
    ("language", "plain", "told"), [("de-DE", False, True), ("de-DE", True, False), ("en-XX", False, False)]
)
async def test_only_documented_languages_are_named(
    interview: Interview, tmp_path: Path, language: str, plain: bool, told: bool
) -> None:
    assert (language in LANGUAGES) is (language == "de-DE")
    spoken = replace(interview, language=language)
    async with dial(tmp_path, spoken, ready, plain=plain) as live:
        setup = live.connection.setup["setup"]
    assert (language in json.dumps(setup["inputAudioTranscription"])) is told
    assert ("speechConfig" in setup["generationConfig"]) is not plain


async def test_a_handle_is_part_of_the_setup(interview: Interview, tmp_path: Path) -> None:
    async with dial(tmp_path, interview, ready, handle="handle-7") as live:
        assert live.connection.resumed == "handle-7"
        assert live.connection.contents == []


async def test_a_key_is_used_whatever_the_environment_says(
    interview: Interview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "a-project")
    monkeypatch.setenv("GOOGLE_CLOUD_LOCATION", "europe-west1")
    async with dial(tmp_path, interview, ready) as live:
        request = live.connection.socket.request
        assert request
        assert "GenerativeService.BidiGenerateContent" in request.path
        assert live.connection.setup["setup"]["model"] == "models/gemini-3.8-live"


async def test_sessions_that_are_dialled_at_once_do_not_share_their_audio(interview: Interview) -> None:
    async with (
        standin.embedded(standin.Script(voice="tone", tone_seconds=0.5, pace=0.05)) as server,
        AsyncExitStack() as stack,
    ):
        model = LiveModel(Gemini(api_key="k", base_url=server.base_url, ca_file=server.ca_file))
        received: list[list[bytes]] = [[], [], []]
        async with asyncio.timeout(60):
            dials = [stack.enter_async_context(model.connect(interview, [], pcm.append)) for pcm in received]
            sessions = await asyncio.gather(*dials)
            assert len({session.connection for session in sessions}) == 3
            await sessions[1].send_text(directions.BEGIN)
            async for event in sessions[1].events():
                if isinstance(event, Completed):
                    break
    assert [bool(pcm) for pcm in received] == [False, True, False]


async def test_gemini_is_sent_no_keepalive_pings(interview: Interview) -> None:
    """Its pongs take up to 30 s: a ping that waits for one would end a healthy connection."""
    async with standin.embedded(standin.Script(voice="tone")) as server:
        model = LiveModel(Gemini(api_key="k", base_url=server.base_url, ca_file=server.ca_file))
        async with asyncio.timeout(60), model.connect(interview, [], lambda _: None) as live:
            assert live.connection.ping_interval is None
