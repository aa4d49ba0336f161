import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { TestScreen } from "../testing/avatar";
import { Sound } from "./sound";

let screen: TestScreen;
let sound: Sound;

beforeEach(() => {
  vi.useFakeTimers();
  screen = new TestScreen();
  sound = new Sound(screen, 400);
});

afterEach(() => {
  vi.useRealTimers();
});

it("is kept back until the relay speaks through the face", () => {
  sound.spoke(true);
  expect([screen.silent, sound.speaking, sound.heard]).toEqual([true, true, false]);
  sound.echoed();
  expect([screen.silent, sound.speaking, sound.heard]).toEqual([false, true, true]);
});

it("goes one way at a time", () => {
  sound.echoed();
  sound.spoke(true);
  sound.voiced();
  expect([screen.silent, sound.heard]).toEqual([true, false]);
  sound.echoed();
  expect([screen.silent, sound.heard]).toEqual([false, true]);
});

it("stops at an interruption until the replica begins anew, whatever else is sent to it", () => {
  sound.echoed();
  sound.spoke(true);
  sound.interrupted();
  sound.echoed();
  expect([screen.silent, sound.heard]).toEqual([true, false]);
  sound.spoke(false);
  sound.spoke(true);
  expect([screen.silent, sound.heard]).toEqual([false, true]);
});

it("is there again a moment after the interrupted replica has fallen silent: no word of the next is clipped", () => {
  sound.echoed();
  sound.spoke(true);
  sound.interrupted();
  sound.spoke(false);
  vi.advanceTimersByTime(399);
  sound.echoed();
  expect(screen.silent).toBe(true);
  vi.advanceTimersByTime(1);
  expect(screen.silent).toBe(false);
});

it("stays away for an interruption that follows while the one before is fading", () => {
  sound.echoed();
  sound.spoke(true);
  sound.interrupted();
  sound.spoke(false);
  sound.spoke(true);
  sound.interrupted();
  vi.advanceTimersByTime(60_000);
  expect(screen.silent).toBe(true);
});

it("of the relay's own, interrupted, leaves the face's next word alone", () => {
  sound.interrupted();
  sound.echoed();
  expect(screen.silent).toBe(false);
});

it("ends with the replica, and so does an interruption", () => {
  sound.echoed();
  sound.spoke(true);
  sound.interrupted();
  sound.end();
  expect([screen.silent, sound.speaking]).toEqual([true, false]);
  sound.echoed();
  expect(screen.silent).toBe(false);
});
