import type { Screen } from "./screen";

/**
 * Decides whether the replica's sound is let through. It is muted while the relay plays its own voice, and after an
 * interruption until the replica has finished what it was saying.
 */
export class Sound {
  readonly #screen: Pick<Screen, "silence">;
  readonly #tailMs: number;
  #speaking = false;
  /** The relay plays its own voice. */
  #relayVoice = true;
  /** The replica was interrupted. */
  #interrupted = false;
  #tail: ReturnType<typeof setTimeout> | undefined;

  /** `tail`: sound that is still on its way after the replica has stopped speaking, in milliseconds. */
  constructor(screen: Pick<Screen, "silence">, tail: number) {
    this.#screen = screen;
    this.#tailMs = tail;
  }

  /** The replica is speaking, muted or not. */
  get speaking(): boolean {
    return this.#speaking;
  }

  /** The replica is speaking and is not muted. */
  get audible(): boolean {
    return this.#speaking && !this.#relayVoice && !this.#interrupted;
  }

  /** The replica has started or stopped speaking. */
  setSpeaking(on: boolean): void {
    this.#speaking = on;
    clearTimeout(this.#tail);
    if (on) this.#update({ interrupted: false });
    else if (this.#interrupted) {
      this.#tail = setTimeout(() => this.#update({ interrupted: false }), this.#tailMs);
    }
  }

  /** The relay speaks through the replica. */
  avatarSpeaks(): void {
    this.#update({ relayVoice: false });
  }

  /** The relay plays its own voice. */
  relaySpeaks(): void {
    if (!this.#relayVoice) this.#update({ relayVoice: true });
  }

  /** The candidate interrupts: mutes what the replica is saying. */
  interrupt(): void {
    if (!this.#relayVoice) this.#update({ interrupted: true });
  }

  /** The replica is gone: mutes everything until the relay speaks through another one. */
  reset(): void {
    clearTimeout(this.#tail);
    this.#speaking = false;
    this.#update({ relayVoice: true, interrupted: false });
  }

  #update({ relayVoice = this.#relayVoice, interrupted = this.#interrupted }): void {
    this.#relayVoice = relayVoice;
    this.#interrupted = interrupted;
    this.#screen.silence(relayVoice || interrupted);
  }
}
