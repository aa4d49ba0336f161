import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Watchdog } from "./watchdog";

let screen: { progress: number };
let speaking: boolean;
let frozen: number;
let watchdog: Watchdog;

beforeEach(() => {
  vi.useFakeTimers();
  screen = { progress: 0 };
  speaking = true;
  frozen = 0;
  watchdog = new Watchdog({ screen, frozen: 3000, speaking: () => speaking, onfrozen: () => frozen++ });
  watchdog.start();
});

afterEach(() => {
  watchdog.stop();
  vi.useRealTimers();
});

function move(milliseconds: number): void {
  for (let at = 0; at < milliseconds; at += 100) {
    vi.advanceTimersByTime(100);
    screen.progress += 2;
  }
}

it("reports a picture that is frozen while the replica speaks, once", () => {
  vi.advanceTimersByTime(2900);
  expect(frozen).toBe(0);
  vi.advanceTimersByTime(100);
  expect(frozen).toBe(1);
  vi.advanceTimersByTime(60_000);
  expect(frozen).toBe(1);
});

it("ignores a moving picture, and counts from where it stopped", () => {
  move(20_000);
  vi.advanceTimersByTime(2900);
  expect(frozen).toBe(0);
  vi.advanceTimersByTime(600);
  expect(frozen).toBe(1);
});

it("ignores a frozen picture while the replica is silent", () => {
  speaking = false;
  vi.advanceTimersByTime(20_000);
  speaking = true;
  vi.advanceTimersByTime(2900);
  expect(frozen).toBe(0);
});

it("ignores a frozen picture on a hidden page", () => {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  vi.advanceTimersByTime(20_000);
  expect(frozen).toBe(0);
});

it("stops, and can be started again", () => {
  vi.advanceTimersByTime(2900);
  watchdog.stop();
  vi.advanceTimersByTime(20_000);
  watchdog.start();
  vi.advanceTimersByTime(2900);
  expect(frozen).toBe(0);
});
