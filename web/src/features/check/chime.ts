import { PLAYBACK } from "../../audio/ports";

/** Frequencies in Hz of the notes, one after the other. */
const NOTES = [523.25, 659.25, 783.99];
const NOTE_SECONDS = 0.22;
const PEAK = 0.35;

/** A short rising chord as the speaker takes it: PCM16 mono, about two thirds of a second. */
export function chime(): ArrayBuffer {
  const each = Math.round(PLAYBACK.rate * NOTE_SECONDS);
  const samples = new Int16Array(each * NOTES.length);
  for (const [index, frequency] of NOTES.entries()) {
    for (let at = 0; at < each; at += 1) {
      // Each note fades in and out, or it would click.
      const envelope = Math.sin((Math.PI * at) / each);
      const wave = Math.sin((2 * Math.PI * frequency * at) / PLAYBACK.rate);
      samples[index * each + at] = Math.round(32_767 * PEAK * envelope * wave);
    }
  }
  return samples.buffer;
}
