import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { playable, record } from "./recording";

const microphone: { onframe: ((pcm: ArrayBuffer) => void) | null } = { onframe: null };
const frame = (sample: number) => new Int16Array(640).fill(sample).buffer;

beforeEach(() => {
  microphone.onframe = null;
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a recording", () => {
  it("has as many seconds as were asked for, and takes no frame after them", async () => {
    const { done } = record(microphone, 1);
    for (let at = 0; at < 25; at++) microphone.onframe?.(frame(at));
    expect(microphone.onframe).toBeNull();
    const recording = await done;
    expect(recording).toHaveLength(16_000);
    expect([recording?.[0], recording?.at(-1)]).toEqual([0, 24]);
  });

  it("ends two seconds late where frames are missing, with what there is", async () => {
    const { done } = record(microphone, 1);
    microphone.onframe?.(frame(7));
    await vi.advanceTimersByTimeAsync(3000);
    expect(await done).toHaveLength(640);
    expect(microphone.onframe).toBeNull();
  });

  it("that is stopped is dropped", async () => {
    const { done, stop } = record(microphone, 1);
    microphone.onframe?.(frame(7));
    stop();
    expect(await done).toBeNull();
    expect(microphone.onframe).toBeNull();
  });

  it("that is stopped leaves the microphone to who has taken it over", async () => {
    const { stop } = record(microphone, 1);
    const room = vi.fn();
    microphone.onframe = room;
    stop();
    expect(microphone.onframe).toBe(room);
  });
});

it("a recording is played at its own pitch and loudness", () => {
  const tone = Int16Array.from(
    { length: 16_000 },
    (_, at) => 10_000 * Math.sin((2 * Math.PI * 400 * at) / 16_000),
  );
  const played = new Int16Array(playable(tone));
  expect(played.length).toBeGreaterThan(23_800);
  expect(played.length).toBeLessThanOrEqual(24_000);
  const middle = played.subarray(6000, 18_000);
  const crossings = middle.filter((sample, at) => at > 0 && sample >= 0 && (middle[at - 1] ?? 0) < 0).length;
  expect(crossings).toBeGreaterThanOrEqual(199);
  expect(crossings).toBeLessThanOrEqual(201);
  expect(Math.max(...middle)).toBeGreaterThan(9_800);
  expect(Math.max(...middle)).toBeLessThan(10_200);
});
