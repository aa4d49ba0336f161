import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ClientMessage } from "../stream/messages";
import { TestHouse, TestScreen } from "../testing/avatar";
import type { Renewal } from "./conversation";
import type { Place } from "./room";
import { Seat, type SeatOptions } from "./session";

const PLACE = { url: "https://tavus.daily.co/c1", token: "t1" };
const OTHER = { url: "https://tavus.daily.co/c2", token: "t2" };

let house: TestHouse;
let screen: TestScreen;
let told: ClientMessage[];
let kept: { place: Place | null; wanted: boolean }[];
let faces: string[];
let renewals: Renewal[];
let asked: number;
let connected: boolean;
let seat: Seat;

beforeEach(() => {
  vi.useFakeTimers();
  // A pause of exactly its base: jitter has its own test in the line's backoff.
  vi.spyOn(Math, "random").mockReturnValue(0);
  house = new TestHouse();
  screen = new TestScreen();
  told = [];
  kept = [];
  faces = [];
  renewals = [];
  asked = 0;
  connected = true;
});

afterEach(() => {
  seat.close();
  vi.useRealTimers();
});

/** Lets everything happen that needs no time, or takes so long. */
const pass = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

async function sit(more: Partial<SeatOptions> = {}): Promise<void> {
  seat = new Seat({
    place: PLACE,
    wanted: true,
    renew: async () => {
      asked += 1;
      return renewals.shift() ?? { place: null, word: "None to be had.", again: true };
    },
    tell: (message) => {
      if (connected) told.push(message);
      return connected;
    },
    onchange: () => {
      if (faces.at(-1) !== seat.face.is) faces.push(seat.face.is);
    },
    onkeep: (one) => kept.push(one),
    open: house.open,
    screen,
    ...more,
  });
  seat.greet();
  seat.greeted();
  await pass();
}

async function arrive(more: Partial<SeatOptions> = {}): Promise<void> {
  await sit(more);
  house.room.ready();
  await pass();
  expect(seat.face.is).toBe("here");
  told.length = 0;
}

const READY = { type: "avatar", state: "ready", max_message_bytes: 4096 };
const lost = (reason: string) => ({ type: "avatar", state: "lost", reason });
const ECHO = { event_type: "conversation.echo" };

describe("arriving", () => {
  it("goes in, waits for the replica, shows it and tells the relay", async () => {
    await sit();
    expect(house.room).toMatchObject({ place: PLACE, joined: true });
    expect(seat.face.is).toBe("coming");
    expect(told).toEqual([]);
    house.room.ready(102_400);
    await pass();
    expect(screen.shown).toBe(true);
    expect(told).toEqual([{ ...READY, max_message_bytes: 102_400 }]);
    expect(faces).toEqual(["here"]);
  });

  it("is for those who want it, and have somewhere to go", async () => {
    await sit({ wanted: false });
    expect([seat.greet(), seat.face.is, house.rooms]).toEqual(["voice", "off", []]);
    await sit({ place: null });
    expect([seat.greet(), seat.face.is, house.rooms]).toEqual(["voice", "off", []]);
    await sit();
    expect(seat.greet()).toBe("avatar");
  });

  it("shows a picture that comes anew, and tells it once", async () => {
    await arrive();
    screen.shown = false;
    house.room.ready();
    await pass();
    expect(screen.shown).toBe(true);
    expect(told).toEqual([]);
  });

  it("tries another time when the replica is not there after 20 s, and gives up after a minute", async () => {
    await sit();
    await pass(20_000);
    expect(house.rooms[0]?.left).toBe(true);
    expect(seat.face.is).toBe("coming");
    await pass(500);
    expect(house.rooms).toHaveLength(2);
    await pass(39_500);
    expect(seat.face).toEqual({ is: "gone", word: null, again: true });
    expect(told).toEqual([lost("replica")]);
    const { length } = house.rooms;
    await pass(600_000);
    expect(house.rooms).toHaveLength(length);
  });

  it("tries another time when the code for it can't be loaded", async () => {
    house.refusals.push(new TypeError("Failed to fetch dynamically imported module"));
    await sit();
    await pass(500);
    expect(house.rooms).toHaveLength(1);
  });

  it("waits until the room before it has been left", async () => {
    let gone = () => {};
    await arrive();
    house.room.leave = () =>
      new Promise((resolve) => {
        gone = resolve;
      });
    house.room.events.onlost("room");
    await pass(10_000);
    expect(house.rooms).toHaveLength(1);
    gone();
    await pass();
    expect(house.rooms).toHaveLength(2);
  });
});

