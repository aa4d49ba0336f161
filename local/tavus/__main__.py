"""`python -m local.tavus --port 0`: prints `Ready: http://127.0.0.1:PORT`, serves."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from local.tavus.script import Script
from local.tavus.server import serve


class WatchedScript:
    """The script in a file, read again when the file changes. A file that can't be read yet changes nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._stamp()
        self._script = Script.load(path)

    def __call__(self) -> Script:
        """The newest script."""
        stamp = self._stamp()
        if stamp != self._seen:
            with suppress(TypeError, ValueError):
                self._script = Script.load(self._path)
                self._seen = stamp
        return self._script

    def _stamp(self) -> tuple[int, int]:
        stat = self._path.stat()
        return stat.st_mtime_ns, stat.st_size


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m local.tavus", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: a free port")
    parser.add_argument("--script", type=Path, help="a JSON file (local/tavus/script.py), read again when it changes")
    options = parser.parse_args()
    try:
        scripts = WatchedScript(options.script) if options.script else Script
    except (OSError, TypeError, ValueError) as error:
        parser.error(f"{options.script} is no script: {error}")
    asyncio.run(_serve(options.port, scripts))


async def _serve(port: int, scripts: Callable[[], Script]) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with serve(scripts, port) as server:
        sys.stdout.write(f"Ready: {server.origin}\n")
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    main()
