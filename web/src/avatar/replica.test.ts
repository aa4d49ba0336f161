import { describe, expect, it } from "vitest";
import type { Loss } from "../relay/messages";
import { isReplica, Replica } from "./replica";
import type { ReplicaMedia } from "./room";

const VIDEO = { kind: "video" } as MediaStreamTrack;
const AUDIO = { kind: "audio" } as MediaStreamTrack;

function meet() {
  const sights: ReplicaMedia[] = [];
  const spoken: boolean[] = [];
  const losses: Loss[] = [];
  const replica = new Replica({
    onready: (sight) => sights.push(sight),
    onspeaking: (on) => spoken.push(on),
    onlost: (loss) => losses.push(loss),
  });
  return { replica, sights, spoken, losses };
}

describe("the replica", () => {
  const steps: ((replica: Replica) => void)[] = [
    (replica) => replica.joined(null),
    (replica) => replica.present(),
    (replica) => replica.track("video", VIDEO),
    (replica) => replica.track("audio", AUDIO),
  ];

  it.each([[[0, 1, 2, 3]], [[3, 2, 1, 0]], [[2, 0, 3, 1]], [[1, 3, 0, 2]]])(
    "takes all four things, in any order (%o)",
    (order) => {
      const { replica, sights } = meet();
      for (const step of order) {
        expect(sights).toEqual([]);
        steps[step]?.(replica);
      }
      expect(sights).toEqual([{ video: VIDEO, audio: AUDIO, maxMessageBytes: 4096 }]);
      replica.present();
      expect(sights).toHaveLength(1);
    },
  );

  it.each(["system.replica_joined", "system.replica_present", "system.pal_present"])(
    "is said by %s",
    (event_type) => {
      const { replica, sights } = meet();
      for (const step of [0, 2, 3]) steps[step]?.(replica);
      replica.message({ event_type });
      expect(sights).toHaveLength(1);
    },
  );

  it("is known by its name", () => {
    expect(isReplica("tavus-replica-r79e1c033f")).toBe(true);
    expect(isReplica("3f2a9c")).toBe(false);
  });
});

describe("speaking", () => {
  const now = (what: string, role: unknown = "replica") => ({
    event_type: `conversation.${what}_speaking`,
    properties: { role },
  });
  const old = (what: string) => ({ event_type: `conversation.replica.${what}_speaking` });

  it.each([
    ["told twice, each after the other", [now("started"), old("started"), now("stopped"), old("stopped")]],
    ["told twice, the old way first", [old("started"), now("started"), old("stopped"), now("stopped")]],
    ["told twice, the old way late", [now("started"), now("stopped"), old("started"), old("stopped")]],
    ["told the old way only", [old("started"), old("stopped")]],
    ["told the new way only", [now("started"), now("stopped")]],
    ["of one with a new name", [now("started", "pal"), now("stopped", "pal")]],
  ])("%s is reported once", (_, events) => {
    const { replica, spoken } = meet();
    for (const event of events) replica.message(event);
    expect(spoken).toEqual([true, false]);
  });

  it("of the candidate is ignored", () => {
    const { replica, spoken } = meet();
    replica.message(now("started", "user"));
    replica.message(now("started", null));
    expect(spoken).toEqual([]);
  });
});

it.each([null, "text", 7, {}, [], { event_type: 7 }, { event_type: "conversation.utterance" }])(
  "passes over %o",
  (data) => {
    const { replica, sights, spoken, losses } = meet();
    replica.message(data);
    expect([sights, spoken, losses]).toEqual([[], [], []]);
  },
);

it("is lost once, and reports nothing after that", () => {
  const { replica, sights, spoken, losses } = meet();
  replica.message({ event_type: "system.shutdown" });
  replica.lost("room");
  replica.joined(null);
  replica.present();
  replica.track("video", VIDEO);
  replica.track("audio", AUDIO);
  replica.message({ event_type: "conversation.replica.started_speaking" });
  expect([sights, spoken, losses]).toEqual([[], [], ["shutdown"]]);
});
