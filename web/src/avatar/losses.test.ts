import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Losses } from "./losses";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it("are too many within a short time", () => {
  const losses = new Losses(3, 120_000);
  expect([1, 2, 3, 4].map(() => losses.add())).toEqual([false, false, false, true]);
});

it("are not too many over a long time", () => {
  const losses = new Losses(3, 120_000);
  const many = [1, 2, 3, 4, 5, 6].map(() => {
    vi.advanceTimersByTime(60_000);
    return losses.add();
  });
  expect(many).not.toContain(true);
});

it("are counted for the given time", () => {
  const losses = new Losses(1, 1000);
  losses.add();
  vi.advanceTimersByTime(999);
  expect(losses.add()).toBe(true);
  vi.advanceTimersByTime(1000);
  expect(losses.add()).toBe(false);
});
