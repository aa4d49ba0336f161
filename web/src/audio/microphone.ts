import captureUrl from "./capture.worklet.ts?worker&url";
import { closed, loaded, resumed, Upkeep } from "./context";
import { FLAT, loudness } from "./loudness";
import { CAPTURE, type Captured } from "./ports";

/**
 * Why there is no microphone. `refused`: by the person or by a policy. `missing`: there is none. `busy`: another program
 * uses it. `insecure`: the page is not on https or localhost. `unsupported`: the browser can't record. `failed`: any
 * other reason.
 */
export type MicrophoneFault = "refused" | "missing" | "busy" | "insecure" | "unsupported" | "failed";

export class MicrophoneError extends Error {
  override readonly name = "MicrophoneError";
  readonly kind: MicrophoneFault;

  constructor(kind: MicrophoneFault, cause?: unknown) {
    super(`no microphone: ${kind}`, { cause });
    this.kind = kind;
  }
}

/** An open microphone: PCM16 mono at 16 kHz, a frame every 40 ms, for as long as it is open. */
export interface Microphone {
  readonly label: string;
  readonly deviceId: string;
  /** How loud it is now, from 0 (silence) to 1 (loud speech); 0 while muted. */
  level(): number;
  /** When the last frame came that was not flat (`performance.now()`); at first, and after `muted`, the time of that. */
  readonly lastSound: number;
  /** The system or a key of the device withholds the sound: the track's own `muted`. */
  readonly withheld: boolean;
  /** Receives each frame (1,280 bytes); while muted, frames of silence. */
  onframe: ((pcm: ArrayBuffer) => void) | null;
  /** The device is gone: it was unplugged, or the system withdrew it. */
  onended: (() => void) | null;
  /** By the candidate. */
  muted: boolean;
  /** Resumes after the system has suspended the sound. Call it inside a click. */
  resume(): Promise<void>;
  /** Closes the device. No callback is called after that. */
  stop(): void;
}

const FAULTS: Record<string, MicrophoneFault> = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** After an interruption, so long without a sound means that the device must be opened again. In milliseconds. */
const REVIVE_MS = 2000;

/** The fault behind what the browser threw. In Safari an OverconstrainedError is no Error and no DOMException. */
export function microphoneError(cause: unknown): MicrophoneError {
  if (cause instanceof MicrophoneError) return cause;
  const named = typeof cause === "object" && cause !== null && "name" in cause ? cause.name : "";
  return new MicrophoneError(FAULTS[String(named)] ?? "failed", cause);
}

/**
 * Asks for the microphone and starts recording. Call it inside a click. Without `deviceId` the browser chooses the
 * device. Rejects with `MicrophoneError`.
 */
export async function openMicrophone(deviceId?: string): Promise<Microphone> {
  if (!window.isSecureContext) throw new MicrophoneError("insecure");
  if (!navigator.mediaDevices || typeof AudioWorkletNode === "undefined") {
    throw new MicrophoneError("unsupported");
  }
  return new OpenMicrophone(await record(deviceId));
}

/** A device, and the context that its sound arrives in. */
interface Recording {
  context: AudioContext;
  stream: MediaStream;
  track: MediaStreamTrack;
}

/**
 * The processing is asked for, not demanded: Safari knows no `noiseSuppression`, and a demand that can't be met is an
 * OverconstrainedError. No sample rate is asked for: Firefox does not connect a microphone to a context of another rate, and
 * a Bluetooth headset has 16 kHz (chrisguttandin/standardized-audio-context issue 956); the worklet resamples.
 */
async function record(deviceId?: string): Promise<Recording> {
  let context: AudioContext | undefined;
  let stream: MediaStream | undefined;
  try {
    // Before the first await, while this still counts as inside the click.
    context = new AudioContext({ latencyHint: "interactive" });
    const running = resumed(context);
    stream = await navigator.mediaDevices.getUserMedia({
      audio: {
        echoCancellation: true,
        noiseSuppression: true,
        autoGainControl: true,
        ...(deviceId ? { deviceId: { exact: deviceId } } : {}),
      },
    });
    await loaded(context, captureUrl).catch((cause: unknown) => {
      throw new MicrophoneError("failed", cause);
    });
    await running;
    await resumed(context);
    const [track] = stream.getAudioTracks();
    if (!track) throw new MicrophoneError("missing");
    return { context, stream, track };
  } catch (cause) {
    for (const track of stream?.getTracks() ?? []) track.stop();
    if (context) closed(context);
    throw microphoneError(cause);
  }
}

