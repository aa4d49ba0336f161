import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Seat } from "../../avatar/seat";
import { TestMicrophone, TestSpeaker } from "../../testing/doors";
import { TestHouse, TestScreen } from "../../testing/house";
import { type Line, READY, TestRelay, until } from "../../testing/relay";
import { Live } from "./live";

/** A loudspeaker that plays when the test says so, and counts its interruptions. */
class Speaker extends TestSpeaker {
  interruptions = 0;

  override push(pcm: ArrayBuffer): boolean {
    this.received += pcm.byteLength / 48_000;
    this.idle = false;
    return super.push(pcm);
  }

  override interrupt(): void {
    this.interruptions++;
  }

  play(): void {
    this.position = this.received;
    this.idle = true;
    this.onDrained?.();
  }
}

let relay: TestRelay;
let speaker: Speaker;
let microphone: TestMicrophone;
let live: Live;
let reasons: string[];

beforeEach(async () => {
  relay = await TestRelay.listen();
  speaker = new Speaker();
  microphone = new TestMicrophone("first");
  reasons = [];
});

afterEach(async () => {
  live.close();
  await relay.close();
});

async function enter(device: TestMicrophone | null = microphone): Promise<Line> {
  live = new Live({
    session: { session_token: "token-1", stream_url: relay.url },
    microphone: device,
    speaker,
    onended: (reason) => reasons.push(reason),
  });
  const line = await relay.line();
  line.say(READY);
  await until(() => expect(live.scene().link.state).toBe("open"));
  return line;
}

/** Resolves once the page has taken in all that was said on this line so far. */
async function settled(line: Line): Promise<void> {
  const code = `mark ${Math.random()}`;
  line.say({ type: "notice", code, message: "" });
  await until(() => expect(live.scene().notes.at(-1)?.code).toBe(code));
}

const SPOKEN = { type: "spoken", turn: 0 } as const;
const PLAYED = { type: "played" };
const played = ({ received }: Line) =>
  received.filter((frame) => (frame as { type?: string }).type === "played").length;

describe("the voice", () => {
  it("is played, and reported as played when it has been heard", async () => {
    const line = await enter();
    line.socket.send(Buffer.alloc(4800));
    line.say(SPOKEN);
    await settled(line);
    expect(speaker.pushed).toBeCloseTo(0.1);
    expect(line.received).not.toContainEqual(PLAYED);
    speaker.play();
    await line.heard(PLAYED);
  });

  it("is reported at once when nothing was queued", async () => {
    const line = await enter();
    line.say(SPOKEN);
    await line.heard(PLAYED);
  });

  it("is not reported when it ran dry before all of it was sent", async () => {
    const line = await enter();
    line.socket.send(Buffer.alloc(4800));
    await settled(line);
    speaker.play();
    line.socket.send(Buffer.alloc(4800));
    await settled(line);
    expect(line.received).not.toContainEqual(PLAYED);
    line.say(SPOKEN);
    await settled(line);
    speaker.play();
    await line.heard(PLAYED);
    expect(played(line)).toBe(1);
  });

  it("is reported after a turn without any sound, even one that was cut off", async () => {
    const line = await enter();
    line.socket.send(Buffer.alloc(4800));
    line.say({ type: "interrupted", turn: 0 });
    await settled(line);
    speaker.play();
    line.say(SPOKEN);
    await line.heard(PLAYED);
    line.say({ type: "spoken", turn: 2 });
    await until(() => expect(played(line)).toBe(2));
  });

  it("is reported once for a turn that broke off and the one that follows before it has played", async () => {
    const line = await enter();
    line.socket.send(Buffer.alloc(4800));
    line.say(SPOKEN);
    await settled(line);
    line.socket.send(Buffer.alloc(4800));
    await settled(line);
    // All of it has been heard, but the second turn is not all there is of it.
    speaker.play();
    await settled(line);
    expect(played(line)).toBe(0);
    line.say({ type: "spoken", turn: 2 });
    await line.heard(PLAYED);
    expect(played(line)).toBe(1);
  });

  it("of a line that is gone is not reported on the next one", async () => {
    const line = await enter();
    line.socket.send(Buffer.alloc(4800));
    line.say(SPOKEN, { type: "reconnect", after_ms: 0 });
    const next = await relay.line(1);
    next.say({ ...READY, resumed: true });
    await settled(next);
    speaker.play();
    live.mute(true);
    await next.heard({ type: "mute", on: true });
    expect(played(next)).toBe(0);
    next.say({ type: "spoken", turn: 2 });
    await next.heard(PLAYED);
  });

  it("falls silent when it is interrupted, and is not reported as played", async () => {
    const line = await enter();
    line.socket.send(Buffer.alloc(4800));
    line.say(SPOKEN, { type: "interrupted", turn: 0 });
    await settled(line);
    expect(speaker.interruptions).toBe(1);
    speaker.play();
    live.mute(true);
    await line.heard({ type: "mute", on: true });
    expect(line.received).not.toContainEqual(PLAYED);
  });

  it("belongs to its turn, so that the captions can follow it", async () => {
    const line = await enter();
    line.say({ type: "caption", turn: 0, speaker: "interviewer", text: "Hello", final: false });
    line.socket.send(Buffer.alloc(48_000));
    await settled(line);
    speaker.position = 0.25;
    const now = performance.now();
    expect(live.voice(0, now)).toMatchObject({ received: 1, heard: 0.25, complete: false, still: 0 });
    expect(live.voice(0, now + 2000)?.still).toBeCloseTo(2);
    expect(live.voice(9, now)).toBeNull();
  });
});

