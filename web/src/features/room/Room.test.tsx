import { act, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { faults } from "../../testing/axe";
import { TestMicrophone, TestSpeaker } from "../../testing/doors";
import { type Line, READY, TestRelay } from "../../testing/relay";
import { SESSION } from "../../testing/samples";
import { Room, type RoomProps } from "./Room";

// Real sockets and timers, on a machine that may be busy.
configure({ asyncUtilTimeout: 4000 });

let relay: TestRelay;
let speaker: TestSpeaker;
let microphone: TestMicrophone;
let reasons: string[];

beforeEach(async () => {
  relay = await TestRelay.listen();
  speaker = new TestSpeaker();
  microphone = new TestMicrophone("first");
  reasons = [];
});

afterEach(async () => {
  await relay.close();
});

function show(props: Partial<RoomProps> = {}) {
  const session = { ...SESSION, stream_url: relay.url };
  return render(
    <main>
      <Room
        session={session}
        microphone={microphone}
        speaker={speaker}
        camera={null}
        onEnded={(reason) => reasons.push(reason)}
        {...props}
      />
    </main>,
  );
}

async function enter(props: Partial<RoomProps> = {}): Promise<Line> {
  show(props);
  const line = await relay.line();
  line.say(READY, { type: "floor", holder: "candidate" });
  await screen.findByText("Your turn");
  return line;
}

const button = (name: string | RegExp) => screen.getByRole("button", { name });

describe("the interview", () => {
  it("begins with connecting, and says what it is about", async () => {
    show();
    expect(screen.getByRole("heading", { level: 1, name: "Tidal energy" })).toBeTruthy();
    expect(screen.getByText("Connecting")).toBeTruthy();
    expect(screen.getByTestId("remaining").textContent).toBe("--:--");
    expect(await faults()).toEqual([]);
    await relay.line();
  });

  it("says in words whose turn it is", async () => {
    const line = await enter();
    line.say({ type: "floor", holder: "thinking" });
    await screen.findByText("The interviewer is thinking");
    line.say({ type: "floor", holder: "interviewer" });
    await screen.findByText("The interviewer is speaking");
  });

  it("counts the time on between what the relay says", async () => {
    const line = await enter();
    line.say({ type: "time", elapsed_seconds: 65, remaining_seconds: 61 });
    await waitFor(() => expect(screen.getByTestId("elapsed").textContent).toBe("01:05"));
    await waitFor(() => expect(screen.getByTestId("elapsed").textContent).toBe("01:06"));
    expect(screen.getByText("1 minute left")).toBeTruthy();
  });

  it("holds no fault that axe knows, with all its parts shown", async () => {
    const line = await enter();
    speaker.state = "suspended";
    speaker.onstate?.("suspended");
    line.say(
      { type: "caption", turn: 0, speaker: "interviewer", text: "Hello", final: true },
      { type: "caption", turn: 1, speaker: "candidate", text: "Hi th", final: false },
      { type: "notice", code: "degraded", message: "A little slow." },
    );
    await screen.findByText("A little slow.");
    act(() => microphone.onended?.());
    expect(await faults()).toEqual([]);
  });
});

describe("the captions", () => {
  it("show both speakers, and keep all that was said", async () => {
    const line = await enter();
    line.say(
      { type: "caption", turn: 0, speaker: "interviewer", text: "What is a tide?", final: true },
      { type: "spoken", turn: 0 },
      { type: "caption", turn: 1, speaker: "candidate", text: "The sea, ris", final: false },
    );
    const log = screen.getByRole("log");
    const interim = await within(log).findByText(/The sea, ris/);
    expect(interim.closest("[data-settled]")?.getAttribute("data-settled")).toBe("false");
    line.say({ type: "caption", turn: 1, speaker: "candidate", text: "The sea, rising.", final: true });
    await within(log).findByText("The sea, rising.");
    await within(log).findByText("What is a tide?");
    const order = [...log.querySelectorAll("[data-speaker]")].map((each) =>
      each.getAttribute("data-speaker"),
    );
    expect(order).toEqual(["interviewer", "candidate"]);
  });

  it("follow the voice, and are read out only when they are whole", async () => {
    const line = await enter();
    const text = "Could you tell me about a service you have run in production, and what you did there?";
    speaker.received = 6;
    speaker.idle = false;
    line.say({ type: "caption", turn: 0, speaker: "interviewer", text, final: true });
    const log = screen.getByRole("log");
    const growing = await within(log).findByText(/^Could you/);
    expect(growing.textContent?.length).toBeLessThan(40);
    expect(growing.closest("[aria-live]")?.getAttribute("aria-live")).toBe("off");
    line.say({ type: "spoken", turn: 0 });
    await waitFor(() => expect(within(log).queryByText(text)).toBeNull());
    act(() => {
      speaker.position = 6;
    });
    const whole = await within(log).findByText(text);
    await waitFor(() => expect(whole.isConnected && whole.closest("[aria-live=off]")).toBeFalsy());
  });

  it("break off where the interviewer was spoken over", async () => {
    const line = await enter();
    speaker.received = 6;
    speaker.idle = false;
    const text = "Could you tell me about a service you have run in production, and what you did there?";
    line.say({ type: "caption", turn: 0, speaker: "interviewer", text, final: false });
    await screen.findByText(/^Could you/);
    line.say({ type: "interrupted", turn: 0 });
    await screen.findByText(/interrupted/);
    // Its sound is counted as gone; what comes next is shown at its own pace, all the way.
    speaker.position = 6;
    speaker.idle = true;
    const next = "Then let us turn to something else, if that is all right with you.";
    line.say({ type: "caption", turn: 1, speaker: "interviewer", text: next, final: true });
    await screen.findByText(/^Then let us/);
    line.say({ type: "spoken", turn: 1 });
    await waitFor(() => expect(screen.getByText(next).closest("[aria-live=off]")).toBeNull());
    expect(screen.queryByText(/what you did there/)).toBeNull();
  });
});

describe("the controls", () => {
  it("mute by button and by the M key, but not while an M is typed", async () => {
    const user = userEvent.setup();
    const line = await enter();
    await user.click(button(/^Mute/));
    expect(microphone.muted).toBe(true);
    await line.heard({ type: "mute", on: true });
    await user.keyboard("m");
    expect(microphone.muted).toBe(false);
    await user.type(screen.getByLabelText("Your answer in writing"), "more");
    expect(microphone.muted).toBe(false);
    button(/^Mute/);
  });

  it("send a typed answer with Enter, several lines with Shift", async () => {
    const user = userEvent.setup();
    const line = await enter();
    const field = screen.getByLabelText<HTMLTextAreaElement>("Your answer in writing");
    await user.type(field, "One{Shift>}{Enter}{/Shift}two{Enter}");
    await line.heard({ type: "text", text: "One\ntwo" });
    expect(field.value).toBe("");
    await user.type(field, "   {Enter}");
    await user.type(field, "Three");
    await user.click(button("Send"));
    await line.heard({ type: "text", text: "Three" });
    expect(line.received.filter((frame) => (frame as { type?: string }).type === "text")).toHaveLength(2);
  });

  it("keep an answer that can't be sent now", async () => {
    const user = userEvent.setup();
    const line = await enter();
    line.socket.close(4409);
    await screen.findByText("The interview went on in another tab");
    const field = screen.getByLabelText<HTMLTextAreaElement>("Your answer in writing");
    await user.type(field, "My answer{Enter}");
    expect(field.value).toBe("My answer");
    expect(screen.getByText(/^Not sent/)).toBeTruthy();
  });

  it("end only after a second question, and leave with the relay's answer", async () => {
    const user = userEvent.setup();
    const line = await enter();
    await user.click(button(/^End/));
    await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Go on talking" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    await user.click(button(/^End/));
    expect(await faults()).toEqual([]);
    await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: /^End/ }));
    await line.heard({ type: "end" });
    await screen.findByText("The interview is ending");
    line.say({ type: "ended", reason: "candidate" });
    await waitFor(() => expect(reasons).toEqual(["candidate"]));
  });

  it("offer writing at once where there is no microphone", async () => {
    await enter({ microphone: null });
    expect(screen.getByText("No microphone: you answer in writing.")).toBeTruthy();
    expect(button("Type an answer").getAttribute("aria-expanded")).toBe("true");
    expect(screen.queryByRole("button", { name: /^Mute/ })).toBeNull();
  });
});

