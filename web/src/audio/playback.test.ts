import { describe, expect, it } from "vitest";
import { Playback } from "./playback";

const UNIT = 1 / 32768;

/** PCM16 of `count` samples that count up from `first`. */
function ramp(first: number, count: number): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(count * 2));
  for (let at = 0; at < count; at++) view.setInt16(at * 2, first + at, true);
  return view.buffer as ArrayBuffer;
}

function read(playback: Playback, count: number): number[] {
  const output = new Float32Array(count).fill(9);
  playback.read(output);
  return [...output].map((value) => Math.round(value / UNIT));
}

const plain = { capacity: 100, preroll: 0, fade: 0 };

describe("playing", () => {
  it("is silent when nothing is queued", () => {
    const playback = new Playback(plain);
    expect(read(playback, 3)).toEqual([0, 0, 0]);
    expect(playback.state).toBe("idle");
    expect(playback.consumed).toBe(0);
  });

  it("plays frames in order across their borders, then falls idle", () => {
    const playback = new Playback(plain);
    playback.push(ramp(1, 3));
    playback.push(ramp(4, 4));
    expect(read(playback, 5)).toEqual([1, 2, 3, 4, 5]);
    expect(playback.state).toBe("playing");
    expect(playback.consumed).toBe(5);
    expect(read(playback, 4)).toEqual([6, 7, 0, 0]);
    expect(playback.state).toBe("idle");
    expect(playback.consumed).toBe(7);
  });

  it("wraps its ring many times without losing a sample", () => {
    const playback = new Playback({ ...plain, capacity: 7 });
    for (let first = 1; first < 500; first += 5) {
      expect(playback.push(ramp(first, 5))).toBe(5);
      expect(read(playback, 5)).toEqual([first, first + 1, first + 2, first + 3, first + 4]);
    }
  });

  it("refuses what exceeds its capacity", () => {
    const playback = new Playback({ ...plain, capacity: 4 });
    expect(playback.push(ramp(1, 3))).toBe(3);
    expect(playback.push(ramp(4, 3))).toBe(1);
    expect(playback.push(ramp(9, 3))).toBe(0);
    expect(read(playback, 5)).toEqual([1, 2, 3, 4, 0]);
  });

  it("reads a view from its offset and ignores half a sample", () => {
    const playback = new Playback(plain);
    const bytes = new Uint8Array(ramp(1, 4));
    expect(playback.push(bytes.subarray(2, 7))).toBe(2);
    expect(read(playback, 3)).toEqual([2, 3, 0]);
  });

  it("stays idle for an empty frame", () => {
    const playback = new Playback(plain);
    playback.push(new ArrayBuffer(0));
    expect(playback.state).toBe("idle");
  });
});

describe("the pre-roll", () => {
  const options = { ...plain, preroll: 4 };

  it("waits until enough is queued", () => {
    const playback = new Playback(options);
    playback.push(ramp(1, 3));
    expect(read(playback, 2)).toEqual([0, 0]);
    expect(playback.state).toBe("filling");
    playback.push(ramp(4, 1));
    expect(read(playback, 2)).toEqual([1, 2]);
  });

  it("waits no longer than its own length", () => {
    const playback = new Playback(options);
    playback.push(ramp(1, 2));
    expect(read(playback, 7)).toEqual([0, 0, 0, 0, 1, 2, 0]);
  });

  it("happens once per utterance, and again after the queue ran empty", () => {
    const playback = new Playback(options);
    playback.push(ramp(1, 6));
    expect(read(playback, 5)).toEqual([1, 2, 3, 4, 5]);
    expect(read(playback, 2)).toEqual([6, 0]);
    playback.push(ramp(7, 1));
    expect(read(playback, 5)).toEqual([0, 0, 0, 0, 7]);
  });
});

describe("an interruption", () => {
  it("drops everything queued and counts it as consumed", () => {
    const playback = new Playback(plain);
    playback.push(ramp(1, 50));
    read(playback, 10);
    playback.interrupt();
    expect(read(playback, 3)).toEqual([0, 0, 0]);
    expect(playback.state).toBe("idle");
    expect(playback.consumed).toBe(50);
  });

  it("fades what is playing, then is silent", () => {
    const playback = new Playback({ ...plain, fade: 4 });
    playback.push(ramp(1000, 50));
    read(playback, 1);
    playback.interrupt();
    expect(read(playback, 6)).toEqual(
      [1001, Math.round(1002 * 0.75), 1003 / 2, Math.round(1004 / 4), 0, 0].map(Math.round),
    );
    expect(playback.consumed).toBe(50);
  });

  it("plays nothing of an utterance that had not started", () => {
    const playback = new Playback({ ...plain, preroll: 10, fade: 4 });
    playback.push(ramp(1, 5));
    playback.interrupt();
    expect(read(playback, 12)).toEqual(new Array(12).fill(0));
    expect(playback.consumed).toBe(5);
  });

  it("does not affect the next utterance", () => {
    const playback = new Playback({ ...plain, fade: 2 });
    playback.push(ramp(100, 9));
    read(playback, 1);
    playback.interrupt();
    playback.push(ramp(7, 2));
    expect(read(playback, 5).slice(2)).toEqual([7, 8, 0]);
    expect(playback.consumed).toBe(11);
  });
});
