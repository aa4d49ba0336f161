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

it("is muted until the relay speaks through the avatar", () => {
  sound.setSpeaking(true);
  expect([screen.silent, sound.speaking, sound.audible]).toEqual([true, true, false]);
  sound.avatarSpeaks();
  expect([screen.silent, sound.speaking, sound.audible]).toEqual([false, true, true]);
});

it("is muted while the relay plays its own voice", () => {
  sound.avatarSpeaks();
  sound.setSpeaking(true);
  sound.relaySpeaks();
  expect([screen.silent, sound.audible]).toEqual([true, false]);
  sound.avatarSpeaks();
  expect([screen.silent, sound.audible]).toEqual([false, true]);
});

it("is muted by an interruption until the replica starts speaking again", () => {
  sound.avatarSpeaks();
  sound.setSpeaking(true);
  sound.interrupt();
  sound.avatarSpeaks();
  expect([screen.silent, sound.audible]).toEqual([true, false]);
  sound.setSpeaking(false);
  sound.setSpeaking(true);
  expect([screen.silent, sound.audible]).toEqual([false, true]);
});

it("is unmuted 0.4 s after the interrupted replica has stopped speaking", () => {
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

it("stays muted when another interruption follows within that time", () => {
  sound.avatarSpeaks();
  sound.setSpeaking(true);
  sound.interrupt();
  sound.setSpeaking(false);
  sound.setSpeaking(true);
  sound.interrupt();
  vi.advanceTimersByTime(60_000);
  expect(screen.silent).toBe(true);
});

it("is not muted by an interruption of the relay's own voice", () => {
  sound.interrupt();
  sound.avatarSpeaks();
  expect(screen.silent).toBe(false);
});

it("is muted when the replica is gone, and the interruption is over", () => {
  sound.avatarSpeaks();
  sound.setSpeaking(true);
  sound.interrupt();
  sound.reset();
  expect([screen.silent, sound.speaking]).toEqual([true, false]);
  sound.avatarSpeaks();
  expect(screen.silent).toBe(false);
});
