/**
 * Microphone frames on their way into a socket that may be slower than speech. Old sound is worth less than new: when
 * the network falls behind, the oldest waiting frame goes.
 */
export class Outbox {
  readonly #limit: number;
  readonly #high: number;
  #frames: ArrayBuffer[] = [];
  #dropped = 0;

  /** `limit`: the most frames that wait here; `high`: bytes in the socket's own buffer above which they wait. */
  constructor(limit: number, high: number) {
    this.#limit = limit;
    this.#high = high;
  }

  /** Frames lost to a slow network so far. */
  get dropped(): number {
    return this.#dropped;
  }

  get waiting(): number {
    return this.#frames.length;
  }

  /** Takes a frame and sends what the socket can take; `buffered` gives its backlog in bytes. */
  offer(frame: ArrayBuffer, buffered: () => number, send: (frame: ArrayBuffer) => void): void {
    this.#frames.push(frame);
    this.flush(buffered, send);
    this.#trim();
  }

  /** Takes a frame while there is no socket to send it into. */
  keep(frame: ArrayBuffer): void {
    this.#frames.push(frame);
    this.#trim();
  }

  /** Sends of what waits as much as the socket can take. */
  flush(buffered: () => number, send: (frame: ArrayBuffer) => void): void {
    while (this.#frames.length > 0 && buffered() < this.#high) send(this.#frames.shift() as ArrayBuffer);
  }

  #trim(): void {
    if (this.#frames.length <= this.#limit) return;
    this.#frames.shift();
    this.#dropped++;
  }
}
