import captureUrl from "./capture.worklet.ts?worker&url";
import { closed, resumed } from "./context";
import { loudness } from "./loudness";
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
  /** Receives each frame (1,280 bytes); while muted, frames of silence. */
  onframe: ((pcm: ArrayBuffer) => void) | null;
  /** The device is gone: it was unplugged, or the system withdrew it. */
  onended: (() => void) | null;
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

/** The fault behind what the browser threw. */
export function microphoneError(cause: unknown): MicrophoneError {
  if (cause instanceof MicrophoneError) return cause;
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : "";
  return new MicrophoneError(FAULTS[name] ?? "failed", cause);
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
  // Before the first await, while this still counts as inside the click. At the hardware's own rate, because Firefox
  // does not connect a microphone to a context of another rate.
  const context = new AudioContext({ latencyHint: "interactive" });
  const running = resumed(context);
  let stream: MediaStream | undefined;
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: {
        echoCancellation: true,
        noiseSuppression: true,
        autoGainControl: true,
        ...(deviceId ? { deviceId: { exact: deviceId } } : {}),
      },
    });
    await context.audioWorklet.addModule(captureUrl);
    await running;
    await resumed(context);
    const [track] = stream.getAudioTracks();
    if (!track) throw new MicrophoneError("missing");
    return new OpenMicrophone(context, stream, track);
  } catch (cause) {
    for (const track of stream?.getTracks() ?? []) track.stop();
    closed(context);
    throw microphoneError(cause);
  }
}

class OpenMicrophone implements Microphone {
  readonly label: string;
  readonly deviceId: string;
  onframe: ((pcm: ArrayBuffer) => void) | null = null;
  onended: (() => void) | null = null;
  readonly #context: AudioContext;
  readonly #track: MediaStreamTrack;
  readonly #node: AudioWorkletNode;
  readonly #wake: () => void;
  #amplitude = 0;
  #muted = false;

  constructor(context: AudioContext, stream: MediaStream, track: MediaStreamTrack) {
    this.#context = context;
    this.#track = track;
    this.label = track.label;
    this.deviceId = track.getSettings().deviceId ?? "";
    this.#node = new AudioWorkletNode(context, CAPTURE.name, { numberOfInputs: 1, numberOfOutputs: 1 });
    this.#node.port.onmessage = (event: MessageEvent<Captured>) => this.#captured(event.data);
    // It outputs silence; it is connected because browsers run only nodes that lead to the destination.
    context.createMediaStreamSource(stream).connect(this.#node).connect(context.destination);
    track.onended = () => this.onended?.();
    this.#wake = () => {
      if (document.visibilityState === "visible") void this.resume();
    };
    document.addEventListener("visibilitychange", this.#wake);
  }

  get muted(): boolean {
    return this.#muted;
  }

  set muted(on: boolean) {
    this.#muted = on;
    this.#track.enabled = !on;
    if (on) this.#amplitude = 0;
  }

  level(): number {
    return loudness(this.#amplitude);
  }

  resume(): Promise<void> {
    return resumed(this.#context);
  }

  stop(): void {
    this.onframe = null;
    this.onended = null;
    this.#track.onended = null;
    this.#node.port.onmessage = null;
    this.#track.stop();
    document.removeEventListener("visibilitychange", this.#wake);
    closed(this.#context);
  }

  #captured({ pcm, amplitude }: Captured): void {
    // The track is off while muted, but a frame from before may still be on its way.
    if (this.#muted) new Uint8Array(pcm).fill(0);
    else this.#amplitude = Math.max(amplitude, this.#amplitude * 0.7);
    this.onframe?.(pcm);
  }
}
