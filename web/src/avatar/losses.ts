/** When the face was lost lately: what comes and goes is worse than none. */
export class Losses {
  readonly #most: number;
  readonly #within: number;
  #times: number[] = [];

  /** More than `most` within so many milliseconds are too many. */
  constructor(most: number, within: number) {
    this.#most = most;
    this.#within = within;
  }

  /** Counts one that happens now; `true`: that is one too many. */
  add(): boolean {
    const now = Date.now();
    this.#times = [...this.#times.filter((at) => now - at < this.#within), now];
    return this.#times.length > this.#most;
  }
}
