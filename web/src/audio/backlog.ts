/** Counts what is in the playback queue, which lives in another thread and reports its progress. */
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

  /** Samples that have left the queue, by its last report. */
  get consumed(): number {
    return this.#consumed;
  }

  get waiting(): number {
    return this.#pushed - this.#consumed;
  }

  /** Counts `samples` as sent. `false`: they would exceed the limit, and are not counted. */
  push(samples: number): boolean {
    if (this.waiting + samples > this.#limit) return false;
    this.#pushed += samples;
    return true;
  }

  /** Takes a report of the queue. `true`: it has just run empty, and nothing more is on its way to it. */
  report(consumed: number): boolean {
    const drained = this.waiting > 0 && consumed >= this.#pushed;
    this.#consumed = consumed;
    return drained;
  }
}