describe("the microphone", () => {
  it("goes out frame by frame", async () => {
    const line = await enter();
    microphone.onframe?.(new ArrayBuffer(1280));
    await line.heard(1280);
  });

  it("is muted here and there, and stays so on a new line", async () => {
    const line = await enter();
    live.mute(true);
    expect(microphone.muted).toBe(true);
    await line.heard({ type: "mute", on: true });
    line.say({ type: "reconnect", after_ms: 0 });
    const next = await relay.line(1);
    next.say(READY);
    await next.heard({ type: "mute", on: true });
  });

  it("that is not there is said to be muted", async () => {
    const line = await enter(null);
    await line.heard({ type: "mute", on: true });
    expect(live.scene().microphone).toBe("none");
    expect(live.level()).toBe(0);
  });

  it("that is unplugged is replaced by another", async () => {
    const line = await enter();
    microphone.onended?.();
    expect(live.scene().microphone).toBe("gone");
    await line.heard({ type: "mute", on: true });
    const other = new TestMicrophone("second");
    live.changeTo(other);
    expect(live.scene().microphone).toBe("open");
    await line.heard({ type: "mute", on: false });
    other.onframe?.(new ArrayBuffer(640));
    await line.heard(640);
    expect(microphone.onframe).toBeNull();
  });
});

