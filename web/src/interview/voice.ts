import type { Speaker } from "../audio/speaker";
import type { AvatarSession } from "../avatar/session";
import type { Output } from "../relay/messages";
import type { VoiceProgress } from "./caption";
import { TurnTiming } from "./turnTiming";

/** The interviewer's voice, through the speaker or the avatar, and whether it has been played. */
export class InterviewerVoice {
  readonly #speaker: Speaker;
  readonly #avatar: AvatarSession | null;
  readonly #timing: TurnTiming;
  /** Where the voice last went. */
  #output: Output = "voice";
  /** A turn has been sent in full, and the relay has not been told that it was played. */
  #unplayed = false;

  constructor(speaker: Speaker, avatar: AvatarSession | null) {
    this.#speaker = speaker;
    this.#avatar = avatar;
    this.#timing = new TurnTiming(speaker);
  }

  /** Whether it can be heard now. */
  get sounding(): boolean {
    return (!this.#speaker.idle && this.#speaker.state === "running") || (this.#avatar?.audible ?? false);
  }

  /** How far one of the interviewer's turns is at `now` (milliseconds); `null`: not known. */
  progress(turn: number, now: number): VoiceProgress | null {
    return this.#timing.progress(turn, now, this.#output);
  }

  /** A new connection is open. No sound has come over it yet; what still plays came over the last one. */
  restart(output: Output): void {
    this.#timing.restart();
    this.#output = output;
    this.#unplayed = false;
  }

  /** A turn begins at `now` (milliseconds). */
  begin(turn: number, now: number): void {
    this.#timing.begin(turn, now);
  }

  /** Plays more of the relay's voice. What was sent before is no longer the last of it. */
  play(pcm: ArrayBuffer): void {
    this.#output = "voice";
    this.#avatar?.relaySpeaks();
    this.#unplayed = false;
    this.#speaker.push(pcm);
  }

  /** Sends more of the voice to the avatar, which reports itself when it has spoken it. */
  echo(event: Record<string, unknown>): void {
    this.#output = "avatar";
    this.#unplayed = false;
    this.#avatar?.echo(event);
  }

  /** All of a turn has been sent. Returns whether the speaker has played it already. */
  end(turn: number): boolean {
    this.#timing.end(turn);
    // The avatar reports itself when it has spoken the turn.
    if (this.#output === "avatar" && this.#avatar?.state.is === "connected") return false;
    this.#unplayed = true;
    return this.#speaker.idle;
  }

  /** The candidate has interrupted a turn: no more of it is played. */
  cut(turn: number): void {
    this.#timing.end(turn);
    this.#unplayed = false;
    this.interrupt();
  }

  /** Stops what is being played. */
  interrupt(): void {
    this.#speaker.interrupt();
    this.#avatar?.interrupt();
  }

  /** The speaker has played everything. Returns whether the relay must be told so. */
  drained(): boolean {
    const unplayed = this.#unplayed;
    this.#unplayed = false;
    return unplayed;
  }

  /** The avatar may have started or stopped speaking at `now` (milliseconds). */
  avatarChanged(now: number): void {
    if (this.#avatar) this.#timing.avatarSpeaks(this.#avatar.speaking, now);
  }
}
