import { expect, it } from "vitest";
import { Framer } from "./framer";

function collect(length: number, blocks: Float32Array[]): { values: number[]; amplitude: number }[] {
  const frames: { values: number[]; amplitude: number }[] = [];
  const framer = new Framer(length, (pcm, amplitude) => {
    const view = new DataView(pcm);
    const values = Array.from({ length: pcm.byteLength / 2 }, (_, at) => view.getInt16(at * 2, true));
    frames.push({ values, amplitude });
  });
  for (const block of blocks) framer.push(block);
  return frames;
}

it("cuts frames of one length from any input", () => {
  const ramp = Float32Array.from({ length: 10 }, (_, at) => at / 32768);
  const expected = [
    [0, 1, 2, 3],
    [4, 5, 6, 7],
  ];
  expect(collect(4, [ramp]).map((frame) => frame.values)).toEqual(expected);
  const pieces = [ramp.subarray(0, 3), ramp.subarray(3, 4), ramp.subarray(4, 10)];
  expect(collect(4, pieces).map((frame) => frame.values)).toEqual(expected);
});

it("saturates, and reports the loudness of each frame", () => {
  const [frame] = collect(4, [Float32Array.of(1, -1, 1, -1)]);
  expect(frame?.values).toEqual([32767, -32768, 32767, -32768]);
  expect(frame?.amplitude).toBe(1);
});

it("takes only the given number of samples", () => {
  const framer = new Framer(2, (pcm) => expect(new Int16Array(pcm)).toEqual(Int16Array.of(16384, 16384)));
  framer.push(Float32Array.of(0.5, 1), 1);
  framer.push(Float32Array.of(0.5, 1), 1);
  expect.assertions(1);
});

it("gives each frame a buffer of its own", () => {
  const frames: ArrayBuffer[] = [];
  const framer = new Framer(2, (pcm) => frames.push(pcm));
  framer.push(Float32Array.of(0.25, 0.25, 0.5, 0.5));
  expect(frames.map((pcm) => new Int16Array(pcm)[0])).toEqual([8192, 16384]);
});