describe("the sound", () => {
  it("is kept back until the relay speaks through the face", async () => {
    await arrive();
    expect(screen.silent).toBe(true);
    seat.echo(ECHO);
    expect(screen.silent).toBe(false);
    expect(house.room.sent).toEqual([ECHO]);
  });

  it("goes one way at a time", async () => {
    await arrive();
    seat.echo(ECHO);
    house.room.events.onspeaking(true);
    expect(seat.heard).toBe(true);
    seat.voiced();
    expect([screen.silent, seat.heard]).toEqual([true, false]);
    seat.echo(ECHO);
    expect([screen.silent, seat.heard]).toEqual([false, true]);
  });

  it("stops at an interruption", async () => {
    await arrive();
    seat.echo(ECHO);
    house.room.events.onspeaking(true);
    seat.interrupted();
    expect([screen.silent, seat.heard]).toEqual([true, false]);
  });

  it("is told of when it begins and ends", async () => {
    await arrive();
    house.room.events.onspeaking(true);
    house.room.events.onspeaking(false);
    expect(told).toEqual([
      { type: "avatar", state: "speaking" },
      { type: "avatar", state: "silent" },
    ]);
  });

  it("that is too large for the room costs it the room, and the next messages are smaller", async () => {
    await sit();
    house.room.ready(50_000);
    await pass();
    seat.echo({ audio: "x".repeat(5000) });
    expect(told.at(-1)).toEqual(lost("room"));
    await pass(500);
    house.room.ready(50_000);
    await pass();
    expect(told.at(-1)).toEqual(READY);
  });
});

describe("a loss", () => {
  it.each(["room", "replica"] as const)(
    "of the %s is told at once, in silence, and mends itself",
    async (why) => {
      await arrive();
      seat.echo(ECHO);
      house.room.events.onspeaking(true);
      house.room.events.onlost(why);
      expect(told.at(-1)).toEqual(lost(why));
      expect([screen.silent, screen.shown, seat.speaking]).toEqual([true, false, false]);
      expect(seat.face.is).toBe("lost");
      expect(house.rooms[0]?.left).toBe(true);
      await pass(500);
      expect(house.room.place).toBe(house.rooms[0]?.place);
      house.room.ready();
      await pass();
      expect(seat.face.is).toBe("here");
      expect(told.at(-1)).toEqual(READY);
      expect(asked).toBe(0);
    },
  );

  it("is mended with growing pauses, for a minute; then it is the candidate's turn", async () => {
    await arrive();
    const opened: number[] = [];
    const began = Date.now();
    house.room.events.onlost("room");
    for (let count = house.rooms.length; Date.now() - began < 59_000; ) {
      await pass(50);
      if (house.rooms.length === count) continue;
      count = house.rooms.length;
      opened.push(Date.now() - began);
      // Each one is lost again at once.
      house.room.events.onlost("room");
    }
    const pauses = opened.map((at, index) => at - (opened[index - 1] ?? 0));
    expect(pauses[0]).toBeGreaterThanOrEqual(500);
    expect(pauses.every((pause, index) => pause >= (pauses[index - 1] ?? 0) - 50)).toBe(true);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(8050);
    await pass(1000);
    expect(seat.face).toEqual({ is: "gone", word: null, again: true });
    // Told once, when it happened.
    expect(told).toEqual([lost("room")]);
  });

  it("is tried again at once when the network is back", async () => {
    await arrive();
    house.room.events.onlost("room");
    seat.nudge();
    await pass();
    expect(house.rooms).toHaveLength(2);
  });

  it("by a shutdown is the candidate's turn: another conversation, at a click", async () => {
    await arrive();
    house.room.events.onlost("shutdown");
    expect(told).toEqual([lost("shutdown")]);
    expect(seat.face).toEqual({ is: "gone", word: null, again: true });
    await pass(600_000);
    expect([asked, house.rooms.length]).toEqual([0, 1]);
    renewals.push({ place: OTHER });
    seat.want(true);
    expect(seat.face.is).toBe("coming");
    await pass();
    expect(house.room.place).toEqual(OTHER);
    expect(kept.at(-1)).toEqual({ place: OTHER, wanted: true });
    house.room.ready();
    await pass();
    expect(told.at(-1)).toEqual(READY);
    expect(asked).toBe(1);
  });

  it("of the picture, which stands still while the replica speaks, mends itself too", async () => {
    await arrive();
    await pass(20_000);
    expect(seat.face.is).toBe("here");
    house.room.events.onspeaking(true);
    await pass(2900);
    expect(seat.face.is).toBe("here");
    await pass(600);
    expect(told.at(-1)).toEqual(lost("frozen"));
    expect(house.rooms[0]?.left).toBe(true);
    await pass(500);
    house.room.ready();
    await pass();
    expect(seat.face.is).toBe("here");
  });

  it("that comes again and again is not mended any more", async () => {
    await arrive();
    for (let time = 0; time < 3; time++) {
      house.room.events.onlost("room");
      await pass(500);
      house.room.ready();
      await pass();
    }
    house.room.events.onlost("room");
    expect(seat.face.is).toBe("gone");
    expect(told.at(-1)).toEqual(lost("room"));
  });

  it("that the relay finds out is not told back to it", async () => {
    await arrive();
    seat.dropped();
    expect([seat.face.is, house.room.left, told]).toEqual(["lost", true, []]);
    await pass(500);
    house.room.ready();
    await pass();
    expect(told).toEqual([READY]);
  });

  it("that the relay finds out while the face is on its way changes nothing", async () => {
    await sit();
    seat.dropped();
    expect([seat.face.is, house.room.left]).toEqual(["coming", false]);
  });

  it("of one room is not blamed on the next", async () => {
    await arrive();
    house.room.events.onlost("room");
    await pass(500);
    house.room.ready();
    await pass();
    house.rooms[0]?.events.onlost("shutdown");
    house.rooms[0]?.events.onspeaking(true);
    expect([seat.face.is, seat.speaking]).toEqual(["here", false]);
  });
});

