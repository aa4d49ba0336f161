import { beforeEach, describe, expect, it } from "vitest";
import type { ClientMessage } from "../stream/messages";
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

describe("of a face that is there", () => {
  it("names the candidate's wish first, where the line was opened with another", () => {
    report.hello("voice");
    report.ready(4096);
    report.ready(4096);
    expect(told).toEqual([{ type: "output", mode: "avatar" }, READY, READY]);
  });

  it("says no more than is new", () => {
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

  it("says when it speaks", () => {
    report.speaking(true);
    report.speaking(false);
    expect(told).toEqual([
      { type: "avatar", state: "speaking" },
      { type: "avatar", state: "silent" },
    ]);
  });
});

describe("of a face that is not there", () => {
  it("says why", () => {
    report.hello("avatar");
    report.lost("room");
    expect(told).toEqual([LOST]);
  });

  it("says nothing to a relay that does not count on it", () => {
    report.hello("voice");
    report.lost("room");
    report.turnedOff();
    expect(told).toEqual([]);
  });

  it("says once that the candidate does without", () => {
    report.hello("avatar");
    report.turnedOff();
    report.turnedOff();
    report.lost("room");
    expect(told).toEqual([{ type: "output", mode: "voice" }]);
  });

  it("says what could not be said while the line was down when it is back", () => {
    report.hello("avatar");
    connected = false;
    report.turnedOff();
    connected = true;
    report.turnedOff();
    expect(told).toEqual([{ type: "output", mode: "voice" }]);
  });
});
