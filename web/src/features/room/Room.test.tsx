import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { FakeMachine } from "../../testing/audio";
import { faults } from "../../testing/axe";
import { READY } from "../../testing/relay";
import { button, enter, microphone, reasons, relay, show, speaker } from "../../testing/room";
import { SESSION } from "../../testing/samples";
import { FakeStream, FakeTrack } from "../../testing/tracks";
import { Room } from "./Room";

describe("the interview", () => {
  it("starts with connecting, and shows its topic", async () => {
    show();
    expect(screen.getByRole("heading", { level: 1, name: "Tidal energy" })).toBeTruthy();
    expect(screen.getByText("Connecting")).toBeTruthy();
    expect(screen.getByTestId("remaining").textContent).toBe("--:--");
    expect(await faults()).toEqual([]);
    await relay.peer();
  });

  it("shows whose turn it is", async () => {
    const peer = await enter();
    peer.send({ type: "floor", holder: "interviewer" });
    await screen.findByText("The interviewer is speaking");
    peer.send({ type: "floor", holder: "thinking" });
    await screen.findByText("Take your time.");
  });

  it("counts the time between the relay's messages", async () => {
    const peer = await enter();
    peer.send({ type: "time", elapsed_seconds: 65, remaining_seconds: 61 });
    await waitFor(() => expect(screen.getByTestId("elapsed").textContent).toBe("01:05"));
    await waitFor(() => expect(screen.getByTestId("elapsed").textContent).toBe("01:06"));
    expect(screen.getByText("1 minute left")).toBeTruthy();
  });

  it("has no fault that axe finds, with all its parts shown", async () => {
    const peer = await enter();
    speaker.state = "suspended";
    speaker.onstate?.("suspended");
    peer.send(
      { type: "caption", turn: 0, speaker: "interviewer", text: "Hello", final: true },
      { type: "caption", turn: 1, speaker: "candidate", text: "Hi th", final: false },
      { type: "notice", code: "degraded", message: "A little slow." },
    );
    await screen.findByText("A little slow.");
    act(() => microphone.onended?.());
    await screen.findByText("Your microphone was disconnected");
    expect(await faults()).toEqual([]);
  });
});

