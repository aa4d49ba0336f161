import { describe, expect, it } from "vitest";
import { CLOSED, mouthFor, moved, outline } from "./mouth";

describe("the lips", () => {
  it.each([
    [0, 0.5, "closed"],
    [0.1, 0.9, "closed"],
    [0.4, 0.4, "small"],
    [0.8, 0.4, "wide"],
    [0.6, 0.1, "round"],
    [0.6, 0.7, "narrow"],
  ])("for loudness %f and brightness %f are %s", (level, brightness, shape) => {
    expect(mouthFor(level, brightness).shape).toBe(shape);
  });

  it("open further the louder it is, up to a limit", () => {
    for (const brightness of [0.1, 0.4, 0.9]) {
      expect(mouthFor(0.6, brightness).open).toBeGreaterThan(mouthFor(0.2, brightness).open);
      const { open, width } = mouthFor(1, brightness);
      expect(Math.max(open, width)).toBeLessThanOrEqual(1);
    }
  });

  it("move at the same speed at any frame rate", () => {
    const aim = mouthFor(1, 0.4);
    let slow = CLOSED;
    for (let frame = 0; frame < 3; frame++) slow = moved(slow, aim, 0.02);
    let fast = CLOSED;
    for (let frame = 0; frame < 12; frame++) fast = moved(fast, aim, 0.005);
    expect(fast.open).toBeCloseTo(slow.open, 6);
    expect(moved(CLOSED, aim, 10).open).toBeCloseTo(aim.open);
  });
});

describe("the outline", () => {
  it("is a closed path that grows downwards as the mouth opens", () => {
    const lowest = (d: string) => Math.max(...(d.match(/-?\d+(\.\d+)?/g) ?? []).map(Number));
    expect(outline(CLOSED)).toMatch(/^M.*C.*C.*Z$/);
    expect(lowest(outline({ shape: "wide", open: 1, width: 0.5 }))).toBeGreaterThan(lowest(outline(CLOSED)));
  });
});
