import { Framer } from "./framer";
import { CAPTURE, type Captured } from "./ports";
import { Resampler } from "./resampler";
import { QUANTUM, scope } from "./worklet";

/** Microphone at the context's rate in; frames of 40 ms at 16 kHz out. */
class Capture extends scope.AudioWorkletProcessor {
  readonly #resampler = new Resampler(scope.sampleRate, CAPTURE.rate);
  readonly #resampled = new Float32Array(this.#resampler.ready(QUANTUM));
  readonly #mono = new Float32Array(QUANTUM);
  readonly #framer = new Framer(CAPTURE.frame, (pcm, amplitude) => {
    const captured: Captured = { pcm, amplitude };
    this.port.postMessage(captured, [pcm]);
  });

  process(inputs: Float32Array[][]): boolean {
    // A paused source sends no channels: that counts as silence.
    const channels = inputs[0] ?? [];
    this.#mono.fill(0);
    for (const channel of channels) {
      for (let at = 0; at < QUANTUM; at++) {
        this.#mono[at] = (this.#mono[at] as number) + (channel[at] as number) / channels.length;
      }
    }
    this.#framer.push(this.#resampled, this.#resampler.process(this.#mono, this.#resampled));
    return true;
  }
}

scope.registerProcessor(CAPTURE.name, Capture);