describe("what goes wrong", () => {
  it("a lost connection is shown until it is back", async () => {
    const peer = await enter();
    peer.socket.terminate();
    await screen.findByText("Connection lost");
    screen.getByText("What you said is saved.");
    const next = await relay.peer(1);
    next.send({ ...READY, resumed: true });
    await waitFor(() => expect(screen.queryByText("Connection lost")).toBeNull());
  });

  it("a reconnect that the relay asks for is not shown", async () => {
    const peer = await enter();
    const seen: string[] = [];
    const watching = new MutationObserver(() => seen.push(document.body.textContent ?? ""));
    watching.observe(document.body, { childList: true, subtree: true, characterData: true });
    peer.send({ type: "reconnect", after_ms: 10 });
    const next = await relay.peer(1);
    next.send({ ...READY, resumed: true }, { type: "floor", holder: "interviewer" });
    await screen.findByText("The interviewer is speaking");
    watching.disconnect();
    expect(seen.filter((text) => /reconnect|lost|connecting/i.test(text))).toEqual([]);
  });

  it("a lost connection to the model is shown until it is back", async () => {
    const peer = await enter();
    peer.send({ type: "notice", code: "resuming", message: "One moment, being restored." });
    await screen.findByText("One moment, being restored.");
    peer.send({ type: "notice", code: "resumed", message: "Back." });
    await waitFor(() => expect(screen.queryByText("One moment, being restored.")).toBeNull());
    expect(screen.queryByText("Back.")).toBeNull();
  });

  it("bad news about the end is shown before the results", async () => {
    const user = userEvent.setup();
    const peer = await enter();
    peer.send({ type: "notice", code: "model_quota", message: "The interviewer's quota is used up." });
    peer.send({ type: "ended", reason: "failed" });
    peer.socket.close(1000);
    await screen.findByText("The interview can't continue");
    screen.getByText("The interviewer's quota is used up.");
    await user.click(button("See the summary"));
    expect(reasons).toEqual(["failed"]);
  });

  it("an interview that moved to another tab can be taken back", async () => {
    const user = userEvent.setup();
    const peer = await enter();
    peer.socket.close(4409);
    await user.click(await screen.findByRole("button", { name: "Continue here instead" }));
    const next = await relay.peer(1);
    next.send(READY);
    await waitFor(() => expect(screen.queryByText(/another tab/)).toBeNull());
    expect(reasons).toEqual([]);
  });

  it("an interview that ended elsewhere leads to its summary", async () => {
    const peer = await enter();
    peer.socket.close(4410);
    await waitFor(() => expect(reasons).toEqual(["already_ended"]));
  });

  it("suspended sound is resumed by a click", async () => {
    const user = userEvent.setup();
    await enter();
    const resume = vi.spyOn(speaker, "resume").mockImplementation(async () => {
      speaker.state = "running";
    });
    speaker.state = "suspended";
    act(() => speaker.onstate?.("suspended"));
    await user.click(button("Turn sound on"));
    expect(resume).toHaveBeenCalledOnce();
    await waitFor(() => expect(screen.queryByText("The sound is off")).toBeNull());
  });

  it("an unplugged microphone is replaced, or the candidate types", async () => {
    const user = userEvent.setup();
    await enter();
    act(() => microphone.onended?.());
    await screen.findByText("Your microphone was disconnected");
    // This page has no microphones at all.
    await user.click(button("Use this microphone"));
    await screen.findByText(/doesn't work either/);
    await user.click(button("Type instead"));
    expect(screen.queryByText("Your microphone was disconnected")).toBeNull();
    expect(screen.getByText("No microphone: type your answers.")).toBeTruthy();
  });
});

it("releases a microphone that replaced another: when it is replaced itself, and when the room is left", async () => {
  const user = userEvent.setup();
  const machine = FakeMachine.install();
  const tracks: FakeTrack[] = [];
  machine.microphone = () => {
    const track = new FakeTrack("Spare", "spare");
    tracks.push(track);
    return new FakeStream([track]);
  };
  const { unmount } = show();
  const peer = await relay.peer();
  peer.send(READY);
  await screen.findByRole("button", { name: /^Mute/ });
  act(() => microphone.onended?.());
  await user.click(await screen.findByRole("button", { name: "Use this microphone" }));
  await screen.findByRole("button", { name: /^Mute/ });
  act(() => tracks[0]?.unplug());
  await user.click(await screen.findByRole("button", { name: "Use this microphone" }));
  await screen.findByRole("button", { name: /^Mute/ });
  expect(machine.contexts.map(({ state }) => state)).toEqual(["closed", "running"]);
  unmount();
  expect(tracks.map(({ readyState }) => readyState)).toEqual(["ended", "ended"]);
  expect(machine.contexts.map(({ state }) => state)).toEqual(["closed", "closed"]);
});

it("asks before the tab is closed, but only while the interview is live", async () => {
  const peer = await enter();
  const asks = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  expect(asks()).toBe(true);
  peer.socket.close(4409);
  await screen.findByRole("button", { name: "Continue here instead" });
  expect(asks()).toBe(false);
});

it("closes the connection when it is left, and leaves the devices open", async () => {
  const session = { ...SESSION, stream_url: relay.url };
  const { unmount } = render(
    <Room
      session={session}
      microphone={microphone}
      speaker={speaker}
      camera={null}
      onEnded={() => undefined}
    />,
  );
  const { socket } = await relay.peer();
  unmount();
  await waitFor(() => expect(socket.readyState).toBe(socket.CLOSED));
  expect(microphone.stopped).toBe(false);
  expect(speaker.state).toBe("running");
  expect(microphone.onframe).toBeNull();
});
