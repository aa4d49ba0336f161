import type { RoomAddress } from "./room";

/** The result of asking for another conversation. */
export type Renewal =
  | { address: RoomAddress }
  /** There is none: why, for the candidate, and whether asking again may help. */
  | { address: null; message: string; retryable: boolean };

export interface AvatarConversationOptions {
  /** The room of the present conversation; `null`: there is none yet. */
  address: RoomAddress | null;
  /** Asks the server for another one. */
  renew: () => Promise<Renewal>;
  /** A room that we left this long ago may be closed; in milliseconds. */
  left: number;
}

/** The conversation that the replica takes part in: whether it may still be open, and how to get another one. */
export class AvatarConversation {
  readonly #options: AvatarConversationOptions;
  #address: RoomAddress | null;
  #ended = false;
  /** When its room was left, by a clock that runs on while the machine sleeps; `null`: never. */
  #leftAt: number | null = null;
  /** The request for another one that is under way. */
  #renewing: Promise<Renewal> | null = null;

  constructor(options: AvatarConversationOptions) {
    this.#options = options;
    this.#address = options.address;
  }

  get address(): RoomAddress | null {
    return this.#address;
  }

  /** Whether its room may still be joined. */
  get open(): boolean {
    const closed = this.#leftAt !== null && Date.now() - this.#leftAt > this.#options.left;
    return this.#address !== null && !this.#ended && !closed;
  }

  /** Its room has been left. */
  left(): void {
    this.#leftAt = Date.now();
  }

  /** It has ended, or its room can't be joined. */
  end(): void {
    this.#ended = true;
  }

  /** Replaces it by another one. A call during a request waits for that request. */
  renew(): Promise<Renewal> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #renew(): Promise<Renewal> {
    const renewal = await this.#options.renew();
    if (renewal.address) {
      this.#address = renewal.address;
      this.#ended = false;
      this.#leftAt = null;
    }
    return renewal;
  }
}
