import { describe, expect, it } from "vitest";
import {
  ADDRESS,
  asked,
  connect,
  ECHO,
  kept,
  lost,
  OTHER,
  open,
  pass,
  READY,
  renewals,
  rooms,
  screen,
  sent,
  session,
  setConnected,
  states,
} from "../testing/avatarSession";
import { ForeignRoomError } from "./room";

describe("connecting", () => {
  it("joins the room, waits for the replica, shows it and tells the relay", async () => {
    await open();
    expect(rooms.last).toMatchObject({ address: ADDRESS, joined: true });
    expect(session.state.is).toBe("connecting");
    expect(sent).toEqual([]);
    rooms.last.ready(102_400);
    await pass();
    expect(screen.shown).toBe(true);
    expect(sent).toEqual([{ ...READY, max_message_bytes: 102_400 }]);
    expect(states).toEqual(["connected"]);
  });

  it("happens only when video is wanted and there is a conversation", async () => {
    await open({ wanted: false });
    expect([session.hello(), session.state.is, rooms.opened]).toEqual(["voice", "off", []]);
    await open({ address: null });
    expect([session.hello(), session.state.is, rooms.opened]).toEqual(["voice", "off", []]);
    await open();
    expect(session.hello()).toBe("avatar");
  });

  it("shows a picture that comes again, and reports the avatar once", async () => {
    await connect();
    screen.shown = false;
    rooms.last.ready();
    await pass();
    expect(screen.shown).toBe(true);
    expect(sent).toEqual([]);
  });

  it("joins again when the replica is not there after 20 s, and fails after a minute", async () => {
    await open();
    await pass(20_000);
    expect(rooms.opened[0]?.left).toBe(true);
    expect(session.state.is).toBe("connecting");
    await pass(500);
    expect(rooms.opened).toHaveLength(2);
    await pass(39_500);
    expect(session.state).toEqual({ is: "failed", message: null, retryable: true });
    expect(sent).toEqual([lost("replica")]);
    const { length } = rooms.opened;
    await pass(600_000);
    expect(rooms.opened).toHaveLength(length);
  });

  it("joins again when the code for the room can't be loaded", async () => {
    rooms.refusals.push(new TypeError("Failed to fetch dynamically imported module"));
    await open();
    await pass(500);
    expect(rooms.opened).toHaveLength(1);
  });

  it("fails at once when the room is foreign", async () => {
    rooms.refusals.push(new ForeignRoomError("foreign"));
    await open();
    expect(session.state).toEqual({ is: "failed", message: null, retryable: true });
    expect(sent).toEqual([lost("shutdown")]);
    await pass(600_000);
    expect(rooms.opened).toEqual([]);
  });

  it("waits until the last room has been left", async () => {
    let gone = () => {};
    await connect();
    rooms.last.leave = () =>
      new Promise((resolve) => {
        gone = resolve;
      });
    rooms.last.events.onlost("room");
    await pass(10_000);
    expect(rooms.opened).toHaveLength(1);
    gone();
    await pass();
    expect(rooms.opened).toHaveLength(2);
  });
});

describe("the sound", () => {
  it("is muted until the relay speaks through the avatar", async () => {
    await connect();
    expect(screen.silent).toBe(true);
    session.echo(ECHO);
    expect(screen.silent).toBe(false);
    expect(rooms.last.sent).toEqual([ECHO]);
  });

  it("is muted while the relay plays its own voice", async () => {
    await connect();
    session.echo(ECHO);
    rooms.last.events.onspeaking(true);
    expect(session.audible).toBe(true);
    session.relaySpeaks();
    expect([screen.silent, session.audible]).toEqual([true, false]);
    session.echo(ECHO);
    expect([screen.silent, session.audible]).toEqual([false, true]);
  });

  it("is muted by an interruption", async () => {
    await connect();
    session.echo(ECHO);
    rooms.last.events.onspeaking(true);
    session.interrupt();
    expect([screen.silent, session.audible]).toEqual([true, false]);
  });

  it("is reported when it starts and stops", async () => {
    await connect();
    rooms.last.events.onspeaking(true);
    rooms.last.events.onspeaking(false);
    expect(sent).toEqual([
      { type: "avatar", state: "speaking" },
      { type: "avatar", state: "silent" },
    ]);
  });

  it("that the room refuses loses the room, and the next messages are smaller", async () => {
    await open();
    rooms.last.ready(50_000);
    await pass();
    session.echo({ audio: "x".repeat(5000) });
    expect(sent.at(-1)).toEqual(lost("room"));
    await pass(500);
    rooms.last.ready(50_000);
    await pass();
    expect(sent.at(-1)).toEqual(READY);
  });
});

