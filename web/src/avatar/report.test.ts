import { beforeEach, describe, expect, it } from "vitest";
import type { ClientMessage } from "../relay/messages";
import { Report } from "./report";

const READY = { type: "avatar", state: "ready", max_message_bytes: 4096 };
const LOST = { type: "avatar", state: "lost", reason: "room" };

let told: ClientMessage[];
let connected: boolean;
let report: Report;

beforeEach(() => {
  told = [];
  connected = true;
  report = new Report((message) => {
    if (connected) told.push(message);
    return connected;
  });
});

describe("of a connected avatar", () => {
  it("sends the candidate's choice first, where the connection was opened with another", () => {
    report.hello("voice");
    report.ready(4096);
    report.ready(4096);
    expect(told).toEqual([{ type: "output", mode: "avatar" }, READY, READY]);
  });

  it("repeats nothing", () => {
    expect(report.hello("avatar")).toBe("avatar");
    report.ready(102_400);
    expect(told).toEqual([{ ...READY, max_message_bytes: 102_400 }]);
  });

  it("asks for smaller messages once one was refused, but never for larger ones than the room takes", () => {
    report.hello("avatar");
    report.limitMessages();
    report.ready(50_000);
    report.ready(1000);
    expect(told).toEqual([READY, { ...READY, max_message_bytes: 1000 }]);
  });

  it("reports when it speaks", () => {
    report.speaking(true);
    report.speaking(false);
    expect(told).toEqual([
      { type: "avatar", state: "speaking" },
      { type: "avatar", state: "silent" },
    ]);
  });
});

describe("of an avatar that is not connected", () => {
  it("states the reason", () => {
    report.hello("avatar");
    report.lost("room");
    expect(told).toEqual([LOST]);
  });

  it("sends nothing to a relay that does not count on it", () => {
    report.hello("voice");
    report.lost("room");
    report.turnedOff();
    expect(told).toEqual([]);
  });

  it("reports once that the candidate turned it off", () => {
    report.hello("avatar");
    report.turnedOff();
    report.turnedOff();
    report.lost("room");
    expect(told).toEqual([{ type: "output", mode: "voice" }]);
  });

  it("sends on the next connection what could not be sent on the last", () => {
    report.hello("avatar");
    connected = false;
    report.turnedOff();
    connected = true;
    report.turnedOff();
    expect(told).toEqual([{ type: "output", mode: "voice" }]);
  });
});
