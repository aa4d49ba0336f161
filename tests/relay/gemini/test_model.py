import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from google import genai
from google.genai import errors, types
from google.genai.live import AsyncSession
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.frames import Close
from websockets.http11 import Response

from interview.errors import ModelRefused, ModelUnavailable
from interview.record import Interview, Turn
from interview.settings import Gemini
from local.gemini import Script, embedded
from relay.gemini.audio_fast_path import frame_audio
from relay.gemini.events import Called, Event, Generated, Handle, Said, Settled
from relay.gemini.model import LiveModel, explain
from relay.talk import directions
from tests.relay.conftest import SPEECH, Build, now


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
    session = AsyncSession(api_client=client._api_client, websocket=ear)  # type: ignore[arg-type]
    await session.send_realtime_input(audio=types.Blob(data=SPEECH, mime_type="audio/pcm;rate=16000"))
    theirs, ours = json.loads(ear.frames[0]), json.loads(frame_audio(SPEECH))
    # The SDK writes URL-safe base64 and we the standard kind; the service reads either.
    audio = theirs["realtime_input"]["audio"]
    audio["data"] = audio["data"].translate(str.maketrans("-_", "+/"))
    assert theirs == ours


def closed(code: int, reason: str) -> ConnectionClosedError:
    return ConnectionClosedError(Close(code, reason), None)


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (errors.APIError(1007, {"message": "API key not valid."}), ModelRefused, "model_key"),
        (
            errors.APIError(1008, {"message": "models/x is not found for API version v1beta"}),
            ModelRefused,
            "model_name",
        ),
        (errors.APIError(1011, {"message": "You exceeded your current quota"}), ModelRefused, "model_quota"),
        (errors.APIError(1011, {"message": "Internal error encountered."}), ModelUnavailable, "model_unavailable"),
        (errors.APIError(1008, {"message": "Operation is not implemented"}), ModelUnavailable, "model_unavailable"),
        (errors.APIError(1006, {"message": "Abnormal closure"}), ModelUnavailable, "model_unavailable"),
        (InvalidStatus(Response(401, "", Headers())), ModelRefused, "model_key"),
        (InvalidStatus(Response(429, "", Headers())), ModelRefused, "model_quota"),
        (InvalidStatus(Response(503, "", Headers())), ModelUnavailable, "model_unavailable"),
        (closed(1011, "Resource_exhausted"), ModelRefused, "model_quota"),
        (ConnectionClosedError(None, None), ModelUnavailable, "model_unavailable"),
        (ConnectionRefusedError("refused"), ModelUnavailable, "model_unavailable"),
    ],
)
def test_errors_by_what_they_mean(error: Exception, kind: type[ModelUnavailable], code: str) -> None:
    explained = explain(error)
    assert (type(explained), explained.code) == (kind, code)


@pytest.fixture
async def interview(build: Build) -> Interview:
    return await (await build()).interview()


async def until(events: AsyncIterator[Event], kind: type[Event]) -> list[Event]:
    """The events up to the first of a kind."""
    seen: list[Event] = []
    async for event in events:
        seen.append(event)
        if isinstance(event, kind):
            break
    return seen


async def test_audio_takes_the_fast_path_and_stays_in_order(interview: Interview) -> None:
    async with embedded(Script(voice="tone", tone_seconds=2, answers=("Hello there, Ada.",), speed=50)) as server:
        model = LiveModel(Gemini(api_key="k", base_url=server.base_url, ca_file=server.ca_file))
        happened: list[Any] = []
        async with asyncio.timeout(20), model.connect(interview, [], happened.append) as live:
            await live.send_text(directions.BEGIN)
            async for event in live.events():
                if not isinstance(event, Handle):
                    happened.append(event)
                if isinstance(event, Settled):
                    break
            reader = live.connection.reader
    assert reader.misses == 1, "the first message shows how the others look"
    assert reader.hits > 10
    audio = [n for n, item in enumerate(happened) if isinstance(item, bytes)]
    assert isinstance(happened[0], Said), "words run ahead of the audio"
    assert audio[-1] < happened.index(Generated()) < happened.index(Settled())
    assert sum(len(item) for item in happened if isinstance(item, bytes)) > 24_000 * 2
    assert "".join(item.text for item in happened if isinstance(item, Said)).strip() == "Hello there, Ada."


