import type { Screen } from "./screen";

/** How often the picture is checked, in milliseconds. */
const CHECK_MS = 250;

export interface WatchdogOptions {
  screen: Pick<Screen, "progress">;
  /** A picture without a new frame for this long while the replica speaks is frozen; in milliseconds. */
  frozen: number;
  /** Whether the replica is speaking. */
  speaking: () => boolean;
  onfrozen: () => void;
}

/** Notices a picture that is frozen while the replica speaks. A hidden page draws no frames and is not checked. */
export class Watchdog {
  readonly #options: WatchdogOptions;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  start(): void {
    const { screen, frozen, speaking, onfrozen } = this.#options;
    let progress = screen.progress;
    let moved = performance.now();
    this.stop();
    this.#timer = setInterval(() => {
      const now = performance.now();
      const same = screen.progress === progress;
      if (!same || !speaking() || document.visibilityState !== "visible") {
        progress = screen.progress;
        moved = now;
      } else if (now - moved >= frozen) {
        this.stop();
        onfrozen();
      }
    }, CHECK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
