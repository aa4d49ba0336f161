/** Samples as floats in -1..1 and as PCM16 (16 bit, signed, little-endian), the format of the stream. */

const FULL_SCALE = 32768;

/** One float as a PCM16 value. Both ends saturate, as +1.0 is one step more than 16 bits hold; NaN is silence. */
export function toSample(value: number): number {
  const scaled = Math.round(value * FULL_SCALE);
  return scaled >= 32767 ? 32767 : scaled <= -FULL_SCALE ? -FULL_SCALE : scaled || 0;
}

/** How many whole PCM16 samples the bytes hold. */
export function sampleCount(bytes: ArrayBuffer | ArrayBufferView): number {
  return bytes.byteLength >> 1;
}

/** A view of PCM16 bytes, also of those that are a part of a larger buffer. */
export function pcmView(bytes: ArrayBuffer | ArrayBufferView): DataView {
  return ArrayBuffer.isView(bytes)
    ? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new DataView(bytes);
}
