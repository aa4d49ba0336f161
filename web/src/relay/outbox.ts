/**
 * A queue of microphone frames before a socket that may be slower than speech. When the network falls behind, the oldest
 * frame is dropped: new audio matters more than old.
 */
export class Outbox {
  readonly #limit: number;
  readonly #high: number;
  #frames: ArrayBuffer[] = [];
  #dropped = 0;

  /** `limit`: the most frames in the queue; `high`: bytes in the socket's own buffer above which frames wait here. */
  constructor(limit: number, high: number) {
    this.#limit = limit;
    this.#high = high;
  }

  /** Frames dropped so far. */
  get dropped(): number {
    return this.#dropped;
  }

  get waiting(): number {
    return this.#frames.length;
  }

  /** Adds a frame and sends what the socket can take; `buffered` returns the bytes in its buffer. */
  offer(frame: ArrayBuffer, buffered: () => number, send: (frame: ArrayBuffer) => void): void {
    this.#frames.push(frame);
    this.flush(buffered, send);
    this.#trim();
  }

  /** Adds a frame while there is no connection. */
  keep(frame: ArrayBuffer): void {
    this.#frames.push(frame);
    this.#trim();
  }

  /** Sends as many frames as the socket can take. */
  flush(buffered: () => number, send: (frame: ArrayBuffer) => void): void {
    while (this.#frames.length > 0 && buffered() < this.#high) send(this.#frames.shift() as ArrayBuffer);
  }

  #trim(): void {
    if (this.#frames.length <= this.#limit) return;
    this.#frames.shift();
    this.#dropped++;
  }
}
