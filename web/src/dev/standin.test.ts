import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ReplicaMedia } from "../avatar/room";
import type { Loss } from "../relay/messages";
import { type Participant, TestStandIn } from "../testing/standin";
import { until } from "../testing/until";
import type { Puppet } from "./puppet";
import { StandInRoom } from "./standin";

const VIDEO = { kind: "video" } as MediaStreamTrack;
const AUDIO = { kind: "audio" } as MediaStreamTrack;

let standIn: TestStandIn;
let room: StandInRoom;
let sights: ReplicaMedia[];
let spoken: boolean[];
let losses: Loss[];
let said: number[];
let frozen: boolean[];
let closed: number;

beforeEach(async () => {
  standIn = await TestStandIn.listen();
  sights = [];
  spoken = [];
  losses = [];
  said = [];
  frozen = [];
  closed = 0;
});

afterEach(async () => {
  await room.leave();
  await standIn.close();
});

const puppet: Puppet = {
  video: VIDEO,
  audio: AUDIO,
  say: (pcm) => said.push(pcm.byteLength),
  freeze: (on) => frozen.push(on),
  close: () => {
    closed += 1;
  },
};

function makeRoom(token: string | null = "t/1", open: () => Promise<Puppet> = async () => puppet): void {
  const events = {
    onready: (sight: ReplicaMedia) => sights.push(sight),
    onspeaking: (on: boolean) => spoken.push(on),
    onlost: (loss: Loss) => losses.push(loss),
  };
  room = new StandInRoom({ url: standIn.url, token }, events, open);
}

async function enter(): Promise<Participant> {
  makeRoom();
  room.join();
  return standIn.participant();
}

it("is joined with the token", async () => {
  const participant = await enter();
  expect(participant.address).toBe("/rooms/c1?t=t%2F1");
});

describe("the replica", () => {
  it("may be in the room from the start", async () => {
    const participant = await enter();
    participant.welcome();
    await until(() => expect(sights).toEqual([{ video: VIDEO, audio: AUDIO, maxMessageBytes: 4096 }]));
  });

  it("that comes later is ready with its tracks", async () => {
    const participant = await enter();
    participant.say(
      { type: "joined", max_app_message_size: 20_000, participants: [] },
      { type: "participant-joined", user_id: "someone" },
      { type: "track-started", kind: "video" },
      { type: "track-started", kind: "audio" },
      { type: "frozen", on: true },
    );
    await until(() => expect(frozen).toEqual([true]));
    expect(sights).toEqual([]);
    participant.say({ type: "participant-joined", user_id: "tavus-replica-r1" });
    await until(() => expect(sights).toHaveLength(1));
    expect(sights[0]?.maxMessageBytes).toBe(20_000);
  });

  it("plays its voice, and reports when it speaks", async () => {
    const participant = await enter();
    participant.welcome();
    const event = (event_type: string) => ({
      type: "app-message",
      data: { event_type, properties: { role: "pal" } },
    });
    participant.say(event("conversation.started_speaking"), Buffer.alloc(1920), Buffer.alloc(1920));
    participant.say(event("conversation.stopped_speaking"));
    await until(() => expect(spoken).toEqual([true, false]));
    expect(said).toEqual([1920, 1920]);
  });
});

describe("a message", () => {
  it("is sent unchanged", async () => {
    const participant = await enter();
    participant.welcome();
    await until(() => expect(sights).toHaveLength(1));
    const event = { event_type: "conversation.echo", properties: { audio: "AAAA", done: false } };
    room.send(event);
    await until(() => expect(participant.received).toEqual([{ type: "app-message", data: event }]));
  });

  it.each([
    [null, 4096],
    [9000, 9000],
  ])("larger than the room takes (%s) is refused as daily-js does, and not sent", async (said, most) => {
    const participant = await enter();
    participant.welcome(said);
    await until(() => expect(sights).toHaveLength(1));
    const sized = (characters: number) => ({ audio: "x".repeat(characters - '{"audio":""}'.length) });
    room.send(sized(most));
    expect(() => room.send(sized(most + 1))).toThrow("Message data too large");
    await until(() => expect(participant.received).toHaveLength(1));
  });

  it("before joining is refused", async () => {
    await enter();
    expect(() => room.send({})).toThrow("not in the room");
  });
});

describe("a loss", () => {
  it.each([
    ["ended", "shutdown"],
    ["ejected", "shutdown"],
    ["lost", "room"],
  ])("by the reason %s is of kind %s, reported once", async (reason, loss) => {
    const participant = await enter();
    participant.welcome();
    participant.say({ type: "left", reason });
    participant.socket.close(1000);
    await until(() => expect(losses).toEqual([loss]));
  });

  it("without a reason counts as a lost room", async () => {
    const participant = await enter();
    participant.welcome();
    participant.socket.terminate();
    await until(() => expect(losses).toEqual(["room"]));
  });

  it("is the replica's leaving, and no other participant's", async () => {
    const participant = await enter();
    participant.welcome();
    participant.say({ type: "participant-left", user_id: "someone" });
    participant.say({ type: "participant-left", user_id: "tavus-replica-r1" });
    await until(() => expect(losses).toEqual(["replica"]));
  });

  it("is a room that can't be joined, and a machine without sound", async () => {
    makeRoom();
    await standIn.close();
    room.join();
    await until(() => expect(losses).toEqual(["room"]));
    standIn = await TestStandIn.listen();
    makeRoom(null, () => Promise.reject(new Error("no sound")));
    room.join();
    await until(() => expect(losses).toEqual(["room", "room"]));
  });

  it("is not our own leaving, which stops picture and sound", async () => {
    const participant = await enter();
    participant.welcome();
    await until(() => expect(sights).toHaveLength(1));
    await room.leave();
    await until(() => expect(participant.socket.readyState).toBe(participant.socket.CLOSED));
    expect([closed, losses]).toEqual([1, []]);
  });
});

it("is not joined when it was left before picture and sound were open", async () => {
  let open = (_: Puppet) => {};
  makeRoom("t", () => new Promise((resolve) => (open = resolve)));
  room.join();
  await room.leave();
  open(puppet);
  await until(() => expect(closed).toBe(1));
  expect(standIn.participants).toEqual([]);
});
