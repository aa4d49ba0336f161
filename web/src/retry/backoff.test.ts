import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Backoff } from "./backoff";

const TIMES = { first: 500, longest: 8000 };

describe("a pause", () => {
  const shortest = new Backoff({ ...TIMES, random: () => 0 });
  const longest = new Backoff({ ...TIMES, random: () => 0.999_999 });

  it("is zero before anything has failed", () => {
    expect(longest.pause(0)).toBe(0);
  });

  it("doubles with each failure, up to the longest", () => {
    const pauses = [1, 2, 3, 4, 5, 6, 60].map((failed) => Math.round(longest.pause(failed)));
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000]);
  });

  it("is at least half its bound", () => {
    expect([1, 2, 60].map((failed) => shortest.pause(failed))).toEqual([250, 500, 4000]);
  });

  it("varies, even at the longest", () => {
    const backoff = new Backoff(TIMES);
    expect(new Set(Array.from({ length: 20 }, () => backoff.pause(60))).size).toBeGreaterThan(10);
  });
});

describe("waiting", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const backoff = new Backoff({ ...TIMES, random: () => 0 });

  it("takes as long as the pause", async () => {
    const done = vi.fn();
    void backoff.wait(1).then(done);
    await vi.advanceTimersByTimeAsync(249);
    expect(done).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toHaveBeenCalled();
  });

  it("takes no time before anything has failed", async () => {
    await backoff.wait(0);
    expect(backoff.wake()).toBe(false);
  });

  it("ends at once when it is woken, and leaves no timer behind", async () => {
    const waiting = backoff.wait(60);
    expect(backoff.wake()).toBe(true);
    await waiting;
    expect(vi.getTimerCount()).toBe(0);
    expect(backoff.wake()).toBe(false);
  });
});
