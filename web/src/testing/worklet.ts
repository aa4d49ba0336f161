import { vi } from "vitest";

interface Processor {
  readonly port: { onmessage: ((event: { data: unknown }) => void) | null };
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}

/** A processor as an audio thread holds it, and what it has posted to its page. */
export interface Held {
  processor: Processor;
  posted: unknown[];
}

/** Runs a worklet's file in a scope like an audio thread's at `rate` Hz, and makes one of what it registers. */
export async function hold(rate: number, load: () => Promise<unknown>): Promise<Held> {
  const posted: unknown[] = [];
  let Registered: (new () => Processor) | undefined;
  vi.resetModules();
  vi.stubGlobal("sampleRate", rate);
  vi.stubGlobal(
    "AudioWorkletProcessor",
    class {
      readonly port = {
        onmessage: null,
        // What is posted is a copy, here as there.
        postMessage: (message: unknown) => posted.push(structuredClone(message)),
      };
    },
  );
  vi.stubGlobal("registerProcessor", (_name: string, processor: new () => Processor) => {
    Registered = processor;
  });
  await load();
  if (!Registered) throw new Error("the worklet registers nothing");
  return { processor: new Registered(), posted };
}
