import type { Screen } from "./screen";

/**
 * The replica's sound. Kept back while the relay speaks itself, and after an interruption until the replica has done with
 * what it was saying.
 */
export class Sound {
  readonly #screen: Pick<Screen, "silence">;
  readonly #tailMs: number;
  #speaking = false;
  /** The relay speaks itself. */
  #voiced = true;
  /** What the replica was saying is not to be heard any more. */
  #cut = false;
  #tail: ReturnType<typeof setTimeout> | undefined;

  /** `tail`: sound still on its way after the replica has fallen silent, in milliseconds. */
  constructor(screen: Pick<Screen, "silence">, tail: number) {
    this.#screen = screen;
    this.#tailMs = tail;
  }

  /** The replica is speaking, heard or not. */
  get speaking(): boolean {
    return this.#speaking;
  }

  /** The replica is speaking, and nothing keeps it back. */
  get heard(): boolean {
    return this.#speaking && !this.#voiced && !this.#cut;
  }

  /** The replica has begun to speak, or has fallen silent. */
  spoke(on: boolean): void {
    this.#speaking = on;
    clearTimeout(this.#tail);
    if (on) this.#hush({ cut: false });
    else if (this.#cut) this.#tail = setTimeout(() => this.#hush({ cut: false }), this.#tailMs);
  }

  /** The relay speaks through the replica. */
  echoed(): void {
    this.#hush({ voiced: false });
  }

  /** The relay's own sound is played. */
  voiced(): void {
    if (!this.#voiced) this.#hush({ voiced: true });
  }

  /** Not another word of what the replica is saying. */
  interrupted(): void {
    if (!this.#voiced) this.#hush({ cut: true });
  }

  /** The replica is gone: nothing is heard until the relay speaks through one again. */
  end(): void {
    clearTimeout(this.#tail);
    this.#speaking = false;
    this.#hush({ voiced: true, cut: false });
  }

  #hush({ voiced = this.#voiced, cut = this.#cut }: { voiced?: boolean; cut?: boolean }): void {
    this.#voiced = voiced;
    this.#cut = cut;
    this.#screen.silence(voiced || cut);
  }
}
