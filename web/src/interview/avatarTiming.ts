import type { VoiceProgress } from "./caption";

/** How long the avatar may take to start speaking, in milliseconds, before the text is shown without it. */
const START_MS = 2500;

interface Speech {
  /** When the turn began, or its sound last paused. */
  waitingSince: number;
  /** How long it has been spoken, up to the last pause. */
  spoken: number;
  /** Since when it is being spoken; `null`: it is not. */
  since: number | null;
  /** Speaking has started. */
  started: boolean;
  /** All of it has been sent to the avatar. */
  sent: boolean;
}

/**
 * How far the avatar is with the interviewer's turns. Its sound does not pass through the page: all that is known is when
 * it starts and stops speaking. Times are milliseconds of the page's clock.
 */
export class AvatarTiming {
  readonly #speeches = new Map<number, Speech>();
  #current: number | null = null;
  /** Since when it has been speaking without a turn that it could belong to. */
  #unclaimed: number | null = null;
  #speaking = false;

  /** A turn begins: what is spoken from now on belongs to it. */
  begin(turn: number, now: number): void {
    if (this.#speeches.has(turn)) return;
    const since = this.#unclaimed;
    this.#unclaimed = null;
    this.#speeches.set(turn, { waitingSince: now, spoken: 0, since, started: since !== null, sent: false });
    this.#current = turn;
  }

  /** The avatar has started or stopped speaking. */
  speaking(on: boolean, now: number): void {
    if (on === this.#speaking) return;
    this.#speaking = on;
    const speech = this.#current === null ? undefined : this.#speeches.get(this.#current);
    if (on) {
      // A turn that was sent in full and spoken is over: this is the next one, whose caption is still to come.
      if (!speech || (speech.sent && speech.started && speech.since === null)) this.#unclaimed = now;
      else {
        speech.since ??= now;
        speech.started = true;
      }
      return;
    }
    this.#unclaimed = null;
    // A turn may begin while the one before is still being spoken.
    for (const each of this.#speeches.values()) {
      if (each.since === null) continue;
      each.spoken += now - each.since;
      each.since = null;
      each.waitingSince = now;
    }
  }

  /** All of a turn has been sent, or no more of it will be. */
  end(turn: number): void {
    const speech = this.#speeches.get(turn);
    if (speech) speech.sent = true;
  }

  /** Forgets all turns. */
  restart(): void {
    this.#speeches.clear();
    this.#current = null;
  }

  /** How far the voice of a turn is; `null`: the turn is unknown. */
  progress(turn: number, now: number): VoiceProgress | null {
    const speech = this.#speeches.get(turn);
    if (!speech) return null;
    const { since, spoken, started, sent, waitingSince } = speech;
    const allowed = started ? 0 : START_MS;
    return {
      received: null,
      played: (spoken + (since === null ? 0 : now - since)) / 1000,
      complete: sent && started && since === null,
      silentFor: since === null ? Math.max(0, now - waitingSince - allowed) / 1000 : 0,
    };
  }
}
