import type { ClientMessage, Loss, Output } from "../relay/messages";
import { DAILY_MESSAGE_BYTES } from "./room";

/** Tells the relay how the avatar is, and which output the candidate wants. */
export class Report {
  readonly #send: (message: ClientMessage) => boolean;
  /** The output that the relay was last told. */
  #output: Output = "voice";
  /** The room refused a message: report no limit above Daily's documented one. */
  #limited = false;

  /** `send` returns `false` when there is no connection to the relay. */
  constructor(send: (message: ClientMessage) => boolean) {
    this.#send = send;
  }

  /** The output in the `hello` of a new connection. */
  hello(output: Output): Output {
    this.#output = output;
    return output;
  }

  /** The relay may speak through the avatar, in messages of at most `maxMessageBytes`. */
  ready(maxMessageBytes: number): void {
    if (this.#output !== "avatar" && this.#send({ type: "output", mode: "avatar" })) this.#output = "avatar";
    const most = this.#limited ? Math.min(DAILY_MESSAGE_BYTES, maxMessageBytes) : maxMessageBytes;
    this.#send({ type: "avatar", state: "ready", max_message_bytes: most });
  }

  /** The room refused a message: from now on `ready` states at most Daily's documented limit. */
  limitMessages(): void {
    this.#limited = true;
  }

  /** The replica has started or stopped speaking. */
  speaking(on: boolean): void {
    this.#send({ type: "avatar", state: on ? "speaking" : "silent" });
  }

  /** There is no avatar, for this reason. Sent only when the relay counts on one. */
  lost(reason: Loss): void {
    if (this.#output === "avatar") this.#send({ type: "avatar", state: "lost", reason });
  }

  /** The candidate does without video. */
  turnedOff(): void {
    if (this.#output === "avatar" && this.#send({ type: "output", mode: "voice" })) this.#output = "voice";
  }
}
