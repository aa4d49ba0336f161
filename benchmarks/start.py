"""The size and the start time of the relay's image: `python -m benchmarks.start`, as root."""

import signal
import socket
import statistics
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests import image
from tests.image import Image

TRIES = 9
MIB = 2**20


def start(relay: Image) -> tuple[float, float]:
    """Seconds from the start of the process to its first answer, and MiB of memory then."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    began = time.perf_counter()
    process = relay.start({"RELAY_PORT": str(port), "STORE": "firestore://a-project", "GEMINI_API_KEY": "a-key"})
    while not answers(port):
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)
    seconds = time.perf_counter() - began
    status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    kilobytes = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 0
    return seconds, kilobytes / 1024


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return int(answer.status) == 200
    except urllib.error.URLError:
        return False


def size(*folders: Path, pattern: str = "*") -> float:
    """MiB of the files in these folders."""
    files = [path for folder in folders for path in folder.rglob(pattern) if path.is_file() and not path.is_symlink()]
    return sum(path.stat().st_size for path in files) / MIB


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        relay = image.build(Path(folder))["relay"]
        print(f"built in {time.perf_counter() - began:.0f} s, downloads included")
        library = relay.root / "usr"
        print(f"packages {size(relay.root / 'opt'):.0f} MiB, our own code {size(relay.root / 'app'):.1f} MiB,", end=" ")
        print(f"the compiled standard library {size(library, pattern='*.pyc'):.0f} MiB; plus the base")
        for name in ("as it is", "without the standard library compiled"):
            measured = [start(relay) for _ in range(TRIES)]
            seconds = sorted(one for one, _ in measured)
            print(f"{name}: first answer after {statistics.median(seconds):.2f} s", end=" ")
            print(f"({seconds[0]:.2f} to {seconds[-1]:.2f}), {measured[0][1]:.0f} MiB in memory")
            for path in library.rglob("*.pyc"):
                path.unlink()


if __name__ == "__main__":
    main()
