import type { Place } from "./room";

/** What came of asking for another conversation. */
export type Renewal =
  | { place: Place }
  /** There is none, and why; `again`: asking another time may help. */
  | { place: null; word: string; again: boolean };

export interface ConversationOptions {
  /** The one there is; `null`: none yet. */
  place: Place | null;
  /** Asks for another one. */
  renew: () => Promise<Renewal>;
  /** A room without us for so long may have closed; in milliseconds. */
  left: number;
}

/** The conversation that the replica is in: whether it may still be there, and how another one is come by. */
export class Conversation {
  readonly #options: ConversationOptions;
  #place: Place | null;
  /** It is over, or nothing comes of it. */
  #over = false;
  /** When its room was left, by a clock that goes on while the machine sleeps; `null`: never. */
  #leftAt: number | null = null;
  /** Another one is on its way. */
  #renewing: Promise<Renewal> | null = null;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#place = options.place;
  }

  get place(): Place | null {
    return this.#place;
  }

  /** Whether it is worth going into. */
  get open(): boolean {
    const closed = this.#leftAt !== null && Date.now() - this.#leftAt > this.#options.left;
    return this.#place !== null && !this.#over && !closed;
  }

  /** Its room has been left. */
  left(): void {
    this.#leftAt = Date.now();
  }

  /** It is over, or nothing comes of it. */
  end(): void {
    this.#over = true;
  }

  /** Another one in its place. Whoever asks again while one is on its way waits for that one. */
  renew(): Promise<Renewal> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #renew(): Promise<Renewal> {
    const renewal = await this.#options.renew();
    if (renewal.place) {
      this.#place = renewal.place;
      this.#over = false;
      this.#leftAt = null;
    }
    return renewal;
  }
}
