import type { FakeStream } from "./tracks";
import type { Processor } from "./worklet";

/** Samples per call of a processor, by the Web Audio standard. */
export const QUANTUM = 128;

/** What a node needs of its context. */
export interface NodeContext {
  readonly state: string;
  readonly processors: ReadonlyMap<string, new () => Processor>;
}

export class FakeNode {
  readonly inputs: FakeNode[] = [];

  constructor(readonly context: NodeContext) {
    if (context.state === "closed") throw new DOMException("the context is closed", "InvalidStateError");
  }

  connect<T extends FakeNode>(target: T): T {
    if (target.context !== this.context) throw new DOMException("another context", "InvalidAccessError");
    target.inputs.push(this);
    return target;
  }

  /** The next quantum of sound. */
  pull(): Float32Array {
    const sum = new Float32Array(QUANTUM);
    for (const input of this.inputs) {
      for (const [at, sample] of input.pull().entries()) sum[at] = (sum[at] ?? 0) + sample;
    }
    return sum;
  }
}

export class FakeSourceNode extends FakeNode {
  constructor(
    context: NodeContext,
    readonly stream: FakeStream,
  ) {
    super(context);
    if (stream.getAudioTracks().length === 0) throw new DOMException("no audio track", "InvalidStateError");
  }

  override pull(): Float32Array {
    const [track] = this.stream.getAudioTracks();
    return new Float32Array(QUANTUM).fill(track?.sample ?? 0);
  }
}

export class FakeAnalyserNode extends FakeNode {
  readonly fftSize: number;
  #recent: number[] = [];
  /** Byte levels that `getByteFrequencyData` returns; a test sets them. */
  bins: number[] = [];

  constructor(context: NodeContext, options: { fftSize: number }) {
    super(context);
    this.fftSize = options.fftSize;
  }

  get frequencyBinCount(): number {
    return this.fftSize / 2;
  }

  override pull(): Float32Array {
    const samples = super.pull();
    this.#recent = [...this.#recent, ...samples].slice(-this.fftSize);
    return samples;
  }

  getFloatTimeDomainData(into: Float32Array): void {
    into.fill(0);
    into.set(this.#recent);
  }

  getByteFrequencyData(into: Uint8Array): void {
    into.fill(0);
    into.set(this.bins.slice(0, into.length));
  }
}

/** The page's end of a processor's port: messages are copied or transferred, and arrive later, in order. */
class FakePort {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly #processor: Processor;

  constructor(processor: Processor) {
    this.#processor = processor;
    processor.port.onposted = (data) => queueMicrotask(() => this.onmessage?.({ data }));
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    const data = structuredClone(message, { transfer });
    queueMicrotask(() => this.#processor.port.onmessage?.({ data }));
  }
}

export class FakeWorkletNode extends FakeNode {
  readonly port: FakePort;
  readonly #processor: Processor;
  readonly #options: { numberOfInputs?: number };

  constructor(context: NodeContext, name: string, options: { numberOfInputs?: number } = {}) {
    super(context);
    const Registered = context.processors.get(name);
    if (!Registered) throw new DOMException(`no processor is registered as ${name}`, "InvalidStateError");
    this.#options = options;
    this.#processor = new Registered();
    this.port = new FakePort(this.#processor);
  }

  override pull(): Float32Array {
    const output = new Float32Array(QUANTUM);
    const inputs = this.#options.numberOfInputs === 0 ? [] : [[super.pull()]];
    this.#processor.process(inputs, [[output]]);
    return output;
  }
}