describe("the end", () => {
  it("by the candidate waits for the relay's word", async () => {
    const line = await enter();
    live.end();
    live.end();
    expect(speaker.interruptions).toBe(1);
    await line.heard({ type: "end" });
    expect(reasons).toEqual([]);
    line.say({ type: "ended", reason: "candidate" });
    line.socket.close(1000);
    await until(() => expect(reasons).toEqual(["candidate"]));
    expect(microphone.onframe).toBeNull();
    expect(microphone.stopped).toBe(false);
  });

  it("by the candidate comes five seconds later without it", async () => {
    await enter();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    live.end();
    vi.advanceTimersByTime(4999);
    expect(reasons).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(reasons).toEqual(["candidate"]);
    vi.useRealTimers();
  });

  it("by the candidate comes at once when the line is down", async () => {
    const line = await enter();
    line.socket.close(4409);
    await until(() => expect(live.scene().link.state).toBe("closed"));
    live.end();
    await until(() => expect(reasons).toEqual(["candidate"]));
  });

  it("by the interviewer lets the farewell play out", async () => {
    const line = await enter();
    line.socket.send(Buffer.alloc(4800));
    line.say({ type: "ended", reason: "interviewer" });
    line.socket.close(1000);
    await until(() => expect(live.scene().link.state).toBe("closed"));
    expect(reasons).toEqual([]);
    speaker.play();
    await until(() => expect(reasons).toEqual(["interviewer"]));
  });

  it("with bad news waits until they have been read", async () => {
    const line = await enter();
    line.say({ type: "notice", code: "model_key", message: "The key is wrong." });
    line.say({ type: "ended", reason: "failed" });
    line.socket.close(1000);
    await until(() => expect(live.scene().link.state).toBe("closed"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(reasons).toEqual([]);
    expect(live.scene().notes.map(({ message }) => message)).toEqual(["The key is wrong."]);
    live.leave("failed");
    expect(reasons).toEqual(["failed"]);
  });

  it("is told once", async () => {
    await enter();
    live.leave("already_ended");
    live.leave("candidate");
    expect(reasons).toEqual(["already_ended"]);
  });
});

describe("a hold", () => {
  const ON = { type: "hold", on: true };
  const OFF = { type: "hold", on: false };

  it("is said, and taken back", async () => {
    const line = await enter();
    live.hold(true);
    expect(live.scene().holding).toBe(true);
    await line.heard(ON);
    live.hold(false);
    expect(live.scene().holding).toBe(false);
    await line.heard(OFF);
  });

  it("is said again on a new line, after which what was said meanwhile goes out", async () => {
    const line = await enter();
    live.hold(true);
    live.mute(true);
    await line.heard(ON);
    line.say({ type: "reconnect", after_ms: 0 });
    const next = await relay.line(1);
    microphone.onframe?.(new ArrayBuffer(1280));
    next.say({ ...READY, resumed: true }, { type: "floor", holder: "candidate" });
    await next.heard(1280);
    expect(next.received.slice(1)).toEqual([{ type: "mute", on: true }, ON, 1280]);
    await settled(next);
    expect(live.scene().holding).toBe(true);
  });

  it("asked for while the line is down is said when it is back", async () => {
    const line = await enter();
    line.socket.terminate();
    await until(() => expect(live.scene().link.state).toBe("reconnecting"));
    live.hold(true);
    const next = await relay.line(1);
    next.say({ ...READY, resumed: true });
    await next.heard(ON);
  });

  it("is ended by the relay only once it had begun there", async () => {
    const line = await enter();
    live.hold(true);
    // On its way before the relay had heard of it.
    line.say({ type: "floor", holder: "interviewer" });
    await settled(line);
    expect(live.scene().holding).toBe(true);
    line.say({ type: "floor", holder: "thinking" }, { type: "floor", holder: "interviewer" });
    await settled(line);
    expect(live.scene().holding).toBe(false);
  });

  it("is given back by a typed answer, or nobody would answer it", async () => {
    const line = await enter();
    live.hold(true);
    live.answer("Cavitation.");
    await line.heard({ type: "text", text: "Cavitation." });
    expect(line.received.slice(1)).toEqual([ON, OFF, { type: "text", text: "Cavitation." }]);
  });

  it("is over with the interview", async () => {
    const line = await enter();
    live.hold(true);
    live.end();
    expect(live.scene().holding).toBe(false);
    live.hold(true);
    await line.heard({ type: "end" });
    expect(live.scene().holding).toBe(false);
  });
});

describe("a lost line", () => {
  it("goes on here after another tab took over, with what was said before", async () => {
    const line = await enter();
    line.say({ type: "caption", turn: 0, speaker: "interviewer", text: "Hello", final: true });
    line.socket.close(4409);
    await until(() => expect(live.scene().link).toEqual({ state: "closed", why: "taken_over" }));
    live.redial();
    const next = await relay.line(1);
    next.say(
      { ...READY, resumed: true },
      { type: "caption", turn: 0, speaker: "interviewer", text: "Hello", final: true },
      { type: "floor", holder: "candidate" },
    );
    await until(() => expect(live.scene().floor).toBe("candidate"));
    expect(live.scene().turns).toHaveLength(1);
  });

  it("leaves its turns without a pace of their own; the next turn's sound is its own", async () => {
    const line = await enter();
    line.say({ type: "caption", turn: 0, speaker: "interviewer", text: "What is", final: false });
    line.socket.send(Buffer.alloc(48_000));
    await settled(line);
    expect(live.voice(0, 0)).not.toBeNull();
    line.say({ type: "reconnect", after_ms: 0 });
    const next = await relay.line(1);
    next.say(
      { ...READY, resumed: true, elapsed_seconds: 600 },
      { type: "caption", turn: 0, speaker: "interviewer", text: "What is a tide?", final: true },
      { type: "floor", holder: "candidate" },
    );
    await until(() => expect(live.scene().turns[0]?.restored).toBe(true));
    expect(live.voice(0, 0)).toBeNull();
    expect(live.scene().clock).toMatchObject({ elapsed: 600, remaining: 900 });
    next.say({ type: "caption", turn: 1, speaker: "interviewer", text: "So?", final: false });
    next.socket.send(Buffer.alloc(24_000));
    await settled(next);
    expect(live.voice(1, 0)).toMatchObject({ received: 0.5, heard: 0 });
  });

  it.each([
    [4410, "already_ended"],
    [4401, "not_found"],
  ])("with %i leaves nothing to decide", async (code, reason) => {
    const line = await enter();
    line.socket.close(code);
    await until(() => expect(reasons).toEqual([reason]));
  });

  it("is dialled at once when the network is back, even after it was given up", async () => {
    const dialled: string[] = [];
    live = new Live({
      session: { session_token: "token-1", stream_url: relay.url },
      microphone,
      speaker,
      onended: () => undefined,
      dial: (options) => {
        dialled.push("dial");
        queueMicrotask(() => options.onlink({ state: "closed", why: "unreachable" }));
        return {
          send: () => false,
          sendAudio: () => undefined,
          nudge: () => dialled.push("nudge"),
          close: () => undefined,
        };
      },
    });
    document.dispatchEvent(new Event("visibilitychange"));
    await until(() => expect(live.scene().link.state).toBe("closed"));
    window.dispatchEvent(new Event("online"));
    expect(dialled).toEqual(["dial", "nudge", "dial"]);
    await until(() => expect(live.scene().link.state).toBe("closed"));
    live.close();
    window.dispatchEvent(new Event("online"));
    expect(dialled).toHaveLength(3);
  });
});

it("does not send an answer into a line that is down", async () => {
  const line = await enter();
  expect(live.answer("Yes.")).toBe(true);
  await line.heard({ type: "text", text: "Yes." });
  line.socket.close(4409);
  await until(() => expect(live.scene().link.state).toBe("closed"));
  expect(live.answer("No.")).toBe(false);
});

describe("the face", () => {
  const PLACE = { url: "https://tavus.daily.co/c1", token: "t1" };
  const ECHO = {
    type: "echo",
    event: { event_type: "conversation.echo", properties: { audio: "AAAA" } },
  } as const;
  const INTERVIEWER = {
    type: "caption",
    turn: 0,
    speaker: "interviewer",
    text: "Hello",
    final: false,
  } as const;
  let house: TestHouse;
  let screen: TestScreen;

  beforeEach(() => {
    house = new TestHouse();
    screen = new TestScreen();
  });

  function sit(): void {
    live = new Live({
      session: { session_token: "token-1", stream_url: relay.url },
      microphone,
      speaker,
      onended: (reason) => reasons.push(reason),
      seat: (hooks) =>
        new Seat({
          ...hooks,
          place: PLACE,
          wanted: true,
          renew: async () => ({ place: null, word: "None.", again: true }),
          open: house.open,
          screen,
          patience: { first: 1, longest: 1 },
        }),
    });
  }

  /** In the interview, with the replica in its room. */
  async function meet(): Promise<Line> {
    sit();
    const line = await relay.line();
    line.say({ ...READY, output: "avatar" });
    await until(() => expect(live.scene().link.state).toBe("open"));
    await until(() => expect(house.rooms).toHaveLength(1));
    house.room.ready();
    await line.heard({ type: "avatar", state: "ready", max_message_bytes: 4096 });
    expect(live.scene().face.is).toBe("here");
    return line;
  }

  it("is asked for in the hello, and seen when it is there", async () => {
    const line = await meet();
    expect(line.received[0]).toMatchObject({ type: "hello", output: "avatar" });
    expect(live.picture).toBe(screen.picture);
  });

  it("is none without a seat", async () => {
    await enter();
    expect([live.scene().face, live.picture]).toEqual([{ is: "none" }, null]);
  });

  it("is handed what it is to say, unread, and nothing is drawn anew for it", async () => {
    const line = await meet();
    await settled(line);
    let drawn = 0;
    live.watch(() => drawn++);
    line.say(ECHO, ECHO);
    await until(() => expect(house.room.sent).toEqual([ECHO.event, ECHO.event]));
    expect(drawn).toBe(0);
  });

  it("says itself that it speaks and has spoken; the page does not say `played` for it", async () => {
    const line = await meet();
    line.say(ECHO);
    await settled(line);
    house.room.events.onspeaking(true);
    expect(live.sounding).toBe(true);
    line.say(SPOKEN);
    await settled(line);
    house.room.events.onspeaking(false);
    await line.heard({ type: "avatar", state: "silent" });
    expect(live.sounding).toBe(false);
    expect(played(line)).toBe(0);
  });

  it("is silent while the relay speaks itself, which is reported as played", async () => {
    const line = await meet();
    line.say(ECHO);
    await until(() => expect(screen.silent).toBe(false));
    line.socket.send(Buffer.alloc(4800));
    line.say(SPOKEN);
    await settled(line);
    expect(screen.silent).toBe(true);
    speaker.play();
    await line.heard(PLAYED);
  });

  it("that is lost in the middle of a turn leaves the rest to the loudspeaker", async () => {
    const line = await meet();
    line.say(ECHO);
    await until(() => expect(house.room.sent).toHaveLength(1));
    house.room.events.onlost("room");
    await line.heard({ type: "avatar", state: "lost", reason: "room" });
    // All of it had been heard: nothing is left to play.
    line.say(SPOKEN);
    await line.heard(PLAYED);
    await until(() => expect(house.rooms).toHaveLength(2));
    house.room.ready();
    await until(() => expect(live.scene().face.is).toBe("here"));
  });

  it("is silenced by an interruption, and by the end", async () => {
    const line = await meet();
    line.say(ECHO);
    await until(() => expect(screen.silent).toBe(false));
    house.room.events.onspeaking(true);
    line.say({ type: "interrupted", turn: 0 });
    await until(() => expect(screen.silent).toBe(true));
    house.room.events.onspeaking(false);
    house.room.events.onspeaking(true);
    expect(screen.silent).toBe(false);
    live.end();
    expect(screen.silent).toBe(true);
  });

  it("paces its captions by its own speaking", async () => {
    const line = await meet();
    line.say(INTERVIEWER);
    await settled(line);
    const now = performance.now();
    expect(live.voice(0, now)).toMatchObject({ received: null, heard: 0 });
    house.room.events.onspeaking(true);
    expect(live.voice(0, now + 5000)?.heard).toBeGreaterThan(4);
    line.say(SPOKEN);
    await settled(line);
    house.room.events.onspeaking(false);
    expect(live.voice(0, now + 5000)?.complete).toBe(true);
    expect(live.voice(7, now)).toBeNull();
  });

  it("that the relay gives up goes and comes anew", async () => {
    const line = await meet();
    line.say({ type: "notice", code: "avatar_lost", message: "The video has no sound." });
    await until(() => expect(house.rooms).toHaveLength(2));
    expect(house.rooms[0]?.left).toBe(true);
    expect(line.received).not.toContainEqual(expect.objectContaining({ state: "lost" }));
  });

  it("is turned off and on by the candidate", async () => {
    const line = await meet();
    live.video(false);
    await line.heard({ type: "output", mode: "voice" });
    expect([live.scene().face.is, house.room.left]).toEqual(["off", true]);
    live.video(true);
    await until(() => expect(house.rooms).toHaveLength(2));
    house.room.ready();
    await line.heard({ type: "output", mode: "avatar" });
  });

  it("is told to every new line, and asked for in its hello as the candidate has it by then", async () => {
    const line = await meet();
    house.room.events.onspeaking(true);
    line.say({ type: "reconnect", after_ms: 0 });
    const next = await relay.line(1);
    next.say({ ...READY, output: "avatar", resumed: true });
    await next.heard({ type: "avatar", state: "speaking" });
    expect(next.received).toContainEqual({ type: "avatar", state: "ready", max_message_bytes: 4096 });
    live.video(false);
    next.say({ type: "reconnect", after_ms: 0 });
    expect((await relay.line(2)).received[0]).toMatchObject({ type: "hello", output: "voice" });
  });

  it("leaves its room with the page", async () => {
    await meet();
    live.close();
    expect(house.room.left).toBe(true);
  });
});
