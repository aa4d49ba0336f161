import { expect, it } from "vitest";
import { brightness, loudness, rms } from "./loudness";

it("measures a sine as its amplitude over the root of two", () => {
  const sine = Float32Array.from({ length: 1000 }, (_, at) => 0.8 * Math.sin((2 * Math.PI * at) / 100));
  expect(rms(sine)).toBeCloseTo(0.8 / Math.SQRT2, 4);
  expect(rms(new Float32Array(0))).toBe(0);
  expect(rms(Float32Array.of(0.5, 9), 1)).toBe(0.5);
});

it("follows the ear: even steps for even factors, from silence to loud speech", () => {
  expect(loudness(0)).toBe(0);
  expect(loudness(Number.NaN)).toBe(0);
  expect(loudness(0.0001)).toBe(0);
  expect(loudness(1)).toBe(1);
  expect(loudness(0.02) - loudness(0.01)).toBeCloseTo(loudness(0.2) - loudness(0.1), 6);
});

it("distinguishes dark from bright sounds", () => {
  const hertz = 25;
  const bins = (from: number, to: number) =>
    Uint8Array.from({ length: 400 }, (_, at) => (at * hertz >= from && at * hertz < to ? 200 : 0));
  expect(brightness(bins(120, 600), hertz)).toBeLessThan(0.1);
  expect(brightness(bins(700, 2300), hertz)).toBeCloseTo(0.5, 1);
  expect(brightness(bins(3000, 8000), hertz)).toBeGreaterThan(0.9);
  expect(brightness(new Uint8Array(400), hertz)).toBe(0.5);
});
