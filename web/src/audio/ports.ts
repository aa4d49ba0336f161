/** The messages between the page and its audio worklets, and their sample rates. */

import { MICROPHONE_RATE, VOICE_RATE } from "../contract/limits.gen";

/** Name and rate (Hz) of the microphone's processor; a frame is 40 ms. */
export const CAPTURE = { name: "capture", rate: MICROPHONE_RATE, frame: 640 } as const;

/** Name and rate (Hz) of the interviewer's voice; the queue holds two minutes of it. */
export const PLAYBACK = { name: "playback", rate: VOICE_RATE, capacity: 120 * VOICE_RATE } as const;

/** A microphone frame: PCM16 and its root mean square (0..1). */
export interface Captured {
  pcm: ArrayBuffer;
  amplitude: number;
}

/** To the playback: more PCM16, or `null`: drop everything. */
export type PlaybackOrder = ArrayBuffer | null;

/** From the playback: how many samples have left its queue, and whether it is empty. */
export interface PlaybackReport {
  consumed: number;
  idle: boolean;
}
