"""Interviews in Firefox. Playwright needs a Firefox of its own; web/browser/ drives the machine's by WebDriver BiDi."""

import asyncio
import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, Serve, spoken
from tests.missing import FIREFOX, missing

pytestmark = pytest.mark.real_time

BROWSERS = ("firefox-esr", "firefox")
VITEST = ROOT / "web/node_modules/.bin/vitest"
ANSWER = "The younger bakers in my team learned to laminate the dough, and I showed them how."


@pytest.fixture(scope="session")
def firefox() -> str:
    """The path of the machine's Firefox."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None) or missing(FIREFOX)


async def test_interviews_by_typing_and_by_microphone(serve: Serve, firefox: str, tmp_path: Path) -> None:
    speech = await spoken(tmp_path / "speech.wav", ANSWER)
    async with serve() as url:
        process = await asyncio.create_subprocess_exec(
            str(VITEST),
            "run",
            "--config",
            "browser/vitest.config.ts",
            cwd=ROOT / "web",
            env={**os.environ, "ORIGIN": url, "FIREFOX": firefox, "SPEECH": str(speech)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            output, _ = await process.communicate()
        finally:
            # Of a test that was cut short, vitest and Firefox are left.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        assert process.returncode == 0, output.decode()