class OpenMicrophone implements Microphone {
  onframe: ((pcm: ArrayBuffer) => void) | null = null;
  onended: (() => void) | null = null;
  #recording: Recording;
  #disconnect: () => void;
  #amplitude = 0;
  #muted = false;
  #stopped = false;
  #lastSound = performance.now();
  #revival: ReturnType<typeof setTimeout> | undefined;

  constructor(recording: Recording) {
    this.#recording = recording;
    this.#disconnect = this.#connect();
    document.addEventListener("visibilitychange", this.#woken);
  }

  get label(): string {
    return this.#recording.track.label;
  }

  get deviceId(): string {
    return this.#recording.track.getSettings().deviceId ?? "";
  }

  get lastSound(): number {
    return this.#lastSound;
  }

  get withheld(): boolean {
    return this.#recording.track.muted;
  }

  get muted(): boolean {
    return this.#muted;
  }

  set muted(on: boolean) {
    this.#muted = on;
    this.#recording.track.enabled = !on;
    this.#lastSound = performance.now();
    if (on) this.#amplitude = 0;
  }

  level(): number {
    return loudness(this.#amplitude);
  }

  resume(): Promise<void> {
    return resumed(this.#recording.context);
  }

  stop(): void {
    this.#stopped = true;
    this.onframe = null;
    this.onended = null;
    clearTimeout(this.#revival);
    document.removeEventListener("visibilitychange", this.#woken);
    this.#disconnect();
  }

  /** Connects the recording; returns a function that closes it. */
  #connect(): () => void {
    const { context, stream, track } = this.#recording;
    const node = new AudioWorkletNode(context, CAPTURE.name, { numberOfInputs: 1, numberOfOutputs: 1 });
    node.port.onmessage = (event: MessageEvent<Captured>) => this.#captured(event.data);
    // It outputs silence; it is connected because browsers run only nodes that lead to the destination.
    context.createMediaStreamSource(stream).connect(node).connect(context.destination);
    track.enabled = !this.#muted;
    track.onended = () => this.onended?.();
    track.onunmute = this.#woken;
    const upkeep = new Upkeep(context, () => {
      if (context.state === "running") this.#woken();
    });
    return () => {
      upkeep.stop();
      node.port.onmessage = null;
      track.onended = track.onunmute = null;
      track.stop();
      closed(context);
    };
  }

  /**
   * An interruption may be over. On iOS the track can then be live and unmuted and send nothing (100mslive/web-sdks pull
   * 3728, twilio/twilio-video.js issue 1206), or the context's clock stands still: if no sound comes, opens the device again.
   */
  readonly #woken = (): void => {
    clearTimeout(this.#revival);
    const woken = performance.now();
    this.#revival = setTimeout(() => {
      const expected = document.visibilityState === "visible" && !this.#muted && !this.withheld;
      if (expected && this.#lastSound <= woken) void this.#revive();
    }, REVIVE_MS);
  };

  async #revive(): Promise<void> {
    try {
      const recording = await record(this.deviceId);
      this.#disconnect();
      this.#recording = recording;
      this.#disconnect = this.#connect();
      if (this.#stopped) this.#disconnect();
    } catch {
      // The one before stays open; if it sends nothing, the candidate is told.
    }
  }

  #captured({ pcm, amplitude }: Captured): void {
    // The track is off while muted, but a frame from before may still be on its way.
    if (this.#muted) new Uint8Array(pcm).fill(0);
    else {
      this.#amplitude = Math.max(amplitude, this.#amplitude * 0.7);
      if (amplitude > FLAT) this.#lastSound = performance.now();
    }
    this.onframe?.(pcm);
  }
}
