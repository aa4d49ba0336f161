/** Pauses between attempts to dial: each longer than the one before, none at the same moment as everyone else's. */
export class Backoff {
  readonly #first: number;
  readonly #longest: number;
  #wake: (() => void) | null = null;

  /** `first` and `longest` in milliseconds. */
  constructor(first: number, longest: number) {
    this.#first = first;
    this.#longest = longest;
  }

  /** Resolves after the pause that follows so many vain attempts, at once when woken; none follows no attempt. */
  async wait(vain: number): Promise<void> {
    if (vain === 0) return;
    const pause = Math.min(this.#longest, this.#first * 1.33 ** (vain - 1) * (1 + Math.random()));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.wake(), pause);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends the present pause; `false`: there is none. */
  wake(): boolean {
    const waiting = this.#wake !== null;
    this.#wake?.();
    this.#wake = null;
    return waiting;
  }
}
