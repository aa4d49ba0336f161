import { expect, it } from "vitest";
import { pcmView, sampleCount, toSample } from "./pcm";

it("saturates at both ends instead of wrapping round", () => {
  expect([1, 1.5, Number.POSITIVE_INFINITY, 0.99999].map(toSample)).toEqual([32767, 32767, 32767, 32767]);
  expect([-1, -1.5, Number.NEGATIVE_INFINITY].map(toSample)).toEqual([-32768, -32768, -32768]);
});

it("maps zero, negative zero and NaN to silence", () => {
  expect(toSample(0)).toBe(0);
  expect(Object.is(toSample(-0), 0)).toBe(true);
  expect(toSample(Number.NaN)).toBe(0);
});

it("is symmetric and linear in between", () => {
  expect(toSample(0.5)).toBe(16384);
  expect(toSample(-0.5)).toBe(-16384);
});

it("reads a view from its offset, odd ones included", () => {
  const bytes = Uint8Array.of(9, 9, 9, 0x34, 0x12, 0xff, 0xff, 7);
  const view = pcmView(bytes.subarray(3, 7));
  expect([view.getInt16(0, true), view.getInt16(2, true)]).toEqual([0x1234, -1]);
  expect(sampleCount(bytes.subarray(3, 8))).toBe(2);
});
