import type { Microphone } from "../audio/microphone";

/** The microphone that is in use, if there is one. It is not closed here: that is its owner's. */
export class Capture {
  readonly #onframe: (pcm: ArrayBuffer) => void;
  readonly #onended: () => void;
  #microphone: Microphone | null = null;

  /** `onframe`: a frame of PCM16 mono 16 kHz; `onended`: the microphone was unplugged. */
  constructor(onframe: (pcm: ArrayBuffer) => void, onended: () => void) {
    this.#onframe = onframe;
    this.#onended = onended;
  }

  /** The microphone in use; `null`: none. */
  get microphone(): Microphone | null {
    return this.#microphone;
  }

  get open(): boolean {
    return this.#microphone !== null;
  }

  /** How loud the candidate is, 0..1. */
  get level(): number {
    return this.#microphone?.level() ?? 0;
  }

  use(microphone: Microphone | null): void {
    this.release();
    this.#microphone = microphone;
    if (!microphone) return;
    microphone.onframe = this.#onframe;
    microphone.onended = () => {
      this.release();
      this.#onended();
    };
  }

  release(): void {
    if (!this.#microphone) return;
    this.#microphone.onframe = null;
    this.#microphone.onended = null;
    this.#microphone = null;
  }

  mute(on: boolean): void {
    if (this.#microphone) this.#microphone.muted = on;
  }

  /** Resumes after the system has suspended the sound. Call it inside a click. */
  async resume(): Promise<void> {
    await this.#microphone?.resume();
  }
}
