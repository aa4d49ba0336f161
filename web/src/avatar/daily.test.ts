import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Loss } from "../relay/messages";
import { participant, playable, TestCall } from "../testing/daily";
import { until } from "../testing/until";
import { type CreateCall, DailyRoom } from "./daily";
import type { ReplicaMedia } from "./room";

const ADDRESS = { url: "https://tavus.daily.co/c1", token: "t1" };
const TIMEOUTS = { bandwidth: 8000, interrupted: 5000, leaving: 5000 };
const VIDEO = { kind: "video" } as MediaStreamTrack;
const AUDIO = { kind: "audio" } as MediaStreamTrack;

let calls: TestCall[];
let options: unknown[];
let sights: ReplicaMedia[];
let spoken: boolean[];
let losses: Loss[];
/** What is particular about the next call. */
let prepare: (call: TestCall) => void;

beforeEach(() => {
  prepare = () => undefined;
  calls = [];
  options = [];
  sights = [];
  spoken = [];
  losses = [];
});

const create: CreateCall = (given) => {
  // As daily-js does: one at a time.
  if (calls.some(({ destroyed }) => !destroyed))
    throw new Error("Duplicate DailyIframe instances are not allowed");
  const call = new TestCall();
  prepare(call);
  options.push(given);
  calls.push(call);
  return call;
};

function makeRoom(): DailyRoom {
  const events = {
    onready: (sight: ReplicaMedia) => sights.push(sight),
    onspeaking: (on: boolean) => spoken.push(on),
    onlost: (loss: Loss) => losses.push(loss),
  };
  return new DailyRoom(ADDRESS, events, create, TIMEOUTS);
}

async function enter(): Promise<[DailyRoom, TestCall]> {
  const room = makeRoom();
  const before = calls.length;
  room.join();
  await until(() => expect(calls[before]?.joined).toBeTruthy());
  await new Promise((resolve) => setTimeout(resolve));
  return [room, calls[before] as TestCall];
}

/** The replica comes in and turns its picture and its sound on, as it does. */
function arrive(call: TestCall): void {
  call.emit("participant-joined", { participant: participant({}) });
  const tracks = { video: playable(VIDEO), audio: playable(AUDIO) } as never;
  call.emit("track-started", { participant: participant({ tracks }), track: VIDEO, type: "video" });
  call.emit("track-started", { participant: participant({ tracks }), track: AUDIO, type: "audio" });
}

it("joins without video, audio or `eval`", async () => {
  const [room, call] = await enter();
  expect(options).toEqual([{ audioSource: false, videoSource: false, dailyConfig: { avoidEval: true } }]);
  expect(call.joined).toEqual({ url: ADDRESS.url, token: "t1" });
  await room.leave();
});

describe("the replica", () => {
  it("is ready once it has video and audio, and keeps the same tracks after a stop", async () => {
    const [room, call] = await enter();
    const kept = { kind: "video" } as MediaStreamTrack;
    call.emit("participant-joined", { participant: participant({}) });
    const tracks = { video: { ...playable(VIDEO), persistentTrack: kept }, audio: playable(AUDIO) } as never;
    call.emit("track-started", { participant: participant({ tracks }), track: VIDEO, type: "video" });
    expect(sights).toEqual([]);
    call.emit("track-started", { participant: participant({ tracks }), track: AUDIO, type: "audio" });
    expect(sights).toEqual([{ video: kept, audio: AUDIO, maxMessageBytes: 4096 }]);
    call.emit("track-stopped", { participant: participant({}), track: VIDEO, type: "video" });
    call.emit("track-started", { participant: participant({ tracks }), track: VIDEO, type: "video" });
    expect(sights).toHaveLength(1);
    await room.leave();
  });

  it("that was in the room before is found, by its name or by its own message", async () => {
    const [room, call] = await enter();
    const tracks = { video: playable(VIDEO), audio: playable(AUDIO) } as never;
    call.emit("participant-joined", { participant: participant({ user_id: "someone", tracks }) });
    expect(sights).toEqual([]);
    call.emit("app-message", { data: { event_type: "system.replica_present" }, fromId: "p-1" });
    expect(sights).toHaveLength(1);
    await room.leave();
  });

  it("is neither the candidate nor a shared screen", async () => {
    const [room, call] = await enter();
    const own = participant({
      local: true,
      tracks: { video: playable(VIDEO), audio: playable(AUDIO) } as never,
    });
    call.emit("participant-updated", { participant: own });
    call.emit("participant-joined", { participant: participant({}) });
    call.emit("track-started", { participant: own, track: VIDEO, type: "video" });
    call.emit("track-started", { participant: participant({}), track: AUDIO, type: "audio" });
    call.emit("track-started", { participant: participant({}), track: VIDEO, type: "screenVideo" });
    expect(sights).toEqual([]);
    call.emit("participant-left", { participant: own });
    expect(losses).toEqual([]);
    await room.leave();
  });

  it("has the message limit of the room", async () => {
    prepare = (made) => {
      made.maxAppMessageSize = 102_400;
    };
    const [room, call] = await enter();
    arrive(call);
    expect(sights[0]?.maxMessageBytes).toBe(102_400);
    const event = { event_type: "conversation.echo", properties: { audio: "AAAA" } };
    room.send(event);
    expect(call.sent).toEqual([[event, "*"]]);
    await room.leave();
  });

  it("reports when it speaks", async () => {
    const [room, call] = await enter();
    arrive(call);
    const say = (event_type: string) =>
      call.emit("app-message", { data: { event_type, properties: { role: "replica" } }, fromId: "p-1" });
    say("conversation.started_speaking");
    say("conversation.replica.started_speaking");
    say("conversation.stopped_speaking");
    expect(spoken).toEqual([true, false]);
    await room.leave();
  });

  it("that leaves is lost, but a hidden one is not", async () => {
    const [room, call] = await enter();
    arrive(call);
    call.emit("participant-left", { participant: participant({}), reason: "hidden" });
    expect(losses).toEqual([]);
    call.emit("participant-left", { participant: participant({}) });
    expect(losses).toEqual(["replica"]);
    await room.leave();
  });
});

