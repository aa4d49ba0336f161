import { describe, expect, it } from "vitest";
import { Resampler } from "./resampler";

const BLOCK = 128;

function sine(hertz: number, rate: number, seconds: number, amplitude = 0.5): Float32Array {
  return Float32Array.from(
    { length: Math.round(rate * seconds) },
    (_, at) => amplitude * Math.sin((2 * Math.PI * hertz * at) / rate),
  );
}

/** Runs `input` through in blocks whose sizes come from `sizes`, over and over. */
function run(from: number, to: number, input: Float32Array, sizes: number[] = [BLOCK]): Float32Array {
  const resampler = new Resampler(from, to);
  const output = new Float32Array(Math.ceil((input.length * to) / from) + 16);
  let written = 0;
  for (let at = 0, turn = 0; at < input.length; turn++) {
    const size = sizes[turn % sizes.length] ?? BLOCK;
    written += resampler.process(input.subarray(at, at + size), output.subarray(written));
    at += size;
  }
  return output.subarray(0, written);
}

/** Amplitude of one frequency, by correlation, away from where the sound begins and ends. */
function amplitudeAt(hertz: number, rate: number, samples: Float32Array): number {
  const inner = samples.subarray(Math.round(rate * 0.05), samples.length - Math.round(rate * 0.05));
  let real = 0;
  let imaginary = 0;
  let total = 0;
  inner.forEach((value, at) => {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / inner.length);
    real += window * value * Math.cos((2 * Math.PI * hertz * at) / rate);
    imaginary += window * value * Math.sin((2 * Math.PI * hertz * at) / rate);
    total += window;
  });
  return (2 * Math.hypot(real, imaginary)) / total;
}

function decibels(ratio: number): number {
  return 20 * Math.log10(ratio);
}

const RATES: [number, number][] = [
  [48_000, 16_000],
  [44_100, 16_000],
  [96_000, 16_000],
  [16_000, 16_000],
  [22_050, 16_000],
  [8_000, 16_000],
  [44_099, 16_000],
  [24_000, 48_000],
  [24_000, 44_100],
  [24_000, 24_000],
];

describe.each(RATES)("from %i Hz to %i Hz", (from, to) => {
  it("keeps a tone's frequency and level", () => {
    for (const hertz of [200, 1000, 3000]) {
      const output = run(from, to, sine(hertz, from, 0.5));
      expect(Math.abs(decibels(amplitudeAt(hertz, to, output) / 0.5))).toBeLessThan(0.1);
    }
  });

  it("adds nothing to a tone", () => {
    const output = run(from, to, sine(1000, from, 0.5));
    const rest = [300, 2000, 2700, 3300, to * 0.41, to * 0.47].map((hertz) => amplitudeAt(hertz, to, output));
    expect(decibels(Math.max(...rest) / 0.5)).toBeLessThan(-70);
  });

  it("returns the right number of samples, however the input is cut", () => {
    const input = sine(700, from, 0.4);
    const whole = run(from, to, input, [input.length]);
    expect(Math.abs(whole.length - 0.4 * to)).toBeLessThan(to * 0.006);
    expect(run(from, to, input, [BLOCK])).toEqual(whole);
    expect(run(from, to, input, [1, 2, 3, 997, 5, 64])).toEqual(whole);
  });

  it("knows how much input an output needs", () => {
    const resampler = new Resampler(from, to);
    const output = new Float32Array(BLOCK);
    for (let turn = 0; turn < 50; turn++) {
      const needed = resampler.needed(BLOCK);
      expect(resampler.process(new Float32Array(needed), output)).toBe(BLOCK);
    }
    expect(resampler.needed(0)).toBe(0);
  });

  it("never returns more than it announces", () => {
    const resampler = new Resampler(from, to);
    const output = new Float32Array(resampler.ready(BLOCK) + 1);
    for (let turn = 0; turn < 50; turn++) {
      expect(resampler.process(new Float32Array(BLOCK), output)).toBeLessThan(output.length);
    }
  });
});

describe("what the lower rate can't hold", () => {
  it.each([
    [48_000, 8_000],
    [48_000, 9_000],
    [48_000, 12_500],
    [48_000, 15_700],
    [48_000, 23_000],
    [44_100, 8_100],
    [44_100, 11_000],
    [44_100, 21_000],
  ])("at %i Hz, a tone of %i Hz is removed without aliasing", (from, hertz) => {
    const output = run(from, 16_000, sine(hertz, from, 0.5));
    const inner = output.subarray(800, output.length - 800);
    const peak = inner.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(decibels(peak / 0.5)).toBeLessThan(-65);
  });

  it("leaves no image of the lower rate's spectrum when going up", () => {
    const output = run(24_000, 48_000, sine(3000, 24_000, 0.5));
    expect(decibels(amplitudeAt(21_000, 48_000, output) / 0.5)).toBeLessThan(-75);
  });
});

it("keeps a constant level exactly", () => {
  const output = run(44_100, 16_000, new Float32Array(20_000).fill(0.25));
  for (const value of output.subarray(200)) expect(value).toBeCloseTo(0.25, 5);
});

it("refuses invalid rates, and input that does not fit", () => {
  expect(() => new Resampler(0, 16_000)).toThrow(RangeError);
  expect(() => new Resampler(Number.NaN, 16_000)).toThrow(RangeError);
  expect(() => new Resampler(16_000, 16_000).process(new Float32Array(10_000), new Float32Array(1))).toThrow(
    RangeError,
  );
});
