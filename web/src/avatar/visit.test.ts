import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TestRooms, TestScreen } from "../testing/avatar";
import { Visit } from "./visit";

const ADDRESS = { url: "https://tavus.daily.co/c1", token: "t1" };

let rooms: TestRooms;
let screen: TestScreen;
let speaking: boolean;
/** What the visit reported, in order. */
let told: unknown[];
let visit: Visit;

beforeEach(() => {
  vi.useFakeTimers();
  rooms = new TestRooms();
  screen = new TestScreen();
  speaking = false;
  told = [];
  visit = new Visit({
    address: ADDRESS,
    open: rooms.open,
    screen,
    speaking: () => speaking,
    timeouts: { arrival: 20_000, frozen: 3000 },
    onshown: (bytes) => told.push(bytes),
    onspeaking: (on) => told.push(on),
    onlost: (loss) => told.push(loss),
  });
});

afterEach(() => {
  visit.leave();
  vi.useRealTimers();
});

const pass = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

async function meet(): Promise<void> {
  await visit.enter();
  rooms.last.ready();
  await pass();
  expect(told.splice(0)).toEqual([4096]);
}

describe("a visit", () => {
  it("joins, shows the replica, and reports it once", async () => {
    await visit.enter();
    expect(rooms.last).toMatchObject({ address: ADDRESS, joined: true });
    rooms.last.ready(102_400);
    await pass();
    expect([screen.shown, told]).toEqual([true, [102_400]]);
    // The picture comes again.
    screen.shown = false;
    rooms.last.ready();
    await pass();
    expect([screen.shown, told]).toEqual([true, [102_400]]);
  });

  it("passes messages and events on", async () => {
    visit.send({ event_type: "too early" });
    await meet();
    visit.send({ event_type: "conversation.echo" });
    rooms.last.events.onspeaking(true);
    rooms.last.events.onspeaking(false);
    expect([rooms.last.sent, told]).toEqual([[{ event_type: "conversation.echo" }], [true, false]]);
    expect(() => visit.send({ audio: "x".repeat(5000) })).toThrow("too large");
  });
});

describe("a failed visit", () => {
  it("is one without a replica after 20 s", async () => {
    await visit.enter();
    await pass(19_999);
    expect(told).toEqual([]);
    await pass(1);
    expect(told).toEqual(["replica"]);
  });

  it("is not one where the replica came in time", async () => {
    await meet();
    await pass(60_000);
    expect(told).toEqual([]);
  });

  it("is one whose code can't be loaded", async () => {
    rooms.refusals.push(new TypeError("Failed to fetch dynamically imported module"));
    await visit.enter();
    expect(told).toEqual(["room"]);
  });

  it.each([
    [new DOMException("", "NotAllowedError"), "autoplay"],
    [new DOMException("", "AbortError"), "room"],
  ])("is one where the browser does not play (%s)", async (refusal, loss) => {
    screen.refusals.push(refusal);
    await visit.enter();
    rooms.last.ready();
    await pass();
    expect(told).toEqual([loss]);
  });

  it("is one whose picture is frozen while the replica speaks", async () => {
    await meet();
    speaking = true;
    await pass(3250);
    expect(told).toEqual(["frozen"]);
  });
});

describe("after leaving", () => {
  it("it reports nothing", async () => {
    await meet();
    speaking = true;
    await visit.leave();
    expect(rooms.last.left).toBe(true);
    rooms.last.ready();
    rooms.last.events.onspeaking(true);
    rooms.last.events.onlost("shutdown");
    await pass(60_000);
    expect(told).toEqual([]);
  });

  it("before joining, it does not join", async () => {
    expect(visit.leave()).toBeNull();
    await visit.enter();
    await pass(60_000);
    expect([rooms.opened, told]).toEqual([[], []]);
  });

  it("while opening, it does not join", async () => {
    const entered = visit.enter();
    expect(visit.leave()).toBeNull();
    await entered;
    await pass(60_000);
    expect([rooms.last.joined, told]).toEqual([false, []]);
  });

  it("while the picture starts, it is not shown", async () => {
    await visit.enter();
    rooms.last.ready();
    visit.leave();
    await pass(60_000);
    expect(told).toEqual([]);
  });
});
