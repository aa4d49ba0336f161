import type { VoiceProgress } from "./caption";

interface Span {
  from: number;
  to: number | null;
}

/** Which stretch of the speaker's sound belongs to which of the interviewer's turns. Times are the speaker's, in seconds. */
export class VoiceTiming {
  readonly #spans = new Map<number, Span>();
  #last: number;

  /** `received`: sound that the speaker had received before this interview. */
  constructor(received: number) {
    this.#last = received;
  }

  /** A turn begins: its sound is what has arrived since the turn before ended. `false`: the turn had begun already. */
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

  /** Forgets all turns; the next one's sound begins after what has arrived. */
  restart(received: number): void {
    this.#spans.clear();
    this.#last = received;
  }

  /** How far the voice of a turn is, given all sound that has arrived and been played; `null`: the turn is unknown. */
  progress(turn: number, received: number, position: number): Omit<VoiceProgress, "silentFor"> | null {
    const span = this.#spans.get(turn);
    if (!span) return null;
    const end = span.to ?? received;
    return {
      received: end - span.from,
      played: Math.max(0, Math.min(position, end) - span.from),
      complete: span.to !== null,
    };
  }
}
