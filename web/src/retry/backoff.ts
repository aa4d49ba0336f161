export interface BackoffOptions {
  /** The longest first pause, in milliseconds. */
  first: number;
  /** No pause is longer, in milliseconds. */
  longest: number;
  /** From 0 up to 1, like Math.random; a test brings its own. */
  random?: () => number;
}

/**
 * Pauses between attempts: exponential backoff with jitter. The bound doubles with each failed attempt up to `longest`;
 * the pause lies between half the bound and the bound, so that clients that failed together do not retry together.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  #wake: (() => void) | null = null;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** The pause before the next attempt, in milliseconds; 0 when none has failed. */
  pause(failed: number): number {
    if (failed === 0) return 0;
    const { first, longest, random = Math.random } = this.#options;
    const bound = Math.min(longest, first * 2 ** (failed - 1));
    return bound * (0.5 + random() / 2);
  }

  /** Resolves after the pause, or at once when `wake` is called. */
  async wait(failed: number): Promise<void> {
    if (failed === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.wake(), this.pause(failed));
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