describe("the end", () => {
  it.each([
    ["ejected", "shutdown"],
    ["exp-room", "shutdown"],
    ["exp-token", "shutdown"],
    ["no-room", "shutdown"],
    ["meeting-full", "room"],
    ["connection-error", "room"],
    ["nbf-room", "room"],
  ])("by the error %s is a loss of kind %s, reported once", async (type, loss) => {
    const [room, call] = await enter();
    arrive(call);
    call.fail(type);
    expect(losses).toEqual([loss]);
    await room.leave();
    expect(losses).toHaveLength(1);
  });

  it("without an error counts as a lost room", async () => {
    const [room, call] = await enter();
    call.emit("left-meeting", {});
    expect(losses).toEqual(["room"]);
    await room.leave();
  });

  it("before the room is joined counts as a lost room", async () => {
    prepare = (call) => {
      call.joining = Promise.reject(new Error("no way in"));
    };
    const [room] = await enter();
    await until(() => expect(losses).toEqual(["room"]));
    await room.leave();
  });

  it("by leaving is not reported", async () => {
    const [room, call] = await enter();
    arrive(call);
    await room.leave();
    expect([call.destroyed, losses]).toEqual([true, []]);
    await room.leave();
  });
});

describe("a call", () => {
  it("is created when the one before is destroyed", async () => {
    const [room, call] = await enter();
    let destroy = () => {};
    call.destroying = new Promise((resolve) => {
      destroy = resolve;
    });
    const left = room.leave();
    const next = makeRoom();
    next.join();
    await new Promise((resolve) => setTimeout(resolve));
    expect(calls).toHaveLength(1);
    destroy();
    await left;
    await until(() => expect(calls).toHaveLength(2));
    expect(losses).toEqual([]);
    await next.leave();
  });

  it("is not created when the room was left while waiting", async () => {
    const room = makeRoom();
    room.join();
    await room.leave();
    await new Promise((resolve) => setTimeout(resolve));
    expect(calls).toEqual([]);
  });

  it("takes no message before it exists", () => {
    expect(() => makeRoom().send({})).toThrow("not in the room");
  });
});

describe("a bad network", () => {
  it("is a loss when it stays bad for eight seconds, however often that is reported", async () => {
    const [room, call] = await enter();
    vi.useFakeTimers();
    call.emit("network-quality-change", { networkState: "bad", threshold: "low" });
    vi.advanceTimersByTime(7000);
    call.emit("network-quality-change", { networkState: "bad", threshold: "very-low" });
    vi.advanceTimersByTime(999);
    expect(losses).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(losses).toEqual(["bandwidth"]);
    vi.useRealTimers();
    await room.leave();
  });

  it("that recovers is no loss", async () => {
    const [room, call] = await enter();
    vi.useFakeTimers();
    call.emit("network-quality-change", { networkState: "good", threshold: "very-low" });
    vi.advanceTimersByTime(4000);
    call.emit("network-quality-change", { networkState: "bad", threshold: "very-low" });
    vi.advanceTimersByTime(3000);
    call.emit("network-quality-change", { networkState: "warning", threshold: "low" });
    vi.advanceTimersByTime(60_000);
    expect(losses).toEqual([]);
    vi.useRealTimers();
    await room.leave();
  });

  it("that breaks a connection is a loss unless every connection is back in five seconds", async () => {
    const [room, call] = await enter();
    vi.useFakeTimers();
    call.emit("network-connection", { type: "signaling", event: "interrupted" });
    call.emit("network-connection", { type: "sfu", event: "interrupted" });
    vi.advanceTimersByTime(2000);
    call.emit("network-connection", { type: "signaling", event: "connected" });
    call.emit("network-connection", { type: "sfu", event: "connected" });
    vi.advanceTimersByTime(10_000);
    expect(losses).toEqual([]);
    call.emit("network-connection", { type: "sfu", event: "interrupted" });
    vi.advanceTimersByTime(4000);
    call.emit("network-connection", { type: "signaling", event: "connected" });
    vi.advanceTimersByTime(1000);
    expect(losses).toEqual(["room"]);
    vi.useRealTimers();
    await room.leave();
  });
});
