import type { Voice } from "./caption";

/** How long the avatar may take to begin with a turn, in milliseconds, before its text is shown without it. */
const BEGINNING_MS = 2500;

interface Speech {
  /** When the turn was known, or its sound last paused. */
  waiting: number;
  /** How long it has been spoken, up to the last pause. */
  spoken: number;
  /** Since when it is being spoken; `null`: it is not. */
  since: number | null;
  /** It was begun. */
  begun: boolean;
  /** All of it has been sent. */
  sent: boolean;
}

/**
 * How far the avatar is with which of the interviewer's turns. Its sound passes the page by: all there is to go by is when
 * it begins to speak and when it falls silent. Times are milliseconds of the page's clock.
 */
export class Speeches {
  readonly #speeches = new Map<number, Speech>();
  #current: number | null = null;
  /** It speaks, since when, and no turn is known yet that it could be. */
  #unclaimed: number | null = null;
  #speaking = false;

  /** A turn is known: what is spoken from now on is this one. */
  begin(turn: number, now: number): void {
    if (this.#speeches.has(turn)) return;
    const since = this.#unclaimed;
    this.#unclaimed = null;
    this.#speeches.set(turn, { waiting: now, spoken: 0, since, begun: since !== null, sent: false });
    this.#current = turn;
  }

  speaking(on: boolean, now: number): void {
    if (on === this.#speaking) return;
    this.#speaking = on;
    const speech = this.#current === null ? undefined : this.#speeches.get(this.#current);
    if (on) {
      // What was sent whole and has been heard whole is over: this is the next, whose words are still to come.
      if (!speech || (speech.sent && speech.begun && speech.since === null)) this.#unclaimed = now;
      else {
        speech.since ??= now;
        speech.begun = true;
      }
      return;
    }
    this.#unclaimed = null;
    // A turn may be known while the one before is still being spoken.
    for (const each of this.#speeches.values()) {
      if (each.since === null) continue;
      each.spoken += now - each.since;
      each.since = null;
      each.waiting = now;
    }
  }

  /** All of a turn has been sent, or no more of it will be. */
  end(turn: number): void {
    const speech = this.#speeches.get(turn);
    if (speech) speech.sent = true;
  }

  /** Forgets the turns so far. */
  restart(): void {
    this.#speeches.clear();
    this.#current = null;
  }

  /** Where the voice of a turn is; `null`: not known. */
  voice(turn: number, now: number): Voice | null {
    const speech = this.#speeches.get(turn);
    if (!speech) return null;
    const { since, spoken, begun, sent, waiting } = speech;
    const patience = begun ? 0 : BEGINNING_MS;
    return {
      received: null,
      heard: (spoken + (since === null ? 0 : now - since)) / 1000,
      complete: sent && begun && since === null,
      still: since === null ? Math.max(0, now - waiting - patience) / 1000 : 0,
    };
  }
}
