import { pcmView, sampleCount } from "./pcm";

/** All in samples. */
export interface PlaybackOptions {
  /** The most that the queue holds; more is refused. */
  capacity: number;
  /** Gathered before an utterance starts to play, so that late frames leave no gap. */
  preroll: number;
  /** Faded out after an interruption, which would otherwise click. */
  fade: number;
}

/**
 * The queue between the socket and the loudspeaker: a ring with two cursors, read by the audio thread.
 *
 * `idle`: nothing to play. `filling`: an utterance began and is gathering its pre-roll. `playing`: until it runs dry.
 */
export class Playback {
  readonly #ring: Int16Array;
  readonly #options: PlaybackOptions;
  readonly #tail: Float32Array;
  #tailAt: number;
  #tailEnd: number;
  #read = 0;
  #held = 0;
  #waited = 0;
  #state: "idle" | "filling" | "playing" = "idle";
  #consumed = 0;

  constructor(options: PlaybackOptions) {
    this.#options = options;
    this.#ring = new Int16Array(options.capacity);
    this.#tail = new Float32Array(options.fade);
    this.#tailAt = 0;
    this.#tailEnd = 0;
  }

  /** Samples that have left the queue so far, played or dropped. */
  get consumed(): number {
    return this.#consumed;
  }

  get state(): "idle" | "filling" | "playing" {
    return this.#state;
  }

  /** Queues PCM16; an odd last byte is ignored. Returns how many samples fitted. */
  push(bytes: ArrayBuffer | ArrayBufferView): number {
    const view = pcmView(bytes);
    const count = Math.min(sampleCount(bytes), this.#ring.length - this.#held);
    let write = (this.#read + this.#held) % this.#ring.length;
    for (let at = 0; at < count; at++) {
      this.#ring[write] = view.getInt16(at * 2, true);
      write = write + 1 === this.#ring.length ? 0 : write + 1;
    }
    this.#held += count;
    if (count > 0 && this.#state === "idle") {
      this.#state = "filling";
      this.#waited = 0;
    }
    return count;
  }

  /** Drops everything queued; what is sounding fades within `fade` samples. */
  interrupt(): void {
    if (this.#state === "playing") {
      const length = Math.min(this.#options.fade, this.#held);
      for (let at = 0; at < length; at++) this.#tail[at] = this.#take() * (1 - at / length);
      this.#tailAt = 0;
      this.#tailEnd = length;
    }
    this.#consumed += this.#held;
    this.#read = (this.#read + this.#held) % this.#ring.length;
    this.#held = 0;
    this.#state = "idle";
  }

  /** Fills the first `count` of `output` with what comes next, silence where there is nothing. */
  read(output: Float32Array, count: number = output.length): void {
    for (let at = 0; at < count; at++) output[at] = this.#next();
  }

  #next(): number {
    if (this.#tailAt < this.#tailEnd) return this.#tail[this.#tailAt++] as number;
    if (this.#state === "filling") {
      // An utterance shorter than the pre-roll waits as long as the pre-roll takes, and no longer.
      if (this.#held < this.#options.preroll && this.#waited++ < this.#options.preroll) return 0;
      this.#state = "playing";
    }
    if (this.#state === "idle") return 0;
    const sample = this.#take();
    if (this.#held === 0) this.#state = "idle";
    return sample;
  }

  #take(): number {
    const sample = (this.#ring[this.#read] as number) / 32768;
    this.#read = this.#read + 1 === this.#ring.length ? 0 : this.#read + 1;
    this.#held--;
    this.#consumed++;
    return sample;
  }
}
