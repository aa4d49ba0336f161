"""`python -m local.gemini --port 0 --dir DIR`: writes DIR/ca.pem, prints `Ready: https://127.0.0.1:PORT`, serves."""

import argparse
import asyncio
import secrets
import signal
import sys
from pathlib import Path

from local.gemini import certificate
from local.gemini.script import Script
from local.gemini.server import parts, serve


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m local.gemini", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--dir", type=Path, required=True, help="where ca.pem is written")
    parser.add_argument(
        "--script", type=Path, help="JSON that drives it (see local/gemini/script.py), read at each connection"
    )
    options = parser.parse_args()
    asyncio.run(_serve(options.port, options.dir, options.script))


async def _serve(port: int, folder: Path, script_file: Path | None) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    context, ca_file = certificate.issue(folder)

    def script() -> Script:
        if script_file:
            return Script.load(script_file)
        # Every candidate is asked different questions. No tokens are counted, since nobody pays for any.
        return Script(seed=secrets.randbelow(1_000_000), counted=False)

    voice, ear = parts(script())
    inspected = script_file is not None
    async with serve(script, context, ca_file, voice=voice, ear=ear, port=port, inspected=inspected) as server:
        sys.stdout.write(f"Ready: {server.base_url}\n")
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    main()
