import { Backlog } from "./backlog";
import { closed, resumed } from "./context";
import { brightness, loudness, rms } from "./loudness";
import playbackUrl from "./playback.worklet.ts?worker&url";
import { PLAYBACK, type PlaybackOrder, type PlaybackReport } from "./ports";

/** `suspended`: the browser plays nothing (no click yet, a phone call) until `resume()` is called inside a click. */
export type SpeakerState = "running" | "suspended" | "closed";

/** Plays the interviewer's voice. Times are seconds of voice since the speaker was opened. */
export interface Speaker {
  /** Queues PCM16 mono at 24 kHz and transfers its buffer. `false`: it was dropped, as two minutes are queued already. */
  push(pcm: ArrayBuffer): boolean;
  /** Stops at once and drops what is queued. */
  interrupt(): void;
  /** How much voice has been queued. */
  readonly received: number;
  /** How much of it has been played or dropped. */
  readonly position: number;
  /** Nothing is queued. */
  readonly idle: boolean;
  /** The queue is empty and its last sample has left the loudspeaker. */
  onDrained: (() => void) | null;
  /** How loud it sounds now, from 0 (silence) to 1. */
  level(): number;
  /** From 0, a dark sound ("oo"), to 1, a bright one ("ss"). */
  brightness(): number;
  readonly state: SpeakerState;
  onstate: ((state: SpeakerState) => void) | null;
  /** Starts or resumes the sound. Call it inside a click. */
  resume(): Promise<void>;
  close(): void;
}

/** Where a speaker's sound goes. */
export type Outlet = (context: AudioContext) => AudioNode;

/**
 * Opens the loudspeaker, or another outlet. Call it inside a click. Rejects with the browser's own error when there is
 * no sound.
 */
export async function openSpeaker(outlet: Outlet = ({ destination }) => destination): Promise<Speaker> {
  const context = openContext();
  try {
    const running = resumed(context);
    await context.audioWorklet.addModule(playbackUrl);
    await running;
    return new OpenSpeaker(context, outlet(context));
  } catch (cause) {
    closed(context);
    throw cause;
  }
}

/** At the voice's own rate, so that the system resamples; where the browser refuses that rate, the worklet resamples. */
function openContext(): AudioContext {
  try {
    return new AudioContext({ sampleRate: PLAYBACK.rate, latencyHint: "interactive" });
  } catch {
    return new AudioContext({ latencyHint: "interactive" });
  }
}

class OpenSpeaker implements Speaker {
  onDrained: (() => void) | null = null;
  onstate: ((state: SpeakerState) => void) | null = null;
  readonly #context: AudioContext;
  readonly #node: AudioWorkletNode;
  readonly #analyser: AnalyserNode;
  readonly #wave: Float32Array<ArrayBuffer>;
  readonly #bins: Uint8Array<ArrayBuffer>;
  readonly #backlog = new Backlog(PLAYBACK.capacity);
  #drain: ReturnType<typeof setTimeout> | undefined;

  constructor(context: AudioContext, outlet: AudioNode) {
    this.#context = context;
    this.#node = new AudioWorkletNode(context, PLAYBACK.name, {
      numberOfInputs: 0,
      numberOfOutputs: 1,
      outputChannelCount: [1],
    });
    this.#node.port.onmessage = (event: MessageEvent<PlaybackReport>) => this.#reported(event.data);
    this.#analyser = new AnalyserNode(context, { fftSize: 1024, smoothingTimeConstant: 0.5 });
    this.#wave = new Float32Array(this.#analyser.fftSize);
    this.#bins = new Uint8Array(this.#analyser.frequencyBinCount);
    this.#node.connect(this.#analyser).connect(outlet);
    context.onstatechange = () => this.onstate?.(this.state);
  }

  get received(): number {
    return this.#backlog.pushed / PLAYBACK.rate;
  }

  get position(): number {
    return this.#backlog.consumed / PLAYBACK.rate;
  }

  get idle(): boolean {
    return this.#backlog.waiting === 0;
  }

  get state(): SpeakerState {
    const state: string = this.#context.state;
    // iOS has one more state, "interrupted", during a phone call.
    return state === "running" || state === "closed" ? state : "suspended";
  }

  push(pcm: ArrayBuffer): boolean {
    if (this.state === "closed" || !this.#backlog.push(pcm.byteLength >> 1)) return false;
    this.#order(pcm, [pcm]);
    return true;
  }

  interrupt(): void {
    this.#order(null, []);
  }

  level(): number {
    this.#analyser.getFloatTimeDomainData(this.#wave);
    return loudness(rms(this.#wave));
  }

  brightness(): number {
    this.#analyser.getByteFrequencyData(this.#bins);
    return brightness(this.#bins, this.#context.sampleRate / this.#analyser.fftSize);
  }

  resume(): Promise<void> {
    return resumed(this.#context);
  }

  close(): void {
    clearTimeout(this.#drain);
    this.onDrained = null;
    this.onstate = null;
    this.#context.onstatechange = null;
    this.#node.port.onmessage = null;
    closed(this.#context);
  }

  #order(order: PlaybackOrder, transfer: Transferable[]): void {
    this.#node.port.postMessage(order, transfer);
  }

  #reported({ consumed }: PlaybackReport): void {
    if (!this.#backlog.report(consumed)) return;
    clearTimeout(this.#drain);
    // The device has its own delay: Bluetooth adds up to a fifth of a second.
    const latency = (this.#context.baseLatency || 0) + (this.#context.outputLatency || 0);
    this.#drain = setTimeout(() => {
      if (this.idle) this.onDrained?.();
    }, latency * 1000);
  }
}
