import type { ClientMessage, Loss, Output } from "../stream/messages";
import { DAILY_MESSAGE_BYTES } from "./room";

/** What the relay is told of the face, and of where the candidate wants the interviewer's voice to go. */
export class Report {
  readonly #tell: (message: ClientMessage) => boolean;
  /** What it was last told of the candidate's wish. */
  #told: Output = "voice";
  /** A message was too large, whatever the room says. */
  #cautious = false;

  /** `tell` returns `false` where there is no line to the relay. */
  constructor(tell: (message: ClientMessage) => boolean) {
    this.#tell = tell;
  }

  /** What it is told when a line to it is opened. */
  greet(output: Output): Output {
    this.#told = output;
    return output;
  }

  /** It may speak through the face, in messages of at most so many bytes. */
  ready(maxMessageBytes: number): void {
    if (this.#told !== "avatar" && this.#tell({ type: "output", mode: "avatar" })) this.#told = "avatar";
    const most = this.#cautious ? Math.min(DAILY_MESSAGE_BYTES, maxMessageBytes) : maxMessageBytes;
    this.#tell({ type: "avatar", state: "ready", max_message_bytes: most });
  }

  /** From here on it is told of no larger messages than any room takes. */
  refused(): void {
    this.#cautious = true;
  }

  /** The replica has begun to speak, or has fallen silent. */
  spoke(on: boolean): void {
    this.#tell({ type: "avatar", state: on ? "speaking" : "silent" });
  }

  /** The face is not to be had, for this reason; nothing to a relay that does not count on it. */
  lost(reason: Loss): void {
    if (this.#told === "avatar") this.#tell({ type: "avatar", state: "lost", reason });
  }

  /** The candidate does without. */
  off(): void {
    if (this.#told === "avatar" && this.#tell({ type: "output", mode: "voice" })) this.#told = "voice";
  }
}