describe("what goes wrong", () => {
  it("a lost line is said, and mends itself", async () => {
    const line = await enter();
    line.socket.terminate();
    await screen.findByText("Connection lost");
    const next = await relay.line(1);
    next.say({ ...READY, resumed: true });
    await waitFor(() => expect(screen.queryByText("Connection lost")).toBeNull());
  });

  it("another tab can be overtaken again", async () => {
    const user = userEvent.setup();
    const line = await enter();
    line.socket.close(4409);
    await user.click(await screen.findByRole("button", { name: "Go on here" }));
    const next = await relay.line(1);
    next.say(READY);
    await waitFor(() => expect(screen.queryByText(/another tab/)).toBeNull());
    expect(reasons).toEqual([]);
  });

  it("an interview that ended elsewhere leads to its summary", async () => {
    const user = userEvent.setup();
    const line = await enter();
    line.socket.close(4410);
    await user.click(await screen.findByRole("button", { name: "See the summary" }));
    expect(reasons).toEqual(["already_ended"]);
  });

  it("a sound that the browser holds back is turned on by a click", async () => {
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

  it("an unplugged microphone is replaced, or done without", async () => {
    const user = userEvent.setup();
    await enter();
    act(() => microphone.onended?.());
    screen.getByText("Your microphone is gone");
    // This page has no microphones at all.
    await user.click(button("Use this microphone"));
    await screen.findByText(/does not work either/);
    await user.click(button("Type instead"));
    expect(screen.queryByText("Your microphone is gone")).toBeNull();
    expect(screen.getByText("No microphone: you answer in writing.")).toBeTruthy();
  });
});

it("asks before the tab is closed, but only while the interview is live", async () => {
  const line = await enter();
  const asks = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  expect(asks()).toBe(true);
  line.socket.close(4410);
  await screen.findByRole("button", { name: "See the summary" });
  expect(asks()).toBe(false);
});

it("hangs up when it is left, and leaves the devices to their owner", async () => {
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
  const { socket } = await relay.line();
  unmount();
  await waitFor(() => expect(socket.readyState).toBe(socket.CLOSED));
  expect(microphone.stopped).toBe(false);
  expect(speaker.state).toBe("running");
  expect(microphone.onframe).toBeNull();
});
