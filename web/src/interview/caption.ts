/**
 * How much of the interviewer's caption is shown while its voice is still playing.
 *
 * The text usually arrives a sentence before the sound. It is shown at the pace of the sound that has been played, a few
 * words ahead, and in full when the sound stands still.
 */

/** How far the voice of a turn is, in seconds. */
export interface VoiceProgress {
  /** Sound of the turn that has arrived; `null`: it does not pass through the page, and only its time is known. */
  received: number | null;
  /** Sound of the turn that has been played. */
  played: number;
  /** All its sound has arrived. */
  complete: boolean;
  /** How long nothing has been played. */
  silentFor: number;
}

/** Characters shown ahead of the voice. */
const LEAD = 18;
/** Characters a second of slow and of fast speech: an estimate lies between them. */
const SLOW = 11;
const FAST = 24;
/** Characters a second where nothing can be measured. */
const AVERAGE = 15;
/** After this many seconds without sound the whole text is shown. */
const SILENCE = 1.5;

/** How many characters of `text` to show, at least the `shown` that are shown already; never half a word. */
export function reveal(text: string, voice: VoiceProgress, shown: number): number {
  if (voice.silentFor >= SILENCE) return text.length;
  if (voice.complete && voice.played >= (voice.received ?? 0)) return text.length;
  const reached = Math.max(shown, Math.floor(voice.played * rateOf(text, voice)) + LEAD);
  if (reached >= text.length) return text.length;
  const space = text.indexOf(" ", reached);
  return space < 0 ? text.length : space;
}

/** Characters a second. */
function rateOf(text: string, { received, complete }: VoiceProgress): number {
  if (received === null) return AVERAGE;
  const measured = received > 0 ? text.length / received : FAST;
  return complete ? measured : Math.min(FAST, Math.max(SLOW, measured));
}
