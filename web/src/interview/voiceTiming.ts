import type { Voice } from "./caption";

interface Span {
  from: number;
  to: number | null;
}

/** Which stretch of the sound belongs to which of the interviewer's turns. Times are the speaker's, in seconds. */
export class Spans {
  readonly #spans = new Map<number, Span>();
  #last: number;

  /** `received`: the sound that has arrived before the interview's own. */
  constructor(received: number) {
    this.#last = received;
  }

  /** A turn is known: its sound is what has come since the end of the one before. `false`: it was known already. */
  begin(turn: number): boolean {
    if (this.#spans.has(turn)) return false;
    this.#spans.set(turn, { from: this.#last, to: null });
    return true;
  }

  /** All sound of a turn has arrived, or no more will. */
  end(turn: number, received: number): void {
    this.begin(turn);
    const span = this.#spans.get(turn);
    if (span) span.to ??= received;
    this.#last = received;
  }

  /** Forgets the turns so far; the next one's sound begins after what has arrived. */
  restart(received: number): void {
    this.#spans.clear();
    this.#last = received;
  }

  /** Where the voice of a turn is, given how much sound has arrived and been played in all; `null`: not known. */
  voice(turn: number, received: number, position: number): Omit<Voice, "still"> | null {
    const span = this.#spans.get(turn);
    if (!span) return null;
    const end = span.to ?? received;
    return {
      received: end - span.from,
      heard: Math.max(0, Math.min(position, end) - span.from),
      complete: span.to !== null,
    };
  }
}
