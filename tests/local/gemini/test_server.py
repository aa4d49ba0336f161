"""Raw frames on the socket."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from local.gemini import Fault, Server
from tests.local.gemini.conftest import BEGIN, TONES, Start

PATH = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"
SETUP = {"setup": {"model": "models/gemini-3.8-live", "outputAudioTranscription": {}}}
KEY = {"x-goog-api-key": "any"}


@asynccontextmanager
async def socket(server: Server, path: str = PATH, headers: dict[str, str] = KEY) -> AsyncIterator[ClientConnection]:
    address = server.base_url.replace("https", "wss") + path
    context = ssl.create_default_context(cafile=server.ca_file)
    async with connect(address, ssl=context, additional_headers=headers, max_size=None) as opened:
        yield opened


async def closed(opened: ClientConnection, *frames: object) -> tuple[int, str]:
    """How the server closes after these frames."""
    with suppress(ConnectionClosed):
        for frame in frames:
            await opened.send(frame if isinstance(frame, str) else json.dumps(frame))
    async with asyncio.timeout(60):
        await opened.wait_closed()
    return opened.close_code or 0, opened.close_reason or ""


@pytest.mark.parametrize("path", [PATH, "/" + PATH])
async def test_a_turn_has_the_recorded_shape(start: Start, path: str) -> None:
    server = await start(replace(TONES, answers=("Hello there.",)))
    frames: list[dict[str, Any]] = []
    async with socket(server, path) as opened:
        await opened.send(json.dumps(SETUP))
        await opened.send(json.dumps({"realtime_input": {"text": BEGIN}}))
        while not frames or "usageMetadata" not in frames[-1]:
            raw = await opened.recv()
            assert isinstance(raw, bytes)
            frames.append(json.loads(raw))
    setup, *rest = [frame for frame in frames if "sessionResumptionUpdate" not in frame]
    assert list(setup["setupComplete"]) == ["sessionId"]
    nothing, *speech, generated, complete = [frame for frame in rest if frame]
    assert nothing == {"serverContent": {}}
    for frame in speech:
        content = frame["serverContent"]
        assert content["modelTurn"]["role"] == "model"
        (part,) = content["modelTurn"]["parts"]
        assert list(part["inlineData"]) == ["mimeType", "data"]
        assert part["inlineData"]["mimeType"] == "audio/pcm;rate=24000"
    assert speech[0]["serverContent"]["outputTranscription"] == {"text": "Hello there."}
    assert generated == {"serverContent": {"generationComplete": True}}
    assert complete["serverContent"] == {"turnComplete": True}
    assert set(complete["usageMetadata"]) == {
        "promptTokenCount",
        "responseTokenCount",
        "totalTokenCount",
        "promptTokensDetails",
        "responseTokensDetails",
        "thoughtsTokenCount",
    }


async def test_without_transcription_there_are_no_words(start: Start) -> None:
    async with socket(await start()) as opened:
        await opened.send(json.dumps({"setup": {"model": "models/gemini-3.8-live"}}))
        await opened.send(json.dumps({"realtime_input": {"text": BEGIN}}))
        frames = [json.loads(await opened.recv())]
        while "usageMetadata" not in frames[-1]:
            frames.append(json.loads(await opened.recv()))
    assert not any("outputTranscription" in frame.get("serverContent", {}) for frame in frames)


async def test_it_closes_with_code_and_reason(start: Start) -> None:
    server = await start()
    async with socket(server, headers={}) as opened:
        assert (await closed(opened, SETUP))[0] == 1008
    async with socket(server) as opened:
        assert (await closed(opened, {"realtime_input": {"text": "Hello"}}))[0] == 1007
    async with socket(server) as opened:
        assert (await closed(opened, "no json"))[0] == 1007
    async with socket(server) as opened:
        assert (await closed(opened, SETUP, {"weather": {}}))[0] == 1007
    async with socket(server) as opened:
        code, reason = await closed(opened, {"setup": {"model": "models/" + "x" * 200}})
        # Longer reasons than a close frame holds are cut, as the real service's are.
        assert (code, len(reason)) == (1008, 123)


async def test_a_client_that_disconnects_in_mid_sentence_leaves_no_open_connection(start: Start) -> None:
    server = await start(replace(TONES, tone_seconds=0.5, pace=1.0, speed=2.0))
    async with socket(server) as opened:
        await opened.send(json.dumps(SETUP))
        await opened.send(json.dumps({"realtime_input": {"text": BEGIN}}))
        await opened.recv()
        await opened.recv()
        opened.transport.abort()
    async with asyncio.timeout(60):
        while server.received.open_connections:
            await asyncio.sleep(0.01)


async def test_what_was_received_is_served_without_keys(start: Start) -> None:
    server = await start()
    async with socket(server) as opened:
        await opened.send(json.dumps(SETUP))
        await opened.recv()
    context = ssl.create_default_context(cafile=server.ca_file)
    async with httpx2.AsyncClient(verify=context) as http:
        received = (await http.get(f"{server.base_url}/received")).json()
    assert received["setups"] == [SETUP["setup"]]
    assert "keys" not in received


async def test_a_fault_can_be_posted_to_a_running_server(start: Start) -> None:
    server = await start()
    context = ssl.create_default_context(cafile=server.ca_file)
    async with socket(server) as opened, httpx2.AsyncClient(verify=context) as http:
        await opened.send(json.dumps(SETUP))
        await opened.recv()
        struck = await http.post(f"{server.base_url}/strike", json={"kind": "quota"})
        assert struck.json() == {"connections": 1}
        assert await closed(opened) == (1011, "Resource has been exhausted (e.g. check quota).")
        assert (await http.post(f"{server.base_url}/strike", json={"sort": "quota"})).status_code == 400


@pytest.mark.parametrize("seconds", [0.0, 0.5])
async def test_pongs_can_be_slow(start: Start, seconds: float) -> None:
    faults = (Fault("slow_pongs", seconds=seconds),) if seconds else ()
    async with socket(await start(replace(TONES, faults=faults))) as opened:
        async with asyncio.timeout(60):
            delay = await (await opened.ping())
        assert seconds <= delay < seconds + 0.4
