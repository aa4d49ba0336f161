import { Playback } from "./playback";
import { PLAYBACK, type PlaybackOrder, type PlaybackReport } from "./ports";
import { Resampler } from "./resampler";
import { QUANTUM, scope } from "./worklet";

/** Milliseconds as samples of the voice. */
const ms = (milliseconds: number): number => (PLAYBACK.rate * milliseconds) / 1000;

/** Plays the interviewer's voice at the context's rate. Reports its progress 25 times a second, and when it runs empty. */
class Voice extends scope.AudioWorkletProcessor {
  readonly #playback = new Playback({
    capacity: PLAYBACK.capacity + PLAYBACK.rate,
    preroll: ms(80),
    fade: ms(5),
  });
  readonly #resampler = new Resampler(PLAYBACK.rate, scope.sampleRate);
  readonly #source = new Float32Array(
    Math.ceil((QUANTUM * PLAYBACK.rate) / scope.sampleRate) + this.#resampler.needed(1),
  );
  readonly #report: PlaybackReport = { consumed: 0, idle: true };
  #sinceReport = 0;

  constructor() {
    super();
    this.port.onmessage = (event: MessageEvent<PlaybackOrder>) => {
      if (event.data === null) this.#playback.interrupt();
      else this.#playback.push(event.data);
    };
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const [first, ...others] = outputs[0] ?? [];
    if (first === undefined) return true;
    const count = this.#resampler.needed(first.length);
    this.#playback.read(this.#source, count);
    this.#resampler.process(this.#source, first, count);
    for (const other of others) other.set(first);
    this.#reportProgress();
    return true;
  }

  #reportProgress(): void {
    const idle = this.#playback.state === "idle";
    this.#sinceReport += QUANTUM;
    const due =
      this.#sinceReport >= scope.sampleRate / 25 && this.#playback.consumed !== this.#report.consumed;
    if (idle === this.#report.idle && !due) return;
    this.#sinceReport = 0;
    this.#report.consumed = this.#playback.consumed;
    this.#report.idle = idle;
    this.port.postMessage(this.#report);
  }
}

scope.registerProcessor(PLAYBACK.name, Voice);
