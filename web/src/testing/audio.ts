import { afterEach, vi } from "vitest";
import { FakeAnalyserNode, FakeNode, FakeSourceNode, FakeWorkletNode, QUANTUM } from "./audioNodes";
import { FakeStream, FakeTrack } from "./tracks";
import { evaluate, type Processor } from "./worklet";

/**
 * A test double of Web Audio and of the microphone, as far as the page uses them. The audio worklets are the page's own
 * and really run: time passes when a test calls `render`. It refuses what a browser refuses: a node in a closed context,
 * a processor that no module registered, closing twice, a rate that the machine does not have.
 */

const MODULES: Record<string, () => Promise<unknown>> = {
  capture: () => import("../audio/capture.worklet"),
  playback: () => import("../audio/playback.worklet"),
};

// The DOM of the tests has none; the next test may want it so.
afterEach(() => {
  Reflect.deleteProperty(navigator, "mediaDevices");
});

export class FakeAudioContext {
  state: AudioContextState | "interrupted" = "suspended";
  onstatechange: (() => void) | null = null;
  readonly sampleRate: number;
  readonly processors = new Map<string, new () => Processor>();
  readonly destination: FakeNode;
  readonly analysers: FakeAnalyserNode[] = [];
  /** Everything that reached the destination. */
  readonly heard: number[] = [];
  readonly audioWorklet = { addModule: (url: string) => this.#addModule(url) };
  /** The device that it plays through; empty: the default. */
  sinkId = "";
  /** Its clock stands still, also in the state "running". */
  frozen = false;

  constructor(
    readonly machine: FakeMachine,
    { sampleRate }: { sampleRate?: number } = {},
  ) {
    if (sampleRate !== undefined && sampleRate !== machine.rate && machine.fixedRate) {
      throw new DOMException("the rate is not supported", "NotSupportedError");
    }
    if (machine.contexts.filter(({ state }) => state !== "closed").length >= machine.mostContexts) {
      throw new DOMException("too many contexts", "NotSupportedError");
    }
    this.sampleRate = machine.ownRate ? machine.rate : (sampleRate ?? machine.rate);
    if (!machine.choosable) Object.defineProperty(this, "setSinkId", { value: undefined });
    this.destination = new FakeNode(this);
    machine.contexts.push(this);
  }

  get currentTime(): number {
    return this.frozen ? 1 : performance.now() / 1000;
  }

  async setSinkId(device: string): Promise<void> {
    if (device && !this.machine.devices.some(({ deviceId }) => deviceId === device)) {
      throw new DOMException("no such device", "NotFoundError");
    }
    // As Chromium does.
    const running = this.state === "running";
    if (running) this.become("suspended");
    await Promise.resolve();
    this.sinkId = device;
    if (running) setTimeout(() => this.become("running"));
  }

  get baseLatency(): number {
    return this.machine.baseLatency;
  }

  get outputLatency(): number {
    return this.machine.outputLatency;
  }

  /** Stays unanswered while the browser waits for a click. */
  async resume(): Promise<void> {
    if (this.state === "closed" || this.machine.calling) {
      throw new DOMException("not possible in this state", "InvalidStateError");
    }
    if (this.machine.blocked) await new Promise<void>((resolve) => this.machine.waiting.push(resolve));
    this.become("running");
  }

  async close(): Promise<void> {
    if (this.state === "closed") throw new DOMException("the context is closed", "InvalidStateError");
    this.become("closed");
  }

  createMediaStreamSource(stream: FakeStream): FakeSourceNode {
    return new FakeSourceNode(this, stream);
  }

  /** Changes the state, as the browser or the system does, and says so. */
  become(state: FakeAudioContext["state"]): void {
    if (this.state === state || this.state === "closed") return;
    this.state = state;
    this.onstatechange?.();
  }

  /** Lets so many seconds pass, with messages delivered as they go. Nothing sounds unless the context runs. */
  async render(seconds: number): Promise<void> {
    for (let at = 0; at < seconds * this.sampleRate; at += QUANTUM) {
      await delivered();
      if (this.state === "running") this.heard.push(...this.destination.pull());
    }
    await delivered();
  }

  async #addModule(url: string): Promise<void> {
    if (this.machine.modulesFail-- > 0) throw new DOMException("the module can't be loaded", "AbortError");
    const load = Object.entries(MODULES).find(([name]) => url.includes(`${name}.worklet`))?.[1];
    if (!load) throw new Error(`no such module: ${url}`);
    for (const [name, processor] of await evaluate(this.sampleRate, load))
      this.processors.set(name, processor);
  }
}

/** The machine under the browser: a test changes what it is about before the page opens a device. */
export class FakeMachine {
  /** The hardware's rate, in Hz. */
  rate = 48_000;
  /** Contexts of another rate are refused. */
  fixedRate = false;
  /** The browser starts no sound before a click. */
  blocked = false;
  /** A context has the rate of the hardware, not the requested one. */
  ownRate = false;
  /** More contexts than this can't be open at once. */
  mostContexts = 4;
  /** The page may choose the loudspeaker: `setSinkId` exists. */
  choosable = true;
  /** A phone call goes on: no context can be resumed. */
  calling = false;
  /** How many of the next requests for a worklet's module fail. */
  modulesFail = 0;
  /** What is plugged in. */
  devices: Pick<MediaDeviceInfo, "kind" | "deviceId" | "label">[] = [];
  /** In seconds. */
  baseLatency = 0;
  outputLatency = 0;
  readonly contexts: FakeAudioContext[] = [];
  /** What the page asked of the microphone, each time. */
  readonly asked: MediaStreamConstraints[] = [];
  /** What a request for the microphone returns, or throws. */
  microphone: () => FakeStream = () => new FakeStream([new FakeTrack("Headset", "headset-1")]);
  readonly waiting: (() => void)[] = [];

  /** Becomes the machine of this test's page. */
  static install(): FakeMachine {
    const machine = new FakeMachine();
    vi.stubGlobal(
      "AudioContext",
      class extends FakeAudioContext {
        constructor(options?: { sampleRate?: number }) {
          super(machine, options);
        }
      },
    );
    vi.stubGlobal("AudioWorkletNode", FakeWorkletNode);
    vi.stubGlobal(
      "AnalyserNode",
      class extends FakeAnalyserNode {
        constructor(context: FakeAudioContext, options: { fftSize: number }) {
          super(context, options);
          context.analysers.push(this);
        }
      },
    );
    vi.stubGlobal("isSecureContext", true);
    const mediaDevices = Object.assign(new EventTarget(), {
      getUserMedia: async (constraints: MediaStreamConstraints) => {
        machine.asked.push(constraints);
        return machine.microphone();
      },
      enumerateDevices: async () => machine.devices,
    });
    Object.defineProperty(navigator, "mediaDevices", { configurable: true, value: mediaDevices });
    return machine;
  }

  /** The context that was opened last. */
  get context(): FakeAudioContext {
    const context = this.contexts.at(-1);
    if (!context) throw new Error("no context was opened");
    return context;
  }

  /** Devices are plugged in or out. */
  plug(...devices: FakeMachine["devices"]): void {
    this.devices = devices;
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  }

  /** A click: what waited for one goes on. */
  click(): void {
    this.blocked = false;
    for (const go of this.waiting.splice(0)) go();
  }
}

/** Resolves when the messages that were posted have arrived. */
async function delivered(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await Promise.resolve();
}
