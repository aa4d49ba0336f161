import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Renewal } from "../../avatar/conversation";
import { faults } from "../../testing/axe";
import { TestMicrophone, TestSpeaker } from "../../testing/doors";
import { TestHouse, TestScreen } from "../../testing/house";
import { type Line, READY, TestRelay } from "../../testing/relay";
import { SESSION } from "../../testing/samples";
import { type AvatarDoors, Room, type RoomProps } from "./Room";

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
    line.say({ type: "floor", holder: "interviewer" });
    await screen.findByText("The interviewer is speaking");
    line.say({ type: "floor", holder: "thinking" });
    await screen.findByText("Take your time.");
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

  it("of an earlier connection are there at once and in full, once each, and are not read out again", async () => {
    const line = await enter();
    const text = "Could you tell me about a service you have run in production, and what you did there?";
    line.say({ type: "caption", turn: 0, speaker: "interviewer", text: "Could you tell", final: false });
    // Its sound stands still at the beginning: shown at its pace, there would be little of it.
    speaker.received = 6;
    speaker.idle = false;
    await screen.findByText(/^Could you/);
    line.say({ type: "reconnect", after_ms: 0 });
    const next = await relay.line(1);
    const moved = vi.spyOn(performance, "now").mockReturnValue(performance.now());
    next.say(
      { ...READY, resumed: true, elapsed_seconds: 600 },
      { type: "caption", turn: 0, speaker: "interviewer", text, final: true },
      { type: "caption", turn: 1, speaker: "candidate", text: "A tide table.", final: true },
      { type: "floor", holder: "candidate" },
    );
    const log = screen.getByRole("log");
    await within(log).findByText("A tide table.");
    expect(within(log).getByText(text).closest("[data-settled]")?.getAttribute("aria-live")).toBe("off");
    expect(log.querySelectorAll("[data-speaker]")).toHaveLength(2);
    moved.mockRestore();
    await waitFor(() => expect(screen.getByTestId("elapsed").textContent).toMatch(/^10:0/));
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

  it("hold the floor by button and by the H key, and give it back", async () => {
    const user = userEvent.setup();
    const line = await enter();
    line.say({ type: "floor", holder: "interviewer" });
    await screen.findByText("The interviewer is speaking");
    await user.click(button(/^Let me think/));
    await line.heard({ type: "hold", on: true });
    await screen.findByText("Take your time.");
    expect(button(/^Let me think/).getAttribute("aria-pressed")).toBe("true");
    expect(await faults()).toEqual([]);
    await user.click(button("I'm ready"));
    await line.heard({ type: "hold", on: false });
    expect(screen.queryByRole("button", { name: "I'm ready" })).toBeNull();
    await user.keyboard("h");
    expect(button(/^Let me think/).getAttribute("aria-pressed")).toBe("true");
    await user.keyboard("h");
    await user.type(screen.getByLabelText("Your answer in writing"), "hh");
    expect(button(/^Let me think/).getAttribute("aria-pressed")).toBe("false");
  });

  it("have no single-key shortcuts for those who turned them off, then or another day", async () => {
    const user = userEvent.setup();
    await enter();
    await user.click(screen.getByRole("switch", { name: "Keyboard shortcuts" }));
    await user.keyboard("mh");
    expect(microphone.muted).toBe(false);
    expect(button(/^Let me think/).getAttribute("aria-pressed")).toBe("false");
    cleanup();
    show();
    const again = screen.getByRole("switch", { name: "Keyboard shortcuts" });
    expect(again.getAttribute("aria-checked")).toBe("false");
    await user.click(again);
    await user.keyboard("m");
    expect(microphone.muted).toBe(true);
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
    await screen.findByText("The interview continues in another tab");
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
    screen.getByText("What you said is safe.");
    const next = await relay.line(1);
    next.say({ ...READY, resumed: true });
    await waitFor(() => expect(screen.queryByText("Connection lost")).toBeNull());
  });

  it("a line that the relay moves is not even mentioned", async () => {
    const line = await enter();
    const seen: string[] = [];
    const watching = new MutationObserver(() => seen.push(document.body.textContent ?? ""));
    watching.observe(document.body, { childList: true, subtree: true, characterData: true });
    line.say({ type: "reconnect", after_ms: 10 });
    const next = await relay.line(1);
    next.say({ ...READY, resumed: true }, { type: "floor", holder: "interviewer" });
    await screen.findByText("The interviewer is speaking");
    watching.disconnect();
    expect(seen.filter((text) => /reconnect|lost|connecting/i.test(text))).toEqual([]);
  });

  it("the interviewer's own line is told of for as long as it is down", async () => {
    const line = await enter();
    line.say({ type: "notice", code: "resuming", message: "One moment, being restored." });
    await screen.findByText("One moment, being restored.");
    line.say({ type: "notice", code: "resumed", message: "Back." });
    await waitFor(() => expect(screen.queryByText("One moment, being restored.")).toBeNull());
    expect(screen.queryByText("Back.")).toBeNull();
  });

  it("what ends the interview is said before it leads on", async () => {
    const user = userEvent.setup();
    const line = await enter();
    line.say({ type: "notice", code: "model_quota", message: "The interviewer's quota is used up." });
    line.say({ type: "ended", reason: "failed" });
    line.socket.close(1000);
    await screen.findByText("The interview can't go on");
    screen.getByText("The interviewer's quota is used up.");
    await user.click(button("See the summary"));
    expect(reasons).toEqual(["failed"]);
  });

  it("another tab can be overtaken again", async () => {
    const user = userEvent.setup();
    const line = await enter();
    line.socket.close(4409);
    await user.click(await screen.findByRole("button", { name: "Continue here instead" }));
    const next = await relay.line(1);
    next.say(READY);
    await waitFor(() => expect(screen.queryByText(/another tab/)).toBeNull());
    expect(reasons).toEqual([]);
  });

  it("an interview that ended elsewhere leads to its summary", async () => {
    const line = await enter();
    line.socket.close(4410);
    await waitFor(() => expect(reasons).toEqual(["already_ended"]));
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

describe("the interviewer on video", () => {
  const VIDEO = { conversation_url: "https://tavus.daily.co/c1", conversation_token: "t1" };
  const LOST = {
    type: "notice",
    code: "avatar_lost",
    message: "The video was lost. It goes on by voice.",
  } as const;
  const BACK = { type: "notice", code: "avatar_back", message: "The interviewer is back on video." } as const;
  let house: TestHouse;
  let screens: TestScreen[];
  let kept: unknown[];
  let renewals: Renewal[];

  beforeEach(() => {
    house = new TestHouse();
    screens = [];
    kept = [];
    renewals = [];
  });

  /** In the room, with the face on its way. */
  async function come(session: Partial<typeof SESSION> = VIDEO, offered = true): Promise<Line> {
    const screen = new TestScreen();
    screens.push(screen);
    const avatar: AvatarDoors = {
      renew: async () => renewals.shift() ?? { place: null, word: "None to be had.", again: true },
      onkeep: (part) => kept.push(part),
      open: house.open,
      screen,
      patience: { first: 1, longest: 1 },
    };
    return enter({ session: { ...SESSION, stream_url: relay.url, ...session }, avatar, offered });
  }

  async function meet(): Promise<Line> {
    const line = await come();
    await waitFor(() => expect(house.rooms).toHaveLength(1));
    act(() => house.room.ready());
    await line.heard({ type: "avatar", state: "ready", max_message_bytes: 4096 });
    return line;
  }

  const stage = () => screen.getByRole("region", { name: "Interviewer" });
  const video = () => screen.getByRole("switch", { name: "Video" });

  it("is drawn until the video is there, and has a name", async () => {
    await come();
    await waitFor(() => expect(house.rooms).toHaveLength(1));
    expect(stage().dataset.face).toBe("coming");
    screen.getByText("Video is connecting");
    expect(await faults()).toEqual([]);
    act(() => house.room.ready());
    await waitFor(() => expect(stage().dataset.face).toBe("here"));
    expect(stage().contains(screens[0]?.picture ?? null)).toBe(true);
    expect(screen.getByLabelText("The interviewer, on video").tagName).toBe("VIDEO");
    expect(screen.queryByText("Video is connecting")).toBeNull();
    expect(await faults()).toEqual([]);
  });

  it("counts as speaking while its face is heard", async () => {
    const line = await meet();
    line.say({ type: "echo", event: {} });
    await waitFor(() => expect(screens[0]?.silent).toBe(false));
    act(() => house.room.events.onspeaking(true));
    await screen.findByText("The interviewer is speaking");
    act(() => house.room.events.onspeaking(false));
    await screen.findByText("Your turn");
  });

  it("is said to be lost in one line, and to be back in one line", async () => {
    const line = await meet();
    act(() => house.room.events.onlost("room"));
    line.say(LOST);
    const words = await screen.findByText(LOST.message);
    expect(words.closest("[role=status]")).toBeTruthy();
    expect(screen.queryByRole("button", { name: /Bring/ })).toBeNull();
    await waitFor(() => expect(house.rooms).toHaveLength(2));
    act(() => house.room.ready());
    await waitFor(() => expect(screen.queryByText(LOST.message)).toBeNull());
    line.say(BACK);
    await screen.findByText(BACK.message);
  });

  it("that is gone is brought back by a click, and kept for a reload", async () => {
    const user = userEvent.setup();
    const line = await meet();
    act(() => house.room.events.onlost("shutdown"));
    line.say(LOST);
    await screen.findByText(LOST.message);
    expect(video().getAttribute("aria-checked")).toBe("false");
    expect(await faults()).toEqual([]);
    const place = { url: "https://tavus.daily.co/c2", token: "t2" };
    renewals.push({ place });
    await user.click(button("Bring the video back"));
    await waitFor(() => expect(house.room.place).toEqual(place));
    expect(kept.at(-1)).toEqual({ place, wanted: true });
    expect(screen.queryByRole("button", { name: /Bring/ })).toBeNull();
  });

  it("that can't be had says why, in the same one line", async () => {
    const user = userEvent.setup();
    const line = await meet();
    act(() => house.room.events.onlost("shutdown"));
    line.say(LOST);
    await user.click(await screen.findByRole("button", { name: "Bring the video back" }));
    await screen.findByText("None to be had.");
    expect(screen.queryByText(LOST.message)).toBeNull();
    renewals.push({ place: null, word: "No more of them.", again: false });
    await user.click(button("Bring the video back"));
    await screen.findByText("No more of them.");
    expect(screen.queryByRole("button", { name: /Bring/ })).toBeNull();
    expect(screen.queryByRole("switch", { name: "Video" })).toBeNull();
  });

  it("is turned off and on by a switch, and that is no trouble", async () => {
    const user = userEvent.setup();
    const line = await meet();
    expect(video().getAttribute("aria-checked")).toBe("true");
    await user.click(video());
    await line.heard({ type: "output", mode: "voice" });
    expect(video().getAttribute("aria-checked")).toBe("false");
    expect(stage().dataset.face).toBe("off");
    expect(screen.queryByText(/by voice/)).toBeNull();
    await user.click(video());
    await waitFor(() => expect(house.rooms).toHaveLength(2));
    expect(kept).toMatchObject([{ wanted: false }, { wanted: true }]);
  });

  it("is nowhere mentioned where there is none to be had", async () => {
    await come({}, false);
    expect(screen.queryByRole("switch", { name: "Video" })).toBeNull();
    expect(screen.queryByText(/video/i)).toBeNull();
  });

  it("can be turned on where the candidate began without", async () => {
    const user = userEvent.setup();
    const line = await come({ output: "voice" });
    expect(line.received[0]).toMatchObject({ output: "voice" });
    renewals.push({ place: { url: VIDEO.conversation_url, token: "t1" } });
    await user.click(video());
    await waitFor(() => expect(house.rooms).toHaveLength(1));
  });

  it("that could not be had at the start is told of in one line", async () => {
    await come({ warnings: ["All faces are taken: the interviewer comes by voice."] });
    screen.getByText(/All faces are taken/);
    expect(screen.queryByRole("button", { name: /Bring/ })).toBeNull();
    expect(await faults()).toEqual([]);
    // What has come of it since is the one line then.
    await userEvent.click(video());
    await screen.findByText("None to be had.");
    expect(screen.queryByText(/All faces are taken/)).toBeNull();
  });
});

it("asks before the tab is closed, but only while the interview is live", async () => {
  const line = await enter();
  const asks = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  expect(asks()).toBe(true);
  line.socket.close(4409);
  await screen.findByRole("button", { name: "Continue here instead" });
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
