/** Sound as numbers: floats in -1..1, and PCM16, 16 bit signed little-endian, as it crosses the wire. */

const FULL_SCALE = 32768;

/** One float as a PCM16 value. +1.0 is one step more than 16 bits hold, so both ends saturate; NaN is silence. */
export function toSample(value: number): number {
  const scaled = Math.round(value * FULL_SCALE);
  return scaled >= 32767 ? 32767 : scaled <= -FULL_SCALE ? -FULL_SCALE : scaled || 0;
}

/** How many whole PCM16 samples the bytes hold. */
export function sampleCount(bytes: ArrayBuffer | ArrayBufferView): number {
  return bytes.byteLength >> 1;
}

/** A view on PCM16 bytes that honours where a view into a larger buffer begins. */
export function pcmView(bytes: ArrayBuffer | ArrayBufferView): DataView {
  return ArrayBuffer.isView(bytes)
    ? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new DataView(bytes);
}