describe("a face that needs a click", () => {
  it("because the browser plays nothing unasked comes back into the same room", async () => {
    screen.refusals.push(new DOMException("", "NotAllowedError"));
    await sit();
    house.room.ready();
    await pass();
    expect(told).toEqual([lost("autoplay")]);
    expect([seat.face.is, house.room.left, screen.primed]).toEqual(["gone", true, 0]);
    seat.want(true);
    // Inside the click, or the browser refuses again.
    expect(screen.primed).toBe(1);
    await pass();
    house.room.ready();
    await pass();
    expect([seat.face.is, house.room.place, asked]).toEqual(["here", PLACE, 0]);
  });

  it("because the network is too slow asks for another conversation once its own may be over", async () => {
    await arrive();
    house.room.events.onlost("bandwidth");
    expect(told).toEqual([lost("bandwidth")]);
    await pass(59_000);
    seat.want(true);
    await pass();
    expect([house.rooms.length, asked]).toEqual([2, 0]);
    house.room.ready();
    await pass();
    house.room.events.onlost("bandwidth");
    await pass(61_000);
    renewals.push({ place: OTHER });
    seat.want(true);
    await pass();
    expect([house.room.place, asked]).toEqual([OTHER, 1]);
  });

  it("says why it can't be had, and can be asked for again", async () => {
    await arrive();
    house.room.events.onlost("shutdown");
    renewals.push({ place: null, word: "All faces are taken.", again: true }, { place: OTHER });
    seat.want(true);
    await pass();
    expect(seat.face).toEqual({ is: "gone", word: "All faces are taken.", again: true });
    seat.want(true);
    await pass();
    expect(house.room.place).toEqual(OTHER);
  });

  it("is asked for no more than there may be", async () => {
    await arrive();
    house.room.events.onlost("shutdown");
    renewals.push({ place: null, word: "No more.", again: false });
    seat.want(true);
    await pass();
    seat.want(true);
    await pass();
    expect([seat.face, asked]).toEqual([{ is: "gone", word: "No more.", again: false }, 1]);
  });

  it("is paid for once a click", async () => {
    await arrive();
    house.room.events.onlost("shutdown");
    renewals.push({ place: OTHER });
    seat.want(true);
    await pass();
    house.room.events.onlost("shutdown");
    await pass(60_000);
    expect([seat.face.is, asked]).toEqual(["gone", 1]);
  });
});

