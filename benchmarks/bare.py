"""A bare pass-through that only re-frames audio: the baseline for the relay's cost."""

import asyncio
import json
import ssl
import sys
from binascii import a2b_base64, b2a_base64

import uvloop
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

OPEN = b'{"realtime_input": {"audio": {"data": "'
CLOSE = b'", "mime_type": "audio/pcm;rate=16000"}}}'


async def main(port: int, gemini: str, ca_file: str) -> None:
    context = ssl.create_default_context(cafile=ca_file)

    async def carry(browser: ServerConnection) -> None:
        await browser.recv()
        async with connect(gemini, ssl=context, compression=None, ping_interval=None, max_size=None) as live:
            await live.send(json.dumps({"setup": {"model": "models/bare"}}))
            await live.recv()
            await browser.send('{"type": "ready"}')

            async def up() -> None:
                async for frame in browser:
                    if isinstance(frame, bytes):
                        await live.send(OPEN + b2a_base64(frame, newline=False) + CLOSE, text=True)

            async def down() -> None:
                while True:
                    message = await live.recv(decode=False)
                    if b"inlineData" in message:
                        start = message.index(b'"data": "') + 9
                        await browser.send(a2b_base64(message[start : message.index(b'"', start)]))
                    else:
                        await browser.send(message.decode())

            tasks = [asyncio.create_task(up()), asyncio.create_task(down())]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()

    async with serve(carry, "127.0.0.1", port, compression=None) as server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
