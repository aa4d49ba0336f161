import { expect, it } from "vitest";
import { clock, day, duration } from "./time";

it("shows a time into the interview", () => {
  expect([0, 65.9, 3725, Number.NaN].map(clock)).toEqual(["00:00", "01:05", "1:02:05", "--:--"]);
});

it("shows a duration", () => {
  expect([45.2, 60, 754].map(duration)).toEqual(["45 s", "1 min", "12 min 34 s"]);
});

it("shows a day", () => {
  expect(day("2026-11-22T12:00:00Z")).toBe("22 November 2026");
  expect(day("")).toBe("");
});
