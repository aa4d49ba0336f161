import type { Speaker } from "../audio/speaker";
import type { Output } from "../contract/terms.gen";
import { AvatarTiming } from "./avatarTiming";
import type { VoiceProgress } from "./caption";
import { VoiceTiming } from "./voiceTiming";

/** How far the voice of each of the interviewer's turns is, through the speaker or the avatar. Times in milliseconds. */
export class TurnTiming {
  readonly #speaker: Pick<Speaker, "received" | "position">;
  readonly #voice: VoiceTiming;
  readonly #avatar = new AvatarTiming();
  /** Where the speaker was when it last moved. */
  #moved = { position: 0, at: 0 };

  constructor(speaker: Pick<Speaker, "received" | "position">) {
    this.#speaker = speaker;
    this.#voice = new VoiceTiming(speaker.received);
  }

  begin(turn: number, now: number): void {
    if (!this.#voice.begin(turn)) return;
    // The silence before the turn does not count.
    this.#moved.at = now;
    this.#avatar.begin(turn, now);
  }

  /** All sound of a turn has arrived, or no more will. */
  end(turn: number): void {
    this.#voice.end(turn, this.#speaker.received);
    this.#avatar.end(turn);
  }

  /** The avatar has started or stopped speaking. */
  avatarSpeaks(on: boolean, now: number): void {
    this.#avatar.speaking(on, now);
  }

  /** Forgets all turns: what still plays came over an earlier connection. */
  restart(): void {
    this.#voice.restart(this.#speaker.received);
    this.#avatar.restart();
  }

  /** How far the voice of a turn is at `now`; `null`: not known. */
  progress(turn: number, now: number, output: Output): VoiceProgress | null {
    if (output === "avatar") return this.#avatar.progress(turn, now);
    const { position, received } = this.#speaker;
    if (position !== this.#moved.position) this.#moved = { position, at: now };
    const voice = this.#voice.progress(turn, received, position);
    return voice && { ...voice, silentFor: (now - this.#moved.at) / 1000 };
  }
}
