/**
 * What every audio context needs, and what Safari's need besides. Its traps, each with where it is described (all on
 * github.com unless another place is named):
 *
 * - "interrupted" is a state of its own, during a phone call, Siri, or another tab's recording: WebAudio/web-audio-api
 *   issue 2392, Tonejs/Tone.js issue 767.
 * - `resume()` fails while it is interrupted, and the context is suspended after that; it does not run again by itself:
 *   GetStream/stream-video-js pull 2249, gree/unity-webview issue 796.
 * - A context says that it runs, and its clock stands still: the same pull 2249, cwilso/metronome issue 25. Only another
 *   context helps.
 * - `resume()` stays pending until a click: chrisguttandin/standardized-audio-context issue 953.
 * - A browser opens only so many contexts, as few as four: otalk/hark pull 5. So the page has two, one for the microphone
 *   and one for the loudspeaker, and each one is closed with its device.
 */

/** The longest wait for `resume()`, which browsers leave pending until a click. In milliseconds. */
const RESUME_TIMEOUT_MS = 1000;
/** After this long a running context's clock has moved, or it stands still. In milliseconds. */
const CLOCK_MS = 1000;
/** The longest wait for a worklet's module, in milliseconds. */
const LOAD_TIMEOUT_MS = 10_000;
/** The pause before a worklet's module is asked for a second time, plus as much again at random. In milliseconds. */
const LOAD_PAUSE_MS = 200;

/** Resumes the context; resolves when it runs, or after a second. Its `state` says which. */
export async function resumed(context: AudioContext): Promise<void> {
  if (context.state === "running" || context.state === "closed") return;
  await within(RESUME_TIMEOUT_MS, context.resume()).catch(() => undefined);
}

/** Closes a context, unless it is closed already. */
export function closed(context: AudioContext): void {
  if (context.state !== "closed") void context.close().catch(() => undefined);
}

/**
 * Loads a worklet's module into the context, in at most two attempts of ten seconds. Rejects with the browser's own error,
 * which is an AbortError for every cause (w3c/css-houdini-drafts issue 509), or with a TimeoutError.
 */
export async function loaded(context: AudioContext, url: string): Promise<void> {
  try {
    await within(LOAD_TIMEOUT_MS, context.audioWorklet.addModule(url));
  } catch {
    await new Promise((resolve) => setTimeout(resolve, LOAD_PAUSE_MS * (1 + Math.random())));
    await within(LOAD_TIMEOUT_MS, context.audioWorklet.addModule(url));
  }
}

/** What `promise` resolves to; rejects with a TimeoutError after so many milliseconds. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException("no answer", "TimeoutError")), milliseconds);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Resumes a context after an interruption: when the system says that it is over, when the page is visible again, and at the
 * next click or key. A running context whose clock stands still is reported as frozen.
 */
export class Upkeep {
  readonly #context: AudioContext;
  readonly #onchange: () => void;
  #before: string;
  #frozen = false;
  #check: ReturnType<typeof setTimeout> | undefined;

  /** `onchange`: the context's state, or `frozen`, has changed. */
  constructor(context: AudioContext, onchange: () => void) {
    this.#context = context;
    this.#onchange = onchange;
    this.#before = context.state;
    context.onstatechange = () => this.#changed();
    document.addEventListener("visibilitychange", this.#visible);
    document.addEventListener("pointerup", this.#pressed);
    document.addEventListener("keydown", this.#pressed);
  }

  /** The context says that it runs, and does not. It is of no more use. */
  get frozen(): boolean {
    return this.#frozen;
  }

  stop(): void {
    clearTimeout(this.#check);
    this.#context.onstatechange = null;
    document.removeEventListener("visibilitychange", this.#visible);
    document.removeEventListener("pointerup", this.#pressed);
    document.removeEventListener("keydown", this.#pressed);
  }

  readonly #visible = (): void => {
    if (document.visibilityState === "visible") this.#resume();
  };

  readonly #pressed = (): void => this.#resume();

  /** Not while it is interrupted: `resume()` would fail then, and leave a context whose clock stands still. */
  #resume(): void {
    if (this.#context.state === "suspended") void resumed(this.#context);
  }

  #changed(): void {
    const before = this.#before;
    const { state } = this.#context;
    this.#before = state;
    if (state === "suspended" && before === "interrupted") this.#resume();
    clearTimeout(this.#check);
    this.#frozen = false;
    if (state === "running") this.#watchClock();
    this.#onchange();
  }

  #watchClock(): void {
    const start = this.#context.currentTime;
    this.#check = setTimeout(() => {
      const frozen = this.#context.currentTime === start;
      if (frozen) this.#watchClock();
      if (frozen === this.#frozen) return;
      this.#frozen = frozen;
      this.#onchange();
    }, CLOCK_MS);
  }
}