describe("the candidate's choice", () => {
  it("against it takes effect at once", async () => {
    await arrive();
    seat.echo(ECHO);
    seat.want(false);
    expect(told).toEqual([{ type: "output", mode: "voice" }]);
    expect([seat.face.is, house.room.left, screen.shown, screen.silent]).toEqual(["off", true, false, true]);
    expect(kept).toEqual([{ place: PLACE, wanted: false }]);
    expect(seat.greet()).toBe("voice");
    await pass(600_000);
    expect(house.rooms).toHaveLength(1);
  });

  it("for it takes effect when the face is there", async () => {
    await arrive();
    seat.want(false);
    seat.want(true);
    await pass();
    expect(told).toEqual([{ type: "output", mode: "voice" }]);
    house.room.ready();
    await pass();
    expect(told.slice(1)).toEqual([{ type: "output", mode: "avatar" }, READY]);
  });

  it("in the middle of a pause leaves nothing of that pause behind", async () => {
    await arrive();
    house.room.events.onlost("room");
    await pass(100);
    seat.want(false);
    seat.want(true);
    await pass(100);
    house.room.events.onlost("room");
    await pass(499);
    expect(house.rooms).toHaveLength(2);
    await pass(1);
    expect(house.rooms).toHaveLength(3);
  });

  it("for it fetches another face where the first is gone, without asking twice", async () => {
    await arrive();
    seat.want(false);
    renewals.push({ place: OTHER });
    seat.want(true);
    await pass();
    house.room.events.onlost("shutdown");
    await pass();
    expect([house.room.place, asked]).toEqual([OTHER, 1]);
  });

  it("for it fetches a first face where there was none at the start", async () => {
    await sit({ place: null });
    renewals.push({ place: OTHER });
    seat.want(true);
    await pass();
    house.room.ready();
    await pass();
    expect(told).toEqual([{ type: "output", mode: "avatar" }, READY]);
  });

  it("against it, while another face is on its way, keeps that one for later", async () => {
    let come = (_: Renewal) => {};
    const renew = vi.fn(() => new Promise<Renewal>((resolve) => (come = resolve)));
    await sit({ place: null, renew });
    seat.want(true);
    seat.want(false);
    seat.want(true);
    seat.want(false);
    come({ place: OTHER });
    await pass();
    expect(renew).toHaveBeenCalledOnce();
    expect([seat.face.is, house.rooms]).toEqual(["off", []]);
    expect(kept.at(-1)).toEqual({ place: OTHER, wanted: false });
    seat.want(true);
    await pass();
    expect(renew).toHaveBeenCalledOnce();
    expect(house.room.place).toEqual(OTHER);
  });

  it("while the line is down is told when it is back", async () => {
    await arrive();
    connected = false;
    seat.want(false);
    connected = true;
    // The hello was on its way before the click.
    seat.greeted();
    expect(told).toEqual([{ type: "output", mode: "voice" }]);
  });
});

describe("a new line to the relay", () => {
  it("is told that the face is there, and that it speaks", async () => {
    await arrive();
    house.room.events.onspeaking(true);
    told.length = 0;
    expect(seat.greet()).toBe("avatar");
    seat.greeted();
    expect(told).toEqual([READY, { type: "avatar", state: "speaking" }]);
  });

  it("is told that the face is lost, and why", async () => {
    await arrive();
    connected = false;
    house.room.events.onlost("room");
    connected = true;
    expect(seat.greet()).toBe("avatar");
    seat.greeted();
    expect(told).toEqual([lost("room")]);
  });

  it("is told nothing while the face is on its way", async () => {
    await sit();
    seat.greet();
    seat.greeted();
    expect(told).toEqual([]);
  });
});

it("is over with the interview", async () => {
  await arrive();
  house.room.events.onlost("room");
  seat.close();
  await pass(600_000);
  seat.want(true);
  await pass();
  expect([house.rooms.length, asked]).toEqual([1, 0]);
});
