import { expect, it } from "vitest";
import { chime } from "./chime";

it("is short, audible, never too loud, and fades at both ends", () => {
  const samples = new Int16Array(chime());
  expect(samples.length / 24_000).toBeCloseTo(0.66, 2);
  const peak = Math.max(...samples.map(Math.abs));
  expect(peak / 32_767).toBeGreaterThan(0.3);
  expect(peak / 32_767).toBeLessThan(0.36);
  expect(Math.abs(samples[0] ?? 1)).toBeLessThan(50);
  expect(Math.abs(samples.at(-1) ?? 1)).toBeLessThan(50);
});
