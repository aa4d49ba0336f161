import ReconnectingWebSocket, { CloseEvent as OwnClose } from "partysocket/ws";
import { type ClientMessage, MessageError, type Output, parseMessage, type ServerMessage } from "./messages";
import { Outbox } from "./outbox";

/** Why a connection is over for good; `unreachable`: every attempt failed. */
export type Closing =
  | "ended"
  | "not_found"
  | "no_hello"
  | "taken_over"
  | "already_ended"
  | "bad_message"
  | "unreachable";

/** `busy`: the relay is full, and is asked again. */
export type Link =
  | { state: "connecting" }
  | { state: "open" }
  | { state: "reconnecting"; busy: boolean }
  | { state: "closed"; why: Closing };

/** Close codes after which dialling again is no use. */
const FINAL: Record<number, Closing> = {
  1000: "ended",
  4400: "bad_message",
  4401: "not_found",
  4408: "no_hello",
  4409: "taken_over",
  4410: "already_ended",
};
const AT_CAPACITY = 4429;

/** One second of speech waits here at most, and only once one second waits in the socket. */
const FRAMES_WAITING = 25;
const BYTES_BUFFERED = 32_000;

/** Times of the dialling, in milliseconds. */
export interface Patience {
  /** The first pause before dialling again; a third more each time, and a random part of it on top. */
  first: number;
  longest: number;
  /** How long a dialled socket may take to open, and then to say `ready`. */
  answer: number;
  /** Dialled in vain so often, the relay counts as unreachable. */
  attempts: number;
}

export const PATIENCE: Patience = { first: 500, longest: 8000, answer: 10_000, attempts: 20 };

export interface ConnectionOptions {
  url: string;
  token: string;
  output: Output;
  onmessage: (message: ServerMessage) => void;
  /** The interviewer's voice: PCM16 mono 24 kHz. */
  onaudio: (pcm: ArrayBuffer) => void;
  onlink: (link: Link) => void;
  /** A frame that broke the contract, and was left out. */
  onfault: (error: MessageError) => void;
  patience?: Patience;
}

/** The page's end of the stream. It dials again by itself when the line drops, with the same session. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #patience: Patience;
  readonly #socket: ReconnectingWebSocket;
  readonly #outbox = new Outbox(FRAMES_WAITING, BYTES_BUFFERED);
  #link: Link = { state: "connecting" };
  #notBefore = 0;
  #failures = 0;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const patience = options.patience ?? PATIENCE;
    this.#patience = patience;
    this.#socket = new ReconnectingWebSocket(() => this.#address(), undefined, {
      minReconnectionDelay: patience.first * (1 + Math.random()),
      maxReconnectionDelay: patience.longest,
      reconnectionDelayGrowFactor: 1.33,
      connectionTimeout: patience.answer,
      maxEnqueuedMessages: 0,
      shouldReconnectOnClose: (event) => this.#again(event),
    });
    this.#socket.binaryType = "arraybuffer";
    this.#socket.addEventListener("open", () => this.#greet());
    this.#socket.addEventListener("message", (event) => this.#received(event.data));
  }

  get link(): Link {
    return this.#link;
  }

  /** Sends a message; `false` when the line is not open: nothing is kept for later. */
  send(message: ClientMessage): boolean {
    if (this.#link.state !== "open") return false;
    return this.#socket.send(JSON.stringify(message));
  }

  /** Sends a microphone frame. Without an open line it is dropped: speech that old helps nobody. */
  sendAudio(frame: ArrayBuffer): void {
    if (this.#link.state !== "open") return;
    this.#outbox.offer(
      frame,
      () => this.#socket.bufferedAmount,
      (each) => this.#socket.send(each),
    );
  }

  /** Hangs up without a word about it. */
  close(): void {
    clearTimeout(this.#deadline);
    this.#link = { state: "closed", why: "ended" };
    this.#socket.close();
  }

  /** The address, once it may be dialled. */
  async #address(): Promise<string> {
    const pause = this.#notBefore - Date.now();
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    return this.#options.url;
  }

  #greet(): void {
    const { token, output } = this.#options;
    const hello: ClientMessage = { type: "hello", token, output };
    this.#socket.send(JSON.stringify(hello));
    this.#deadline = setTimeout(() => this.#socket.reconnect(4000, "no ready"), this.#patience.answer);
  }

  #received(data: string | ArrayBuffer): void {
    if (typeof data !== "string") {
      if (this.#link.state === "open") this.#options.onaudio(data);
      return;
    }
    let message: ServerMessage | null;
    try {
      message = parseMessage(data);
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      this.#options.onfault(error);
      return;
    }
    if (message?.type === "ready") this.#ready();
    if (message?.type === "reconnect") this.#redial(message.after_ms);
    if (message) this.#options.onmessage(message);
  }

  #ready(): void {
    clearTimeout(this.#deadline);
    this.#failures = 0;
    this.#outbox.clear();
    this.#show({ state: "open" });
  }

  #redial(milliseconds: number): void {
    this.#notBefore = Date.now() + milliseconds;
    this.#show({ state: "reconnecting", busy: false });
    this.#socket.reconnect(1000, "redialling");
  }

  /** Whether to dial again after this close; partysocket's own closes (a failed dial, a redial) are no word of the relay. */
  #again(event: { code: number }): boolean {
    clearTimeout(this.#deadline);
    if (this.#link.state === "closed") return false;
    const final = event instanceof OwnClose ? undefined : FINAL[event.code];
    this.#failures++;
    const why = final ?? (this.#failures > this.#patience.attempts ? "unreachable" : undefined);
    if (why) this.#show({ state: "closed", why });
    else this.#show({ state: "reconnecting", busy: event.code === AT_CAPACITY });
    return why === undefined;
  }

  #show(link: Link): void {
    this.#link = link;
    this.#options.onlink(link);
  }
}
