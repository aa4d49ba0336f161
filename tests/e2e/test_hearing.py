"""What the page does about a microphone that sends nothing, and about devices that come and go."""

import re
from pathlib import Path

from playwright.async_api import Page, expect

from local.gemini.script import Script
from tests.e2e.conftest import Open, Serve, eventually, write_wav

UNHEARD = "We can't hear you. Is your microphone muted?"
PATIENT = 30_000
"""What an expectation may take on a busy machine, in ms."""

DEVICES = """() => {
  const { mediaDevices } = navigator;
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  const enumerateDevices = mediaDevices.enumerateDevices.bind(mediaDevices);
  const hidden = new Set();
  const tracks = [];
  mediaDevices.enumerateDevices = async () => (await enumerateDevices()).filter(({ label }) => !hidden.has(label));
  mediaDevices.getUserMedia = async (constraints) => {
    const devices = await mediaDevices.enumerateDevices();
    const remaining = devices.find(({ kind }) => kind === "audioinput");
    const audio = constraints.audio.deviceId
      ? constraints.audio : { ...constraints.audio, deviceId: { exact: remaining.deviceId } };
    const stream = await getUserMedia({ ...constraints, audio });
    tracks.push(...stream.getTracks());
    return stream;
  };
  window.plug = (label, on) => {
    if (on) hidden.delete(label);
    else {
      hidden.add(label);
      for (const track of tracks.filter((one) => one.label === label && one.readyState === "live")) {
        track.stop();
        track.dispatchEvent(new Event("ended"));
      }
    }
    mediaDevices.dispatchEvent(new Event("devicechange"));
  };
}"""
"""Lets a test plug a device in and out by its name; a track of one that is unplugged ends."""

SCRIPT = Script(answers=("Welcome.",), heard=(), voice="tone", tone_seconds=0.2)
"""An interviewer whose greeting is over at once."""


async def to_check(page: Page, url: str) -> None:
    """Go from the set-up to the device check, with the microphone on and a clock that the test can move."""
    await page.clock.install()
    await page.goto(url)
    await page.get_by_label("What should we talk about?").fill("Pastry")
    await page.get_by_role("button", name="Start").click()
    await page.get_by_role("button", name="Turn on the microphone").click()
    await expect(page.get_by_label("Choose a microphone")).to_be_visible(timeout=PATIENT)


async def to_turn(page: Page) -> None:
    """Enter the room, and wait for the candidate's turn."""
    await page.get_by_role("button", name="Begin the interview").click()
    await expect(page.get_by_text("Your turn")).to_be_visible(timeout=PATIENT)


async def test_a_silent_microphone_is_told_with_its_name(serve: Serve, browse: Open, tmp_path: Path) -> None:
    silent = write_wav(tmp_path / "silent.wav", bytes(2 * 48_000), 48_000)
    async with serve(SCRIPT) as url, browse(url, microphone=silent) as page:
        await to_check(page, url)
        await page.get_by_role("button", name="Record three seconds").click()
        await expect(page.get_by_text("Nothing was recorded")).to_be_visible(timeout=PATIENT)
        await to_turn(page)
        await page.clock.run_for(11_000)
        notice = page.get_by_role("status").filter(has_text=UNHEARD)
        await expect(notice).to_contain_text("We're listening to “Fake Default Audio Input”", timeout=PATIENT)
        # A candidate who types needs no microphone.
        await page.get_by_label("Your typed answer").fill("I bake bread.")
        await page.clock.run_for(1_000)
        await expect(notice).to_be_hidden(timeout=PATIENT)


async def test_devices_come_and_go_in_the_room(serve: Serve, browse: Open, tmp_path: Path) -> None:
    """The headset is unplugged and comes back; the chosen loudspeaker too. Chromium's fake microphone beeps."""
    async with serve(SCRIPT) as url, browse(url) as page:
        await page.add_init_script(f"({DEVICES})()")
        await to_check(page, url)
        await page.get_by_label("Choose a microphone").select_option(label="Fake Audio Input 1")
        await expect(page.get_by_text("We can hear you.")).to_be_visible(timeout=PATIENT)
        # A device whose sound is withheld sends zeros, and so does a track that is off.
        await page.evaluate("() => { for (const track of window.watched.tracks) track.enabled = false; }")
        await to_turn(page)
        await page.clock.run_for(11_000)
        await expect(page.get_by_text(UNHEARD)).to_be_visible(timeout=PATIENT)
        await page.evaluate("() => { for (const track of window.watched.tracks) track.enabled = true; }")
        await expect(page.get_by_text(UNHEARD)).to_be_hidden(timeout=PATIENT)

        await page.evaluate("() => window.plug('Fake Audio Input 1', false)")
        change = page.get_by_role("status").filter(has_text="“Fake Audio Input 1” was disconnected")
        await expect(change).to_contain_text("We're using “Fake Default Audio Input” now", timeout=PATIENT)
        await expect(page.get_by_role("button", name=re.compile("^Mute"))).to_be_visible()
        await page.evaluate("() => window.plug('Fake Audio Input 1', true)")
        await expect(page.get_by_text("“Fake Audio Input 1” is back")).to_be_visible(timeout=PATIENT)
        live = "() => window.watched.tracks.filter(track => track.readyState === 'live').map(track => track.label)"
        assert await page.evaluate(live) == ["Fake Audio Input 1"]

        await page.get_by_label("Play the sound through").select_option(label="Fake Audio Output 2")
        sinks = """async () => {
          const devices = await navigator.mediaDevices.enumerateDevices();
          const open = window.watched.contexts.filter(context => context.state === "running");
          return open.map(({ sinkId }) => devices.find(one => one.deviceId === sinkId)?.label ?? "").sort();
        }"""
        await eventually(lambda: _is(page, sinks, ["", "Fake Audio Output 2"]), 30)
        await page.evaluate("() => window.plug('Fake Audio Output 2', false)")
        await eventually(lambda: _is(page, sinks, ["", ""]), 30)
        await expect(page.get_by_text("The sound is off")).to_be_hidden()


async def _is(page: Page, script: str, expected: object) -> bool:
    return bool(await page.evaluate(script) == expected)
