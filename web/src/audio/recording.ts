import type { Microphone } from "./microphone";
import { sampleCount } from "./pcm";
import { CAPTURE, PLAYBACK } from "./ports";
import { Resampler } from "./resampler";

/** The longest wait for frames that don't come, beyond the recording's own length. In milliseconds. */
const LATE_MS = 2000;

/** A recording that is being made. */
export interface Recording {
  /** PCM16 mono at 16 kHz: as long as was asked for, shorter where frames were missing; `null`: it was stopped. */
  done: Promise<Int16Array | null>;
  stop: () => void;
}

/** Records so many seconds of an open microphone. It is kept in memory only, and belongs to the caller. */
export function record(microphone: Pick<Microphone, "onframe">, seconds: number): Recording {
  const samples = new Int16Array(seconds * CAPTURE.rate);
  let filled = 0;
  let finish = (_recording: Int16Array | null) => {};
  const done = new Promise<Int16Array | null>((resolve) => {
    finish = resolve;
  });
  const take = (pcm: ArrayBuffer) => {
    const frame = new Int16Array(pcm, 0, Math.min(sampleCount(pcm), samples.length - filled));
    samples.set(frame, filled);
    filled += frame.length;
    if (filled === samples.length) end(samples);
  };
  const late = setTimeout(() => end(samples.slice(0, filled)), seconds * 1000 + LATE_MS);
  const end = (recording: Int16Array | null) => {
    clearTimeout(late);
    // The room may have taken over the microphone meanwhile.
    if (microphone.onframe === take) microphone.onframe = null;
    finish(recording);
  };
  microphone.onframe = take;
  return { done, stop: () => end(null) };
}

/** A recording as the speaker takes it: PCM16 mono at 24 kHz. */
export function playable(recording: Int16Array): ArrayBuffer {
  const resampler = new Resampler(CAPTURE.rate, PLAYBACK.rate);
  const output = new Float32Array(resampler.ready(recording.length));
  const count = resampler.process(Float32Array.from(recording), output);
  return Int16Array.from(output.subarray(0, count), (sample) =>
    Math.max(-32_768, Math.min(32_767, Math.round(sample))),
  ).buffer;
}
