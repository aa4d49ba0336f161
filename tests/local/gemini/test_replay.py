"""Recorded timelines: as plain frames, and over the real wire."""

import asyncio
import base64
import json
import ssl
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosedError

from local.gemini.recording import Entry, Stretch, play, read, stretches
from tests.local.gemini.conftest import TONES, Start, noise, silence
from tests.local.gemini.shape import size, turns
from tests.local.gemini.test_server import SETUP, socket

DATA = Path(__file__).parents[2] / "data"
FILES = sorted([*DATA.glob("gemini-live/*.jsonl"), *DATA.glob("gemini-live-2025-09/*.jsonl")])


def sent(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """What the service sent after the setup."""
    return [entry.frame for entry in entries if entry.frame is not None and "setupComplete" not in entry.frame]


def test_all_recordings_are_there() -> None:
    assert len(FILES) == 14 + 5


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_recording_plays_without_a_socket_at_any_speed(file: Path) -> None:
    entries = read(file)
    frames = [entry for entry in entries if entry.frame is not None]
    played = list(play(entries, speed=4.0))
    assert [at for at, _ in played] == [entry.t / 4.0 for entry in frames]
    for (_, frame), entry in zip(played, frames, strict=True):
        parts = frame.get("serverContent", {}).get("modelTurn", {}).get("parts", [])
        kept = (entry.frame or {}).get("serverContent", {}).get("modelTurn", {}).get("parts", [])
        for part, original in zip(parts, kept, strict=True):
            if "inlineData" in part:
                assert len(base64.b64decode(part["inlineData"]["data"])) == size(original["inlineData"]["data"])
            else:
                assert part == original


async def act(opened: ClientConnection, stretch: Stretch) -> None:
    """What the client of the recording did, in short."""
    match stretch.cue:
        case "speech":
            data = base64.b64encode(noise(0.5) + silence(1.0)).decode()
            await opened.send(json.dumps({"realtimeInput": {"audio": {"data": data, "mimeType": "audio/pcm"}}}))
        case "response":
            response = {"id": "call", "name": "lookup_calendar", "response": {"result": "ok"}}
            await opened.send(json.dumps({"toolResponse": {"functionResponses": [response]}}))
        case "text":
            await opened.send(json.dumps({"realtimeInput": {"text": "Stop."}}))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_a_recording_plays_over_the_wire_in_step_with_the_client(start: Start, file: Path) -> None:
    entries = read(file)
    server = await start(replace(TONES, replay=str(file), pace=0.01))
    received = []
    async with socket(server) as opened, asyncio.timeout(60):
        await opened.send(json.dumps(SETUP))
        assert json.loads(await opened.recv()) == {"setupComplete": {}}
        for stretch in stretches(entries):
            await act(opened, stretch)
            received += [json.loads(await opened.recv()) for _ in sent(stretch.entries)]
        closes = entries[-1].closed
        if closes is not None:
            with pytest.raises(ConnectionClosedError) as closed:
                await opened.recv()
            assert closed.value.rcvd is not None
            assert (closed.value.rcvd.code, closed.value.rcvd.reason) == closes
    assert received == [frame for _, frame in play(entries) if "setupComplete" not in frame]


async def test_a_replayed_turn_comes_no_sooner_than_recorded(start: Start) -> None:
    file = DATA / "gemini-live/spoken-turns-and-tool-g38.jsonl"
    stretch = stretches(read(file))[1]
    first = turns(read(file))[0]
    loop = asyncio.get_running_loop()
    async with socket(await start(replace(TONES, replay=str(file), pace=0.5))) as opened, asyncio.timeout(60):
        await opened.send(json.dumps(SETUP))
        began = loop.time()
        await act(opened, stretch)
        while "turnComplete" not in json.loads(await opened.recv()).get("serverContent", {}):
            pass
    # The recording's times count from the end of speech, which is found out after this silence.
    silence_seconds = 0.4
    assert loop.time() - began >= (first.at("t") - stretch.began - stretch.seconds) * 0.5 - silence_seconds


async def test_a_recording_takes_no_failure_from_outside(start: Start) -> None:
    server = await start(replace(TONES, replay=str(FILES[0]), pace=0.01))
    context = ssl.create_default_context(cafile=server.ca_file)
    async with socket(server) as opened, httpx2.AsyncClient(verify=context) as http:
        await opened.send(json.dumps(SETUP))
        await opened.recv()
        struck = await http.post(f"{server.base_url}/strike", json={"kind": "quota"})
    assert struck.status_code == 400
    assert "recording" in struck.text
