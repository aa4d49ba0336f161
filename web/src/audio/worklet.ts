/** The global scope of an audio worklet, which TypeScript's DOM library does not declare. */
interface WorkletScope {
  /** The context's rate in Hz. */
  readonly sampleRate: number;
  readonly AudioWorkletProcessor: new () => { readonly port: MessagePort };
  registerProcessor(
    name: string,
    processor: new () => { process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean },
  ): void;
}

/** The global scope, in a module that runs as an audio worklet; not available in the page. */
export const scope = globalThis as unknown as WorkletScope;

/** Samples in one call of a processor, by the Web Audio standard. */
export const QUANTUM = 128;
