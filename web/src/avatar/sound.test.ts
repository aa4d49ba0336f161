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
  sound.setSpeaking(true);
  expect([screen.silent, sound.speaking, sound.audible]).toEqual([true, true, false]);
  sound.avatarSpeaks();
  expect([screen.silent, sound.speaking, sound.audible]).toEqual([false, true, true]);
});

it("goes one way at a time", () => {
  sound.avatarSpeaks();
  sound.setSpeaking(true);
  sound.relaySpeaks();
  expect([screen.silent, sound.audible]).toEqual([true, false]);
  sound.avatarSpeaks();
  expect([screen.silent, sound.audible]).toEqual([false, true]);
});

it("stops at an interruption until the replica begins anew, whatever else is sent to it", () => {
  sound.avatarSpeaks();
  sound.setSpeaking(true);
  sound.interrupt();
  sound.avatarSpeaks();
  expect([screen.silent, sound.audible]).toEqual([true, false]);
  sound.setSpeaking(false);
  sound.setSpeaking(true);
  expect([screen.silent, sound.audible]).toEqual([false, true]);
});

it("is there again a moment after the interrupted replica has fallen silent: no word of the next is clipped", () => {
  sound.avatarSpeaks();
  sound.setSpeaking(true);
  sound.interrupt();
  sound.setSpeaking(false);
  vi.advanceTimersByTime(399);
  sound.avatarSpeaks();
  expect(screen.silent).toBe(true);
  vi.advanceTimersByTime(1);
  expect(screen.silent).toBe(false);
});

it("stays away for an interruption that follows while the one before is fading", () => {
  sound.avatarSpeaks();
  sound.setSpeaking(true);
  sound.interrupt();
  sound.setSpeaking(false);
  sound.setSpeaking(true);
  sound.interrupt();
  vi.advanceTimersByTime(60_000);
  expect(screen.silent).toBe(true);
});

it("of the relay's own, interrupted, leaves the face's next word alone", () => {
  sound.interrupt();
  sound.avatarSpeaks();
  expect(screen.silent).toBe(false);
});

it("ends with the replica, and so does an interruption", () => {
  sound.avatarSpeaks();
  sound.setSpeaking(true);
  sound.interrupt();
  sound.reset();
  expect([screen.silent, sound.speaking]).toEqual([true, false]);
  sound.avatarSpeaks();
  expect(screen.silent).toBe(false);
});
