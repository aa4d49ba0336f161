import { Backlog } from "./backlog";
import { closed, loaded, resumed, Upkeep } from "./context";
import { loudspeakers, watchDevices } from "./devices";
import { brightness, loudness, rms } from "./loudness";
import playbackUrl from "./playback.worklet.ts?worker&url";
import { PLAYBACK, type PlaybackOrder, type PlaybackReport } from "./ports";

/**
 * `suspended`: the browser plays nothing until `resume()` is called inside a click. There was no click yet, or a phone call;
 * or Safari's context says that it runs while its clock stands still.
 */
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
  /** The device that it plays through; empty: the system's default. */
  readonly device: string;
  ondevice: (() => void) | null;
  /** Whether the browser lets the page choose the device. */
  readonly choosable: boolean;
  /**
   * Plays through this device; empty: the system's default. While the device is unplugged, the default is used. Rejects with
   * the browser's own error when the device can't be used.
   */
  choose(device: string): Promise<void>;
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
  const context = await openContext();
  try {
    return new OpenSpeaker(outlet, context);
  } catch (cause) {
    closed(context);
    throw cause;
  }
}

/** A context with the worklet loaded. Rejects with the browser's own error, and leaves no context open then. */
async function openContext(): Promise<AudioContext> {
  const context = newContext();
  try {
    const running = resumed(context);
    await loaded(context, playbackUrl);
    await running;
    return context;
  } catch (cause) {
    closed(context);
    throw cause;
  }
}

/** `setSinkId`, which Safari and Firefox don't have. It also moves Chromium's echo cancellation to the new device. */
type Routed = AudioContext & { setSinkId?: (device: string) => Promise<void> };

/** At the voice's own rate, so that the system resamples; where the browser has another rate, the worklet resamples. */
function newContext(): AudioContext {
  try {
    return new AudioContext({ sampleRate: PLAYBACK.rate, latencyHint: "interactive" });
  } catch {
    return new AudioContext({ latencyHint: "interactive" });
  }
}

class OpenSpeaker implements Speaker {
  onDrained: (() => void) | null = null;
  onstate: ((state: SpeakerState) => void) | null = null;
  ondevice: (() => void) | null = null;
  readonly #outlet: Outlet;
  readonly #unwatch: () => void;
  #context: Routed;
  #upkeep: Upkeep;
  #node: AudioWorkletNode;
  #analyser: AnalyserNode;
  #wave = new Float32Array(0);
  #bins = new Uint8Array(0);
  #backlog = new Backlog(PLAYBACK.capacity);
  /** What was queued in contexts before this one, in samples. */
  #before = 0;
  #drain: ReturnType<typeof setTimeout> | undefined;
  #device = "";
  /** What the candidate chose, plugged in or not. */
  #chosen = "";
  /** On the way to another device, when a context is suspended for a moment. */
  #moving = false;

  constructor(outlet: Outlet, context: AudioContext) {
    this.#outlet = outlet;
    [this.#context, this.#node, this.#analyser, this.#upkeep] = this.#connect(context);
    this.#unwatch = watchDevices(() => void this.#devicesChanged());
  }

  get received(): number {
    return (this.#before + this.#backlog.pushed) / PLAYBACK.rate;
  }

  get position(): number {
    return (this.#before + this.#backlog.consumed) / PLAYBACK.rate;
  }

  get idle(): boolean {
    return this.#backlog.waiting === 0;
  }

  get state(): SpeakerState {
    const state: string = this.#context.state;
    if (state === "closed") return state;
    return this.#moving || (state === "running" && !this.#upkeep.frozen) ? "running" : "suspended";
  }

  get device(): string {
    return this.#device;
  }

  get choosable(): boolean {
    return this.#context.setSinkId !== undefined;
  }

  async choose(device: string): Promise<void> {
    await this.#route(device);
    this.#chosen = device;
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

  async resume(): Promise<void> {
    if (this.#upkeep.frozen) await this.#replace();
    else await resumed(this.#context);
  }

  close(): void {
    this.onDrained = this.onstate = this.ondevice = null;
    this.#unwatch();
    this.#disconnect();
  }

  #connect(context: AudioContext): [AudioContext, AudioWorkletNode, AnalyserNode, Upkeep] {
    const node = new AudioWorkletNode(context, PLAYBACK.name, {
      numberOfInputs: 0,
      numberOfOutputs: 1,
      outputChannelCount: [1],
    });
    node.port.onmessage = (event: MessageEvent<PlaybackReport>) => this.#reported(event.data);
    const analyser = new AnalyserNode(context, { fftSize: 1024, smoothingTimeConstant: 0.5 });
    this.#wave = new Float32Array(analyser.fftSize);
    this.#bins = new Uint8Array(analyser.frequencyBinCount);
    node.connect(analyser).connect(this.#outlet(context));
    return [context, node, analyser, new Upkeep(context, () => this.onstate?.(this.state))];
  }

  #disconnect(): void {
    clearTimeout(this.#drain);
    this.#upkeep.stop();
    this.#node.port.onmessage = null;
    closed(this.#context);
  }

  /** Goes on in another context. What was queued in this one is dropped, and counts as played. */
  async #replace(): Promise<void> {
    const context = await openContext();
    if (this.state === "closed") return closed(context);
    this.#disconnect();
    const dropped = !this.idle;
    this.#before += this.#backlog.pushed;
    this.#backlog = new Backlog(PLAYBACK.capacity);
    [this.#context, this.#node, this.#analyser, this.#upkeep] = this.#connect(context);
    if (this.#device) await this.#route(this.#device).catch(() => undefined);
    this.onstate?.(this.state);
    if (dropped) this.onDrained?.();
  }

  async #route(device: string): Promise<void> {
    const running = this.state === "running";
    this.#moving = running;
    try {
      await this.#context.setSinkId?.(device);
      this.#device = device;
      // Chromium suspends the context for that, and lets it run again a moment later.
      if (running) await resumed(this.#context);
    } finally {
      this.#moving = false;
      this.onstate?.(this.state);
    }
    this.ondevice?.();
  }

  /** Chromium stops a context whose chosen device is unplugged, and leaves the rest to the page. */
  async #devicesChanged(): Promise<void> {
    if (!this.#chosen) return;
    const plugged = (await loudspeakers()).some(({ id }) => id === this.#chosen);
    if (this.state === "closed" || plugged === (this.#device === this.#chosen)) return;
    await this.#route(plugged ? this.#chosen : "").catch(() => undefined);
    await resumed(this.#context);
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
