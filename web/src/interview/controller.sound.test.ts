import { describe, expect, it } from "vitest";
import {
  enter,
  interview,
  microphone,
  PLAYED,
  played,
  relay,
  SPOKEN,
  settled,
  speaker,
} from "../testing/interview";
import { TestMicrophone } from "../testing/media";
import { READY, until } from "../testing/relay";

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
    interview.mute(true);
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
    interview.mute(true);
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
  it("goes out frame by frame", async () => {
    const line = await enter();
    microphone.onframe?.(new ArrayBuffer(1280));
    await line.heard(1280);
  });

  it("is muted here and there, and stays so on a new line", async () => {
    const line = await enter();
    interview.mute(true);
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
