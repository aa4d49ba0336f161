/** Counts recent losses of the avatar: video that comes and goes is worse than none. */
export class Losses {
  readonly #most: number;
  readonly #within: number;
  #times: number[] = [];

  /** More than `most` within `within` milliseconds are too many. */
  constructor(most: number, within: number) {
    this.#most = most;
    this.#within = within;
  }

  /** Counts a loss now; `true`: there are too many. */
  add(): boolean {
    const now = Date.now();
    this.#times = [...this.#times.filter((at) => now - at < this.#within), now];
    return this.#times.length > this.#most;
  }
}
