import { vi } from "vitest";

/** The processor's end of its message port. What it posts is copied, as structured cloning does. */
class ProcessorPort {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly posted: unknown[] = [];
  /** Receives each message as it is posted. */
  onposted: ((message: unknown) => void) | null = null;

  postMessage(message: unknown): void {
    const copy = structuredClone(message);
    this.posted.push(copy);
    this.onposted?.(copy);
  }
}

export interface Processor {
  readonly port: ProcessorPort;
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}

/** Evaluates a worklet module in a scope like an audio thread's at `rate` Hz; returns what it registers, by name. */
export async function evaluate(
  rate: number,
  load: () => Promise<unknown>,
): Promise<Map<string, new () => Processor>> {
  const registered = new Map<string, new () => Processor>();
  vi.resetModules();
  vi.stubGlobal("sampleRate", rate);
  vi.stubGlobal(
    "AudioWorkletProcessor",
    class {
      readonly port = new ProcessorPort();
    },
  );
  vi.stubGlobal("registerProcessor", (name: string, processor: new () => Processor) => {
    registered.set(name, processor);
  });
  await load();
  return registered;
}

/** A processor as an audio thread holds it, and what it has posted to its page. */
export interface Held {
  processor: Processor;
  posted: unknown[];
}

/** Makes one instance of the only processor that a worklet module registers. */
export async function hold(rate: number, load: () => Promise<unknown>): Promise<Held> {
  const [Registered] = (await evaluate(rate, load)).values();
  if (!Registered) throw new Error("the worklet registers nothing");
  const processor = new Registered();
  return { processor, posted: processor.port.posted };
}