async def test_sessions_that_are_dialled_at_once_do_not_share_their_audio(interview: Interview) -> None:
    async with embedded(Script(voice="tone", tone_seconds=0.5, speed=50)) as server, AsyncExitStack() as stack:
        model = LiveModel(Gemini(api_key="k", base_url=server.base_url, ca_file=server.ca_file))
        received: list[list[bytes]] = [[], [], []]
        async with asyncio.timeout(20):
            dials = [stack.enter_async_context(model.connect(interview, [], pcm.append)) for pcm in received]
            sessions = await asyncio.gather(*dials)
            assert len({session.connection for session in sessions}) == 3
            await sessions[1].send_text(directions.BEGIN)
            await until(sessions[1].events(), Settled)
    assert [bool(pcm) for pcm in received] == [False, True, False]


async def test_gemini_is_sent_no_keepalive_pings(interview: Interview) -> None:
    """Its pongs take up to 30 s: a ping that waits for one would end a healthy connection."""
    async with embedded(Script(voice="tone")) as server:
        model = LiveModel(Gemini(api_key="k", base_url=server.base_url, ca_file=server.ca_file))
        async with asyncio.timeout(20), model.connect(interview, [], lambda _: None) as live:
            assert live.connection.ping_interval is None


async def test_a_history_is_known_to_a_fresh_connection(interview: Interview) -> None:
    turns = [
        Turn(0, "interviewer", "What did you build?", now(), now()),
        Turn(1, "candidate", "A queue.", now(), now()),
    ]
    async with embedded(Script(voice="tone", speed=50)) as server:
        model = LiveModel(Gemini(api_key="k", base_url=server.base_url, ca_file=server.ca_file))
        async with asyncio.timeout(20), model.connect(interview, turns, lambda _: None) as live:
            await live.send_text(directions.GO_ON)
            await until(live.events(), Settled)
        history = server.received.histories[0]
    assert history == [("user", directions.BEGIN), ("model", "What did you build?"), ("user", "A queue.")]


async def test_a_tool_call_arrives_and_is_answered(interview: Interview) -> None:
    async with embedded(Script(voice="tone", speed=50, trailing=0.1)) as server:
        model = LiveModel(Gemini(api_key="k", base_url=server.base_url, ca_file=server.ca_file))
        async with asyncio.timeout(20), model.connect(interview, [], lambda _: None) as live:
            await live.send_text(directions.BEGIN)
            events = live.events()
            await until(events, Settled)
            await live.send_text(directions.GOODBYE)
            call = (await until(events, Called))[-1]
            assert isinstance(call, Called)
            assert call.name == directions.END_INTERVIEW
            assert call.arguments["reason"] in ("finished", "candidate_request", "time")
            await live.answer(call, {"result": "The interview ends."}, silent=True)
            await until(events, Settled)
        assert [response["name"] for response in server.received.tool_responses] == [directions.END_INTERVIEW]


async def test_an_endpoint_that_refuses_the_connection(interview: Interview, tmp_path: Path) -> None:
    model = LiveModel(Gemini(api_key="k", base_url="https://127.0.0.1:1"))
    with pytest.raises(ModelUnavailable):
        async with model.connect(interview, [], lambda _: None):
            pass


async def test_an_untrusted_certificate_is_rejected(interview: Interview) -> None:
    async with embedded(Script(voice="tone")) as server:
        model = LiveModel(Gemini(api_key="k", base_url=server.base_url))
        with pytest.raises(ModelUnavailable):
            async with model.connect(interview, [], lambda _: None):
                pass


async def test_the_setup_has_what_an_interview_needs(interview: Interview) -> None:
    async with embedded(Script(voice="tone", speed=50)) as server:
        model = LiveModel(Gemini(api_key="k", base_url=server.base_url, ca_file=server.ca_file))
        async with asyncio.timeout(20), model.connect(interview, [], lambda _: None):
            (setup,) = server.received.setups
    text = json.dumps(setup)
    assert setup["model"] == "models/gemini-3.8-live"
    assert setup["generationConfig"]["responseModalities"] == ["AUDIO"]
    assert "Python backend" in text
    assert directions.END_INTERVIEW in text
    assert "END_SENSITIVITY_LOW" in text
    assert "sliding" in text.lower()
    assert "thinkingConfig" not in text, "this model refuses it"
