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
import { READY } from "../testing/relay";
import { until } from "../testing/until";

describe("the voice", () => {
  it("is played, and reported as played when the speaker has drained", async () => {
    const peer = await enter();
    peer.socket.send(Buffer.alloc(4800));
    peer.send(SPOKEN);
    await handled(peer);
    expect(speaker.pushed).toBeCloseTo(0.1);
    expect(peer.received).not.toContainEqual(PLAYED);
    speaker.play();
    await peer.waitFor(PLAYED);
  });

  it("is reported at once when nothing was queued", async () => {
    const peer = await enter();
    peer.send(SPOKEN);
    await peer.waitFor(PLAYED);
  });

  it("is not reported when the queue ran empty before all of it was sent", async () => {
    const peer = await enter();
    peer.socket.send(Buffer.alloc(4800));
    await handled(peer);
    speaker.play();
    peer.socket.send(Buffer.alloc(4800));
    await handled(peer);
    expect(peer.received).not.toContainEqual(PLAYED);
    peer.send(SPOKEN);
    await handled(peer);
    speaker.play();
    await peer.waitFor(PLAYED);
    expect(played(peer)).toBe(1);
  });

  it("is reported after a turn without any sound, even an interrupted one", async () => {
    const peer = await enter();
    peer.socket.send(Buffer.alloc(4800));
    peer.send({ type: "interrupted", turn: 0 });
    await handled(peer);
    speaker.play();
    peer.send(SPOKEN);
    await peer.waitFor(PLAYED);
    peer.send({ type: "spoken", turn: 2 });
    await until(() => expect(played(peer)).toBe(2));
  });

  it("is reported once for an incomplete turn and the one that follows it", async () => {
    const peer = await enter();
    peer.socket.send(Buffer.alloc(4800));
    peer.send(SPOKEN);
    await handled(peer);
    peer.socket.send(Buffer.alloc(4800));
    await handled(peer);
    // All of it has been played, but the second turn is not complete.
    speaker.play();
    await handled(peer);
    expect(played(peer)).toBe(0);
    peer.send({ type: "spoken", turn: 2 });
    await peer.waitFor(PLAYED);
    expect(played(peer)).toBe(1);
  });

  it("of a lost connection is not reported on the next one", async () => {
    const peer = await enter();
    peer.socket.send(Buffer.alloc(4800));
    peer.send(SPOKEN, { type: "reconnect", after_ms: 0 });
    const next = await relay.peer(1);
    next.send({ ...READY, resumed: true });
    await handled(next);
    speaker.play();
    interview.mute(true);
    await next.waitFor({ type: "mute", on: true });
    expect(played(next)).toBe(0);
    next.send({ type: "spoken", turn: 2 });
    await next.waitFor(PLAYED);
  });

  it("stops when it is interrupted, and is not reported as played", async () => {
    const peer = await enter();
    peer.socket.send(Buffer.alloc(4800));
    peer.send(SPOKEN, { type: "interrupted", turn: 0 });
    await handled(peer);
    expect(speaker.interruptions).toBe(1);
    speaker.play();
    interview.mute(true);
    await peer.waitFor({ type: "mute", on: true });
    expect(peer.received).not.toContainEqual(PLAYED);
  });

  it("has a progress for each turn, which the captions follow", async () => {
    const peer = await enter();
    peer.send({ type: "caption", turn: 0, speaker: "interviewer", text: "Hello", final: false });
    peer.socket.send(Buffer.alloc(48_000));
    await handled(peer);
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
    const peer = await enter();
    microphone.onframe?.(new ArrayBuffer(1280));
    await peer.waitFor(1280);
  });

  it("is muted here and at the relay, also on a new connection", async () => {
    const peer = await enter();
    interview.mute(true);
    expect(microphone.muted).toBe(true);
    await peer.waitFor({ type: "mute", on: true });
    peer.send({ type: "reconnect", after_ms: 0 });
    const next = await relay.peer(1);
    next.send(READY);
    await next.waitFor({ type: "mute", on: true });
  });

  it("that does not exist is reported as muted", async () => {
    const peer = await enter(null);
    await peer.waitFor({ type: "mute", on: true });
    expect(interview.scene().microphone).toBe("none");
    expect(interview.level()).toBe(0);
  });

  it("that is unplugged is replaced by another", async () => {
    const peer = await enter();
    microphone.onended?.();
    expect(interview.scene().microphone).toBe("gone");
    await peer.waitFor({ type: "mute", on: true });
    const other = new TestMicrophone("second");
    interview.changeTo(other);
    expect(interview.scene().microphone).toBe("open");
    await peer.waitFor({ type: "mute", on: false });
    other.onframe?.(new ArrayBuffer(640));
    await peer.waitFor(640);
    expect(microphone.onframe).toBeNull();
  });
});
