"""A room's WebSocket: who may join, what is sent, and what is received."""

import asyncio
import json
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from local.tavus.account import Account
from local.tavus.conversation import Conversation
from local.tavus.participant import Participant

DONE = 1000
TOO_LARGE = 1009
BAD = 1008


async def serve(socket: WebSocket, account: Account) -> None:
    """Serve one participant's connection."""
    conversation = account.conversations.get(socket.path_params["id"])
    if conversation is None or not conversation.admits(socket.query_params.get("t")):
        await socket.close()  # not accepted: this answers the handshake with 403
        return
    participant = conversation.join()
    tasks: list[asyncio.Task[Any]] = []
    try:
        await socket.accept()
        writing = asyncio.create_task(_write(socket, participant))
        reading = asyncio.create_task(_read(socket, conversation))
        tasks = [writing, reading, asyncio.create_task(participant.severed.wait())]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        conversation.leave(participant)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    code = None if reading.cancelled() else reading.result()
    if not writing.cancelled():
        writing.result()
    here = socket.client_state is WebSocketState.CONNECTED and socket.application_state is WebSocketState.CONNECTED
    if here and (code is not None or participant.polite):
        # Otherwise the connection is dropped: returning closes the transport without a close frame.
        with suppress(WebSocketDisconnect, RuntimeError):
            await socket.close(code or DONE)


async def _write(socket: WebSocket, participant: Participant) -> None:
    """Send what waits, until the participant leaves."""
    while (frame := await participant.next()) is not None:
        try:
            if isinstance(frame, str):
                await socket.send_text(frame)
            else:
                await socket.send_bytes(frame)
        except (WebSocketDisconnect, RuntimeError):  # Starlette raises the latter after the former
            return


async def _read(socket: WebSocket, conversation: Conversation) -> int | None:
    """Take messages. Returns the close code, or None if the participant has disconnected."""
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return None
        try:
            frame = json.loads(message.get("text") or "")
        except ValueError:
            return BAD
        if not isinstance(frame, dict) or frame.get("type") != "app-message" or "data" not in frame:
            return BAD
        if not conversation.hear(frame["data"]):
            return TOO_LARGE
