"""A room's WebSocket: who may come in, what is sent, and what is heard."""

import asyncio
import json
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from local.tavus.account import Account
from local.tavus.conversation import Conversation
from local.tavus.seat import Seat

DONE = 1000
TOO_LARGE = 1009
BAD = 1008


async def serve(socket: WebSocket, account: Account) -> None:
    """One participant, from the door to the end."""
    conversation = account.conversations.get(socket.path_params["id"])
    if conversation is None or not conversation.admits(socket.query_params.get("t")):
        await socket.close()  # before it was accepted: that answers the handshake with a 403
        return
    seat = conversation.join()
    tasks: list[asyncio.Task[Any]] = []
    try:
        await socket.accept()
        writing = asyncio.create_task(_write(socket, seat))
        reading = asyncio.create_task(_read(socket, conversation))
        tasks = [writing, reading, asyncio.create_task(seat.severed.wait())]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        conversation.leave(seat)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    code = None if reading.cancelled() else reading.result()
    if not writing.cancelled():
        writing.result()
    here = socket.client_state is WebSocketState.CONNECTED and socket.application_state is WebSocketState.CONNECTED
    if here and (code is not None or seat.polite):
        # Otherwise the connection is dropped as it is: returning closes the transport and sends no frame.
        with suppress(WebSocketDisconnect, RuntimeError):
            await socket.close(code or DONE)


async def _write(socket: WebSocket, seat: Seat) -> None:
    """Send what waits, until the seat is empty."""
    while (frame := await seat.next()) is not None:
        try:
            if isinstance(frame, str):
                await socket.send_text(frame)
            else:
                await socket.send_bytes(frame)
        except (WebSocketDisconnect, RuntimeError):  # Starlette raises the latter after the former
            return


async def _read(socket: WebSocket, conversation: Conversation) -> int | None:
    """Hear what is sent; returns the code to close with, or None when the participant is gone."""
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
