/** Loudness for the eye: meters and lips follow decibels, not amplitude. */

/** What counts as silence, in dB relative to full scale. */
const FLOOR = -54;
/** Loud speech close to the microphone. */
const CEILING = -9;

/**
 * Below this root mean square a frame of the microphone is flat: half a step of a 16-bit sample, -96.3 dB. A muted device
 * sends zeros. A quiet room does not: what Chromium makes of noise at -80 dB is at -85 dB, and of the last bit of a 16-bit
 * device at -95 dB (docs/decisions/0061-hearing.md).
 */
export const FLAT = 0.5 / 32_768;

/** Root mean square of samples in -1..1. */
export function rms(samples: Float32Array, count: number = samples.length): number {
  if (count === 0) return 0;
  let sum = 0;
  for (let at = 0; at < count; at++) sum += (samples[at] as number) ** 2;
  return Math.sqrt(sum / count);
}

/** An amplitude (0..1, root mean square) on a scale from 0, silence, to 1, loud speech. */
export function loudness(amplitude: number): number {
  if (!(amplitude > 0)) return 0;
  const decibels = 20 * Math.log10(amplitude);
  return Math.min(1, Math.max(0, (decibels - FLOOR) / (CEILING - FLOOR)));
}

/** How bright a sound is: 0 all below 600 Hz ("oo"), 1 all above 2.4 kHz ("ss"); 0.5 for silence.
 *
 * `bins` are an analyser's byte levels, `hertz` the width of one bin.
 */
export function brightness(bins: Uint8Array, hertz: number): number {
  const dark = mean(bins, 120 / hertz, 600 / hertz);
  const middle = mean(bins, 600 / hertz, 2400 / hertz);
  const bright = mean(bins, 2400 / hertz, 8000 / hertz);
  const total = dark + middle + bright;
  return total === 0 ? 0.5 : (middle * 0.5 + bright) / total;
}

function mean(bins: Uint8Array, from: number, to: number): number {
  const first = Math.floor(from);
  const last = Math.min(bins.length, Math.ceil(to));
  let sum = 0;
  for (let at = first; at < last; at++) sum += bins[at] as number;
  return last > first ? sum / (last - first) : 0;
}
