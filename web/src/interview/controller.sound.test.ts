import { describe, expect, it } from "vitest";
import {
  enter,
  handled,
  interview,
  microphone,
  PLAYED,
  played,
  relay,
  SPOKEN,
  speaker,
} from "../testing/interview";
import { TestMicrophone } from "../testing/media";
import { READY, until } from "../testing/relay";

describe("the voice", () => {
  it("is played, and reported as played when the speaker has drained", async () => {
    const line = await enter();
    line.socket.send(Buffer.alloc(4800));
    line.say(SPOKEN);
    await handled(line);
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

  it("is not reported when the queue ran empty before all of it was sent", async () => {
    const line = await enter();
    line.socket.send(Buffer.alloc(4800));
    await handled(line);
    speaker.play();
    line.socket.send(Buffer.alloc(4800));
    await handled(line);
    expect(line.received).not.toContainEqual(PLAYED);
    line.say(SPOKEN);
    await handled(line);
    speaker.play();
    await line.heard(PLAYED);
    expect(played(line)).toBe(1);
  });

  it("is reported after a turn without any sound, even an interrupted one", async () => {
    const line = await enter();
    line.socket.send(Buffer.alloc(4800));
    line.say({ type: "interrupted", turn: 0 });
    await handled(line);
    speaker.play();
    line.say(SPOKEN);
    await line.heard(PLAYED);
    line.say({ type: "spoken", turn: 2 });
    await until(() => expect(played(line)).toBe(2));
  });

  it("is reported once for an incomplete turn and the one that follows it", async () => {
    const line = await enter();
    line.socket.send(Buffer.alloc(4800));
    line.say(SPOKEN);
    await handled(line);
    line.socket.send(Buffer.alloc(4800));
    await handled(line);
    // All of it has been played, but the second turn is not complete.
    speaker.play();
    await handled(line);
    expect(played(line)).toBe(0);
    line.say({ type: "spoken", turn: 2 });
    await line.heard(PLAYED);
    expect(played(line)).toBe(1);
  });

  it("of a lost connection is not reported on the next one", async () => {
    const line = await enter();
    line.socket.send(Buffer.alloc(4800));
    line.say(SPOKEN, { type: "reconnect", after_ms: 0 });
    const next = await relay.line(1);
    next.say({ ...READY, resumed: true });
    await handled(next);
    speaker.play();
    interview.mute(true);
    await next.heard({ type: "mute", on: true });
    expect(played(next)).toBe(0);
    next.say({ type: "spoken", turn: 2 });
    await next.heard(PLAYED);
  });

  it("stops when it is interrupted, and is not reported as played", async () => {
    const line = await enter();
    line.socket.send(Buffer.alloc(4800));
    line.say(SPOKEN, { type: "interrupted", turn: 0 });
    await handled(line);
    expect(speaker.interruptions).toBe(1);
    speaker.play();
    interview.mute(true);
    await line.heard({ type: "mute", on: true });
    expect(line.received).not.toContainEqual(PLAYED);
  });

  it("has a progress for each turn, which the captions follow", async () => {
    const line = await enter();
    line.say({ type: "caption", turn: 0, speaker: "interviewer", text: "Hello", final: false });
    line.socket.send(Buffer.alloc(48_000));
    await handled(line);
    speaker.position = 0.25;
    const now = performance.now();
    expect(interview.progress(0, now)).toMatchObject({
      received: 1,
      played: 0.25,
      complete: false,
      silentFor: 0,
    });
    expect(interview.progress(0, now + 2000)?.silentFor).toBeCloseTo(2);
    expect(interview.progress(9, now)).toBeNull();
  });
});

describe("the microphone", () => {
  it("sends each frame", async () => {
    const line = await enter();
    microphone.onframe?.(new ArrayBuffer(1280));
    await line.heard(1280);
  });

  it("is muted here and at the relay, also on a new connection", async () => {
    const line = await enter();
    interview.mute(true);
    expect(microphone.muted).toBe(true);
    await line.heard({ type: "mute", on: true });
    line.say({ type: "reconnect", after_ms: 0 });
    const next = await relay.line(1);
    next.say(READY);
    await next.heard({ type: "mute", on: true });
  });

  it("that does not exist is reported as muted", async () => {
    const line = await enter(null);
    await line.heard({ type: "mute", on: true });
    expect(interview.scene().microphone).toBe("none");
    expect(interview.level()).toBe(0);
  });

  it("that is unplugged is replaced by another", async () => {
    const line = await enter();
    microphone.onended?.();
    expect(interview.scene().microphone).toBe("gone");
    await line.heard({ type: "mute", on: true });
    const other = new TestMicrophone("second");
    interview.changeTo(other);
    expect(interview.scene().microphone).toBe("open");
    await line.heard({ type: "mute", on: false });
    other.onframe?.(new ArrayBuffer(640));
    await line.heard(640);
    expect(microphone.onframe).toBeNull();
  });
});
