import { describe, expect, it } from "vitest";
import { type Held, hold } from "../testing/worklet";
import { CAPTURE, type Captured } from "./ports";

/** Plays `seconds` of a tone into the microphone, on one channel or two. */
function hear({ processor }: Held, rate: number, seconds: number, channels = 1): void {
  for (let at = 0; at < rate * seconds; at += 128) {
    const block = Float32Array.from(
      { length: 128 },
      (_, i) => Math.sin((2 * Math.PI * 1000 * (at + i)) / rate) / 2,
    );
    processor.process([new Array(channels).fill(block)], [[]]);
  }
}

describe.each([48_000, 44_100])("the microphone at %i Hz", (rate) => {
  it("sends frames of 40 ms at 16 kHz, 25 a second, with the level of its input", async () => {
    const held = await hold(rate, () => import("./capture.worklet"));
    hear(held, rate, 2);
    const frames = held.posted as Captured[];
    expect(frames.length).toBeGreaterThanOrEqual(49);
    expect(frames.length).toBeLessThanOrEqual(50);
    expect(new Set(frames.map(({ pcm }) => pcm.byteLength))).toEqual(new Set([CAPTURE.frame * 2]));
    const later = frames[10] as Captured;
    expect(later.amplitude).toBeCloseTo(0.5 / Math.SQRT2, 2);
    expect(Math.max(...new Int16Array(later.pcm))).toBeCloseTo(16384, -3);
  });

  it("mixes two channels to one at the same loudness", async () => {
    const held = await hold(rate, () => import("./capture.worklet"));
    hear(held, rate, 1, 2);
    expect((held.posted[10] as Captured).amplitude).toBeCloseTo(0.5 / Math.SQRT2, 2);
  });

  it("sends silence when the source sends nothing", async () => {
    const { processor, posted } = await hold(rate, () => import("./capture.worklet"));
    for (let block = 0; block < rate / 128; block++) processor.process([[]], [[]]);
    expect(posted.length).toBeGreaterThanOrEqual(24);
    expect((posted[5] as Captured).amplitude).toBe(0);
  });
});
