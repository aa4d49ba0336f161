/**
 * A change of sample rate that goes on from block to block: a windowed sinc, kept as a table of phases.
 *
 * Everything above 15/16 of the lower Nyquist frequency fades out and is gone (-80 dB) at that frequency, so nothing
 * folds back. How the input is cut into blocks makes no difference to the output.
 */

/** Zero crossings of the sinc on each side, counted at the lower of the two rates. */
const CROSSINGS = 40;
/** Middle of the transition band, as a part of the lower Nyquist frequency. */
const CUTOFF = 15 / 16;
/** Kaiser's parameter for 80 dB in the stop band. */
const BETA = 7.857;
/** More phases than this are not kept: between two kept ones the weights are interpolated. */
const MAX_PHASES = 512;
/** Input that is held at once, beyond what the filter spans. */
const ROOM = 4096;

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The modified Bessel function of the first kind, order zero: the Kaiser window is made of it. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function weight(distance: number, half: number, cutoff: number): number {
  const edge = distance / half;
  if (Math.abs(edge) >= 1) return 0;
  const angle = Math.PI * cutoff * distance;
  const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
  return sinc * bessel(BETA * Math.sqrt(1 - edge * edge));
}

/** One row of weights a phase, and one more for interpolating past the last. Each row sums to 1. */
function table(phases: number, half: number, cutoff: number): Float32Array {
  const taps = 2 * half;
  const weights = new Float32Array((phases + 1) * taps);
  for (let phase = 0; phase <= phases; phase++) {
    const row = Array.from({ length: taps }, (_, tap) =>
      weight(tap - half + 1 - phase / phases, half, cutoff),
    );
    const sum = row.reduce((total, each) => total + each, 0);
    weights.set(
      row.map((each) => each / sum),
      phase * taps,
    );
  }
  return weights;
}

export class Resampler {
  readonly #half: number;
  readonly #taps: number;
  readonly #phases: number;
  readonly #weights: Float32Array;
  /** An output is `#step / #scale` input samples after the one before. */
  readonly #step: number;
  readonly #scale: number;
  readonly #held: Float32Array;
  #filled: number;
  /** The next output lies `#phase / #scale` after the held sample `#base`. */
  #base: number;
  #phase = 0;

  /** `from` and `to` in Hz, both positive; fractions of a hertz are dropped. */
  constructor(from: number, to: number) {
    const source = Math.round(from);
    const target = Math.round(to);
    if (!(source > 0 && target > 0)) throw new RangeError(`no such sample rates: ${from} to ${to}`);
    const common = greatestCommonDivisor(source, target);
    const lower = Math.min(source, target);
    this.#step = source / common;
    this.#scale = target / common;
    this.#phases = Math.min(this.#scale, MAX_PHASES);
    // Equal rates need no filter: one weight of 1.
    this.#half = source === target ? 1 : Math.ceil((CROSSINGS * source) / lower);
    this.#taps = 2 * this.#half;
    this.#weights =
      source === target
        ? Float32Array.of(1, 0, 0, 1)
        : table(this.#phases, this.#half, (CUTOFF * lower) / source);
    this.#held = new Float32Array(this.#taps + ROOM);
    this.#base = this.#half - 1;
    this.#filled = this.#base;
  }

  /** How many more input samples it takes before `outputs` samples can be read. */
  needed(outputs: number): number {
    if (outputs <= 0) return 0;
    const last = this.#base + Math.floor((this.#phase + (outputs - 1) * this.#step) / this.#scale);
    return Math.max(0, last + this.#half + 1 - this.#filled);
  }

  /** The most samples that `inputs` more can give. */
  ready(inputs: number): number {
    return Math.ceil(((inputs + this.#taps) * this.#scale) / this.#step) + 1;
  }

  /** Takes in the first `count` of `input`, writes what is ready and fits into `output`; returns how many that were. */
  process(input: Float32Array, output: Float32Array, count: number = input.length): number {
    let taken = 0;
    let written = 0;
    do {
      this.#discard();
      const part = Math.min(count - taken, this.#held.length - this.#filled);
      if (part === 0 && taken < count) throw new RangeError("the output is too small for the input");
      for (let at = 0; at < part; at++) this.#held[this.#filled++] = input[taken++] as number;
      written = this.#read(output, written);
    } while (taken < count);
    return written;
  }

  /** Drops what no later output looks back to. */
  #discard(): void {
    const first = Math.min(this.#base - this.#half + 1, this.#filled);
    if (first <= 0) return;
    this.#held.copyWithin(0, first, this.#filled);
    this.#filled -= first;
    this.#base -= first;
  }

  #read(output: Float32Array, start: number): number {
    let at = start;
    while (at < output.length && this.#base + this.#half < this.#filled) {
      output[at++] = this.#sample();
      this.#phase += this.#step;
      this.#base += Math.floor(this.#phase / this.#scale);
      this.#phase %= this.#scale;
    }
    return at;
  }

  #sample(): number {
    const position = (this.#phase * this.#phases) / this.#scale;
    const row = Math.floor(position);
    const near = this.#dot(row);
    return position === row ? near : near + (position - row) * (this.#dot(row + 1) - near);
  }

  #dot(row: number): number {
    const held = this.#held;
    const weights = this.#weights;
    const first = this.#base - this.#half + 1;
    const offset = row * this.#taps;
    let sum = 0;
    for (let tap = 0; tap < this.#taps; tap++) {
      sum += (held[first + tap] as number) * (weights[offset + tap] as number);
    }
    return sum;
  }
}
