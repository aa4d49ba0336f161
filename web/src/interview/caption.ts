/**
 * How much of the interviewer's caption is shown while its voice is still playing.
 *
 * The text comes as fast as the model writes, most often a whole sentence before it is heard. It is shown at the pace
 * of the sound that has really been played, a few words ahead, and all of it when the sound stands still.
 */

/** Where the voice of a turn is, in seconds. */
export interface Voice {
  /** Sound of the turn that has arrived; `null`: it passes the page by, and only its time is known. */
  received: number | null;
  /** Sound of the turn that has been played. */
  heard: number;
  /** All its sound has arrived. */
  complete: boolean;
  /** How long nothing has been played. */
  still: number;
}

/** Characters shown ahead of the voice. */
const LEAD = 18;
/** Characters a second: slow and fast speech, between which an estimate must lie. */
const SLOW = 11;
const FAST = 24;
/** An interviewer's usual speech, where nothing can be measured. */
const USUAL = 15;
/** Seconds without sound after which nobody is made to wait for the text. */
const STILL = 1.5;

/** How many characters of `text` to show, at least `shown`, which is what is shown already; never half a word. */
export function reveal(text: string, voice: Voice, shown: number): number {
  if (voice.still >= STILL) return text.length;
  if (voice.complete && voice.heard >= (voice.received ?? 0)) return text.length;
  const reached = Math.max(shown, Math.floor(voice.heard * rateOf(text, voice)) + LEAD);
  if (reached >= text.length) return text.length;
  const space = text.indexOf(" ", reached);
  return space < 0 ? text.length : space;
}

/** Characters a second. */
function rateOf(text: string, { received, complete }: Voice): number {
  if (received === null) return USUAL;
  const measured = received > 0 ? text.length / received : FAST;
  return complete ? measured : Math.min(FAST, Math.max(SLOW, measured));
}