describe("a loss", () => {
  it.each(["room", "replica"] as const)(
    "of the %s is reported at once, mutes the sound, and the session reconnects",
    async (why) => {
      await connect();
      session.echo(ECHO);
      rooms.last.events.onspeaking(true);
      rooms.last.events.onlost(why);
      expect(sent.at(-1)).toEqual(lost(why));
      expect([screen.silent, screen.shown, session.speaking]).toEqual([true, false, false]);
      expect(session.state.is).toBe("reconnecting");
      expect(rooms.opened[0]?.left).toBe(true);
      await pass(500);
      expect(rooms.last.address).toBe(rooms.opened[0]?.address);
      rooms.last.ready();
      await pass();
      expect(session.state.is).toBe("connected");
      expect(sent.at(-1)).toEqual(READY);
      expect(asked).toBe(0);
    },
  );

  it("is followed by attempts with growing pauses for a minute; then the session fails", async () => {
    await connect();
    const opened: number[] = [];
    const began = Date.now();
    rooms.last.events.onlost("room");
    for (let count = rooms.opened.length; Date.now() - began < 59_000; ) {
      await pass(50);
      if (rooms.opened.length === count) continue;
      count = rooms.opened.length;
      opened.push(Date.now() - began);
      // Each attempt fails at once.
      rooms.last.events.onlost("room");
    }
    const pauses = opened.map((at, index) => at - (opened[index - 1] ?? 0));
    expect(pauses[0]).toBeGreaterThanOrEqual(500);
    expect(pauses.every((pause, index) => pause >= (pauses[index - 1] ?? 0) - 50)).toBe(true);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(8050);
    await pass(1000);
    expect(session.state).toEqual({ is: "failed", message: null, retryable: true });
    // Reported once, when it happened.
    expect(sent).toEqual([lost("room")]);
  });

  it("is followed by an attempt at once when the network is back", async () => {
    await connect();
    rooms.last.events.onlost("room");
    session.retryNow();
    await pass();
    expect(rooms.opened).toHaveLength(2);
  });

  it("by a shutdown fails; a click asks for another conversation", async () => {
    await connect();
    rooms.last.events.onlost("shutdown");
    expect(sent).toEqual([lost("shutdown")]);
    expect(session.state).toEqual({ is: "failed", message: null, retryable: true });
    await pass(600_000);
    expect([asked, rooms.opened.length]).toEqual([0, 1]);
    renewals.push({ address: OTHER });
    session.setWanted(true);
    expect(session.state.is).toBe("connecting");
    await pass();
    expect(rooms.last.address).toEqual(OTHER);
    expect(kept.at(-1)).toEqual({ address: OTHER, wanted: true });
    rooms.last.ready();
    await pass();
    expect(sent.at(-1)).toEqual(READY);
    expect(asked).toBe(1);
  });

  it("by a frozen picture while the replica speaks is followed by another attempt", async () => {
    await connect();
    await pass(20_000);
    expect(session.state.is).toBe("connected");
    rooms.last.events.onspeaking(true);
    await pass(2900);
    expect(session.state.is).toBe("connected");
    await pass(600);
    expect(sent.at(-1)).toEqual(lost("frozen"));
    expect(rooms.opened[0]?.left).toBe(true);
    await pass(500);
    rooms.last.ready();
    await pass();
    expect(session.state.is).toBe("connected");
  });

  it("is the last one when there were too many", async () => {
    await connect();
    for (let time = 0; time < 3; time++) {
      rooms.last.events.onlost("room");
      await pass(500);
      rooms.last.ready();
      await pass();
    }
    rooms.last.events.onlost("room");
    expect(session.state.is).toBe("failed");
    expect(sent.at(-1)).toEqual(lost("room"));
  });

  it("that the relay reports is not sent back to it", async () => {
    await connect();
    session.relayGaveUp();
    expect([session.state.is, rooms.last.left, sent]).toEqual(["reconnecting", true, []]);
    await pass(500);
    rooms.last.ready();
    await pass();
    expect(sent).toEqual([READY]);
  });

  it("that the relay reports while connecting changes nothing", async () => {
    await open();
    session.relayGaveUp();
    expect([session.state.is, rooms.last.left]).toEqual(["connecting", false]);
  });

  it("of an earlier room does not affect the present one", async () => {
    await connect();
    rooms.last.events.onlost("room");
    await pass(500);
    rooms.last.ready();
    await pass();
    rooms.opened[0]?.events.onlost("shutdown");
    rooms.opened[0]?.events.onspeaking(true);
    expect([session.state.is, session.speaking]).toEqual(["connected", false]);
  });
});

describe("a new connection to the relay", () => {
  it("learns that the avatar is ready, and that it speaks", async () => {
    await connect();
    rooms.last.events.onspeaking(true);
    sent.length = 0;
    expect(session.hello()).toBe("avatar");
    session.relayReady();
    expect(sent).toEqual([READY, { type: "avatar", state: "speaking" }]);
  });

  it("learns that the avatar is lost, and why", async () => {
    await connect();
    setConnected(false);
    rooms.last.events.onlost("room");
    setConnected(true);
    expect(session.hello()).toBe("avatar");
    session.relayReady();
    expect(sent).toEqual([lost("room")]);
  });

  it("learns nothing while the avatar is connecting", async () => {
    await open();
    session.hello();
    session.relayReady();
    expect(sent).toEqual([]);
  });
});

it("stops everything when it is closed", async () => {
  await connect();
  rooms.last.events.onlost("room");
  session.close();
  await pass(600_000);
  session.setWanted(true);
  await pass();
  expect([rooms.opened.length, asked]).toEqual([1, 0]);
});
