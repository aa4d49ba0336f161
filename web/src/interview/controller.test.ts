import { describe, expect, it, vi } from "vitest";
import { begin, enter, handled, interview, microphone, reasons, relay, speaker } from "../testing/interview";
import { READY } from "../testing/relay";
import { until } from "../testing/until";

describe("the end", () => {
  it("by the candidate waits for the relay's `ended`", async () => {
    const peer = await enter();
    interview.end();
    interview.end();
    expect(speaker.interruptions).toBe(1);
    await peer.waitFor({ type: "end" });
    expect(reasons).toEqual([]);
    peer.send({ type: "ended", reason: "candidate" });
    peer.socket.close(1000);
    await until(() => expect(reasons).toEqual(["candidate"]));
    expect(microphone.onframe).toBeNull();
    expect(microphone.stopped).toBe(false);
  });

  it("by the candidate comes after five seconds without it", async () => {
    await enter();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    interview.end();
    vi.advanceTimersByTime(4999);
    expect(reasons).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(reasons).toEqual(["candidate"]);
    vi.useRealTimers();
  });

  it("by the candidate comes at once without a connection", async () => {
    const peer = await enter();
    peer.socket.close(4409);
    await until(() => expect(interview.scene().link.state).toBe("closed"));
    interview.end();
    await until(() => expect(reasons).toEqual(["candidate"]));
  });

  it("by the interviewer lets the closing words play out", async () => {
    const peer = await enter();
    peer.socket.send(Buffer.alloc(4800));
    peer.send({ type: "ended", reason: "interviewer" });
    peer.socket.close(1000);
    await until(() => expect(interview.scene().link.state).toBe("closed"));
    expect(reasons).toEqual([]);
    speaker.play();
    await until(() => expect(reasons).toEqual(["interviewer"]));
  });

  it("with bad news waits for the candidate's click", async () => {
    const peer = await enter();
    peer.send({ type: "notice", code: "model_key", message: "The key is wrong." });
    peer.send({ type: "ended", reason: "failed" });
    peer.socket.close(1000);
    await until(() => expect(interview.scene().link.state).toBe("closed"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(reasons).toEqual([]);
    expect(interview.scene().notes.map(({ message }) => message)).toEqual(["The key is wrong."]);
    interview.leave("failed");
    expect(reasons).toEqual(["failed"]);
  });

  it("is reported once", async () => {
    await enter();
    interview.leave("already_ended");
    interview.leave("candidate");
    expect(reasons).toEqual(["already_ended"]);
  });
});

describe("time to think", () => {
  const ON = { type: "hold", on: true };
  const OFF = { type: "hold", on: false };

  it("is sent, and given back", async () => {
    const peer = await enter();
    interview.hold(true);
    expect(interview.scene().holding).toBe(true);
    await peer.waitFor(ON);
    interview.hold(false);
    expect(interview.scene().holding).toBe(false);
    await peer.waitFor(OFF);
  });

  it("is sent again on a new connection, before the audio of the meantime", async () => {
    const peer = await enter();
    interview.hold(true);
    interview.mute(true);
    await peer.waitFor(ON);
    peer.send({ type: "reconnect", after_ms: 0 });
    const next = await relay.peer(1);
    microphone.onframe?.(new ArrayBuffer(1280));
    next.send({ ...READY, resumed: true }, { type: "floor", holder: "candidate" });
    await next.waitFor(1280);
    expect(next.received.slice(1)).toEqual([{ type: "mute", on: true }, ON, 1280]);
    await handled(next);
    expect(interview.scene().holding).toBe(true);
  });

  it("asked for without a connection is sent on the next one", async () => {
    const peer = await enter();
    peer.socket.terminate();
    await until(() => expect(interview.scene().link.state).toBe("reconnecting"));
    interview.hold(true);
    const next = await relay.peer(1);
    next.send({ ...READY, resumed: true });
    await next.waitFor(ON);
  });

  it("is ended by the relay only after the relay has confirmed it", async () => {
    const peer = await enter();
    interview.hold(true);
    // Sent before the relay received it.
    peer.send({ type: "floor", holder: "interviewer" });
    await handled(peer);
    expect(interview.scene().holding).toBe(true);
    peer.send({ type: "floor", holder: "thinking" }, { type: "floor", holder: "interviewer" });
    await handled(peer);
    expect(interview.scene().holding).toBe(false);
  });

  it("is given back by a typed answer", async () => {
    const peer = await enter();
    interview.hold(true);
    interview.answer("Cavitation.");
    await peer.waitFor(expect.objectContaining({ type: "text", text: "Cavitation." }));
    expect(peer.received.slice(1)).toEqual([
      ON,
      OFF,
      expect.objectContaining({ type: "text", text: "Cavitation." }),
    ]);
  });

  it("ends with the interview", async () => {
    const peer = await enter();
    interview.hold(true);
    interview.end();
    expect(interview.scene().holding).toBe(false);
    interview.hold(true);
    await peer.waitFor({ type: "end" });
    expect(interview.scene().holding).toBe(false);
  });
});

describe("a lost connection", () => {
  it("is opened again after another tab took over, with the earlier turns", async () => {
    const peer = await enter();
    peer.send({ type: "caption", turn: 0, speaker: "interviewer", text: "Hello", final: true });
    peer.socket.close(4409);
    await until(() => expect(interview.scene().link).toEqual({ state: "closed", why: "taken_over" }));
    interview.reconnect();
    const next = await relay.peer(1);
    next.send(
      { ...READY, resumed: true },
      { type: "caption", turn: 0, speaker: "interviewer", text: "Hello", final: true },
      { type: "floor", holder: "candidate" },
    );
    await until(() => expect(interview.scene().floor).toBe("candidate"));
    expect(interview.scene().turns).toHaveLength(1);
  });

  it("leaves its turns without timing, and the next turn's sound is its own", async () => {
    const peer = await enter();
    peer.send({ type: "caption", turn: 0, speaker: "interviewer", text: "What is", final: false });
    peer.socket.send(Buffer.alloc(48_000));
    await handled(peer);
    expect(interview.progress(0, 0)).not.toBeNull();
    peer.send({ type: "reconnect", after_ms: 0 });
    const next = await relay.peer(1);
    next.send(
      { ...READY, resumed: true, elapsed_seconds: 600 },
      { type: "caption", turn: 0, speaker: "interviewer", text: "What is a tide?", final: true },
      { type: "floor", holder: "candidate" },
    );
    await until(() => expect(interview.scene().turns[0]?.restored).toBe(true));
    expect(interview.progress(0, 0)).toBeNull();
    expect(interview.scene().clock).toMatchObject({ elapsed: 600, remaining: 900 });
    next.send({ type: "caption", turn: 1, speaker: "interviewer", text: "So?", final: false });
    next.socket.send(Buffer.alloc(24_000));
    await handled(next);
    expect(interview.progress(1, 0)).toMatchObject({ received: 0.5, played: 0 });
  });

  it.each([
    [4410, "already_ended"],
    [4401, "not_found"],
  ])("with %i leaves the room", async (code, reason) => {
    const peer = await enter();
    peer.socket.close(code);
    await until(() => expect(reasons).toEqual([reason]));
  });

  it("is opened at once when the network is back, even after it was given up", async () => {
    const dialled: string[] = [];
    begin({
      connect: (options) => {
        dialled.push("connect");
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
    await until(() => expect(interview.scene().link.state).toBe("closed"));
    window.dispatchEvent(new Event("online"));
    expect(dialled).toEqual(["connect", "nudge", "connect"]);
    await until(() => expect(interview.scene().link.state).toBe("closed"));
    interview.close();
    window.dispatchEvent(new Event("online"));
    expect(dialled).toHaveLength(3);
  });
});

it("does not send an answer without a connection", async () => {
  const peer = await enter();
  expect(interview.answer("Yes.")).toBe(true);
  await peer.waitFor(expect.objectContaining({ type: "text", text: "Yes." }));
  peer.socket.close(4409);
  await until(() => expect(interview.scene().link.state).toBe("closed"));
  expect(interview.answer("No.")).toBe(false);
});
