/** The page's account of the playback queue, which lives in another thread and reports how far it is. */
export class Backlog {
  readonly #limit: number;
  #pushed = 0;
  #consumed = 0;

  /** `limit`: the most samples that may wait. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Samples sent to the queue so far. */
  get pushed(): number {
    return this.#pushed;
  }

  /** Samples that are known to have left it. */
  get consumed(): number {
    return this.#consumed;
  }

  get waiting(): number {
    return this.#pushed - this.#consumed;
  }

  /** Books `samples` in; `false`, and nothing booked, when they would go over the limit. */
  push(samples: number): boolean {
    if (this.waiting + samples > this.#limit) return false;
    this.#pushed += samples;
    return true;
  }

  /** Books what the queue reports; `true` when that was the last of it, not when more is still on its way there. */
  report(consumed: number): boolean {
    const drained = this.waiting > 0 && consumed >= this.#pushed;
    this.#consumed = consumed;
    return drained;
  }
}
