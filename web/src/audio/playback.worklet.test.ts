import { describe, expect, it } from "vitest";
import { type Held, hold } from "../testing/worklet";
import { PLAYBACK, type PlaybackReport } from "./ports";

/** A tone of 1 kHz as the relay sends it. */
function tone(seconds: number): ArrayBuffer {
  return Int16Array.from(
    { length: PLAYBACK.rate * seconds },
    (_, at) => 16384 * Math.sin((2 * Math.PI * 1000 * at) / PLAYBACK.rate),
  ).buffer;
}

/** What `seconds` of it sound like, at `rate` Hz. */
function listen({ processor }: Held, rate: number, seconds: number): Float32Array {
  const heard: number[] = [];
  const output = new Float32Array(128);
  while (heard.length < rate * seconds) {
    processor.process([], [[output]]);
    heard.push(...output);
  }
  return Float32Array.from(heard);
}

function order({ processor }: Held, data: ArrayBuffer | null): void {
  processor.port.onmessage?.({ data });
}

const peak = (samples: Float32Array) => samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe.each([24_000, 48_000, 44_100])("the voice in a context of %i Hz", (rate) => {
  it("plays with the duration, pitch and level that was sent", async () => {
    const held = await hold(rate, () => import("./playback.worklet"));
    order(held, tone(0.5));
    const heard = listen(held, rate, 0.8);
    expect(peak(heard)).toBeCloseTo(0.5, 2);
    const loud = (value: number) => Math.abs(value) > 0.1;
    const sounding = (heard.findLastIndex(loud) - heard.findIndex(loud)) / rate;
    expect(sounding).toBeGreaterThan(0.498);
    expect(sounding).toBeLessThan(0.502);
    let crossings = 0;
    for (let at = 1; at < heard.length; at++) {
      const [before = 0, now = 0] = [heard[at - 1], heard[at]];
      if (before < 0 && now >= 0 && now - before > 0.02) crossings++;
    }
    expect(crossings).toBeGreaterThanOrEqual(498);
    expect(crossings).toBeLessThanOrEqual(502);
  });

  it("reports its progress, and that it is empty after the last sample", async () => {
    const held = await hold(rate, () => import("./playback.worklet"));
    order(held, tone(0.5));
    listen(held, rate, 0.8);
    const reports = held.posted as PlaybackReport[];
    expect(reports.length).toBeGreaterThan(8);
    expect(reports.length).toBeLessThan(20);
    expect(reports.at(-1)).toEqual({ consumed: PLAYBACK.rate / 2, idle: true });
    const consumed = reports.map((report) => report.consumed);
    expect(consumed).toEqual([...consumed].sort((a, b) => a - b));
  });

  it("is silent a few milliseconds after an interruption, without a click", async () => {
    const held = await hold(rate, () => import("./playback.worklet"));
    order(held, tone(5));
    listen(held, rate, 0.5);
    order(held, null);
    const heard = listen(held, rate, 0.2);
    expect(peak(heard.subarray(0, rate * 0.002))).toBeGreaterThan(0.2);
    expect(peak(heard.subarray(rate * 0.012))).toBeLessThan(0.001);
    const steps = heard.subarray(1).map((value, at) => value - (heard[at] as number));
    expect(peak(steps)).toBeLessThan((1.2 * 0.5 * 2 * Math.PI * 1000) / rate);
    expect(held.posted.at(-1)).toEqual({ consumed: PLAYBACK.rate * 5, idle: true });
  });
});
