import type { Screen } from "./screen";

/** How often the picture is looked at, in milliseconds. */
const LOOK_MS = 250;

export interface WatchOptions {
  screen: Pick<Screen, "progress">;
  /** A picture without a new frame for so long, while the replica speaks, stands still; in milliseconds. */
  frozen: number;
  /** Whether the replica is speaking. */
  speaking: () => boolean;
  /** The picture stands still. */
  onfrozen: () => void;
}

/** The watch for a picture that stands still while the replica speaks; where nobody looks, none is drawn. */
export class Watch {
  readonly #options: WatchOptions;
  #looking: ReturnType<typeof setInterval> | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  begin(): void {
    const { screen, frozen, speaking, onfrozen } = this.#options;
    let progress = screen.progress;
    let moved = performance.now();
    this.end();
    this.#looking = setInterval(() => {
      const now = performance.now();
      const same = screen.progress === progress;
      if (!same || !speaking() || document.visibilityState !== "visible") {
        progress = screen.progress;
        moved = now;
      } else if (now - moved >= frozen) {
        this.end();
        onfrozen();
      }
    }, LOOK_MS);
  }

  end(): void {
    clearInterval(this.#looking);
  }
}
