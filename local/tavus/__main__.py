"""`python -m local.tavus --port 0`: prints `Ready: http://127.0.0.1:PORT`, serves."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from local.tavus.script import Script
from local.tavus.server import serve


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m local.tavus", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--script", type=Path, help="JSON that drives it (see local/tavus/script.py), read at each use")
    options = parser.parse_args()
    asyncio.run(_serve(options.port, options.script))


async def _serve(port: int, script_file: Path | None) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)

    def script() -> Script:
        return Script.load(script_file) if script_file else Script()

    script()  # a script that can't be read is said at once
    async with serve(script, port) as server:
        sys.stdout.write(f"Ready: {server.origin}\n")
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    main()
