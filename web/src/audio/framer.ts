import { rms } from "./loudness";
import { toSample } from "./pcm";

/** Cuts a stream of samples into PCM16 frames of one length. */
export class Framer {
  readonly #samples: Float32Array;
  readonly #emit: (pcm: ArrayBuffer, amplitude: number) => void;
  #filled = 0;

  /** `emit` receives each full frame, which it may transfer, and the frame's root mean square. */
  constructor(length: number, emit: (pcm: ArrayBuffer, amplitude: number) => void) {
    this.#samples = new Float32Array(length);
    this.#emit = emit;
  }

  /** Takes the first `count` of `samples`. */
  push(samples: Float32Array, count: number = samples.length): void {
    for (let at = 0; at < count; at++) {
      this.#samples[this.#filled++] = samples[at] as number;
      if (this.#filled === this.#samples.length) this.#flush();
    }
  }

  #flush(): void {
    this.#filled = 0;
    // The only allocation for a frame; it is transferred to the page.
    const frame = new DataView(new ArrayBuffer(this.#samples.length * 2));
    for (let at = 0; at < this.#samples.length; at++) {
      frame.setInt16(at * 2, toSample(this.#samples[at] as number), true);
    }
    this.#emit(frame.buffer as ArrayBuffer, rms(this.#samples));
  }
}
