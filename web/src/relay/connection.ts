import ReconnectingWebSocket, { CloseEvent as OwnClose } from "partysocket/ws";
import { CLOSE, FINAL, type FinalClose } from "../contract/closes.gen";
import { MICROPHONE_RATE, SILENT_SECONDS, TIME_SECONDS } from "../contract/limits.gen";
import { Backoff } from "../retry/backoff";
import { type ClientMessage, MessageError, type Output, parseMessage, type ServerMessage } from "./messages";
import { Outbox } from "./outbox";

/** Why a connection is closed for good; `unreachable`: no relay answers, `faulty`: the connection fails every time. */
export type Closing = FinalClose | "unreachable" | "faulty";

/** `busy`: the relay is full, and is asked again. `quiet`: the relay asked for it and it is short so far: not shown. */
export type Link =
  | { state: "connecting" }
  | { state: "open" }
  | { state: "reconnecting"; busy: boolean; quiet: boolean }
  | { state: "closed"; why: Closing };

/** The reason of our own close when another connection follows. */
const REDIALLING = "redialling";

/** At most two seconds of audio wait here; on an open connection only while one second waits in the socket. */
const FRAMES_WAITING = 50;
const BYTES_BUFFERED = 2 * MICROPHONE_RATE;

/** How often an open connection is checked, and how long a suspected one may take to receive something, in milliseconds. */
const CHECK_MS = 1000;
const PROOF_MS = 1000;
/** After this many failed attempts the next relay is tried, where there are several. */
const TRIES_EACH = 3;
/** A dial older than this is started again when the network comes back, in milliseconds. */
const DIAL_MS = 3000;

/** Timeouts and limits of a connection; times in milliseconds. */
export interface Timeouts {
  /** The first and the longest pause before another dial. */
  first: number;
  longest: number;
  /** How long a socket may take to open, and then the relay to send `ready`. */
  answer: number;
  /** How long a reconnect that the relay asked for is not shown. */
  quiet: number;
  /** An open connection that receives nothing for this long is replaced: two `time` messages have not come. */
  silence: number;
  /** The same after the machine has slept or changed its network: one `time` message has not come. */
  suspect: number;
  /** After this many failed attempts in a row the relay is unreachable. */
  attempts: number;
  /** After this many closes with 1011 without progress of the interview the relay is faulty. */
  faults: number;
}

export const TIMEOUTS: Timeouts = {
  first: 500,
  longest: 8000,
  answer: 10_000,
  quiet: 2000,
  silence: SILENT_SECONDS * 1000,
  suspect: TIME_SECONDS * 1000 + 2000,
  attempts: 20,
  faults: 10,
};

export interface ConnectionOptions {
  url: string;
  /** Relays in other regions, tried when this one can't be reached: each of them can continue the interview. */
  others?: string[];
  token: string;
  /** The output to ask for, called at each dial. */
  output: () => Output;
  onmessage: (message: ServerMessage) => void;
  /** The interviewer's voice: PCM16 mono 24 kHz. */
  onaudio: (pcm: ArrayBuffer) => void;
  onlink: (link: Link) => void;
  /** A frame that breaks the contract was left out. */
  onfault: (error: MessageError) => void;
  timeouts?: Partial<Timeouts>;
}

/** The page's end of the stream. It reconnects by itself with the same session when the connection drops. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #timeouts: Timeouts;
  readonly #backoff: Backoff;
  readonly #socket: ReconnectingWebSocket;
  readonly #outbox = new Outbox(FRAMES_WAITING, BYTES_BUFFERED);
  readonly #check: ReturnType<typeof setInterval>;
  #link: Link = { state: "connecting" };
  #begun = false;
  #notBefore = 0;
  #dialled = Date.now();
  #quietUntil = 0;
  /** When something was last received, by a clock that runs on while the machine sleeps. */
  #receivedAt = Date.now();
  /** Failed attempts since the last `ready`: without an answer, and with a full relay. */
  #failures = 0;
  #refusals = 0;
  /** The index of the relay that sent the last `ready`. */
  #relay = 0;
  /** Closes with 1011 since the interview last made progress. */
  #faults = 0;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #loud: ReturnType<typeof setTimeout> | undefined;
  #proof: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const timeouts = { ...TIMEOUTS, ...options.timeouts };
    this.#timeouts = timeouts;
    this.#backoff = new Backoff(timeouts);
    this.#socket = new ReconnectingWebSocket(() => this.#address(), undefined, {
      // The pauses are made in #address, where they can be cut short.
      minReconnectionDelay: 0,
      maxReconnectionDelay: 0,
      connectionTimeout: timeouts.answer,
      maxEnqueuedMessages: 0,
      shouldReconnectOnClose: (event) => this.#again(event),
    });
    this.#socket.binaryType = "arraybuffer";
    this.#socket.addEventListener("open", () => this.#greet());
    this.#socket.addEventListener("message", (event) => this.#received(event.data));
    this.#check = setInterval(() => this.#suspect(timeouts.silence), Math.min(CHECK_MS, timeouts.silence));
  }

  get link(): Link {
    return this.#link;
  }

  /** Sends a message; `false`: the connection is not open, and the message is not kept. */
  send(message: ClientMessage): boolean {
    if (this.#link.state !== "open") return false;
    return this.#socket.send(JSON.stringify(message));
  }

  /** Sends a microphone frame. Without a connection the newest two seconds wait for the next one. */
  sendAudio(frame: ArrayBuffer): void {
    if (this.#link.state === "open") this.#outbox.offer(frame, this.#buffered, this.#push);
    else if (this.#link.state === "reconnecting" && this.#begun) this.#outbox.keep(frame);
  }

  /** The machine woke up, has a network again, or the candidate asks: ends the present pause, and checks an open connection. */
  nudge(): void {
    if (this.#link.state === "open") this.#suspect(this.#timeouts.suspect);
    else if (this.#link.state === "closed" || this.#backoff.wake()) return;
    else if (Date.now() - this.#dialled > DIAL_MS) this.#socket.reconnect(4000, REDIALLING);
  }

  /** Closes the connection without calling `onlink`. */
  close(): void {
    this.#stopTimers();
    this.#link = { state: "closed", why: "ended" };
    this.#socket.close();
    this.#backoff.wake();
  }

  readonly #buffered = (): number => this.#socket.bufferedAmount;

  readonly #push = (frame: ArrayBuffer): void => {
    this.#socket.send(frame);
  };

  /** The address to dial, after the pause. */
  async #address(): Promise<string> {
    const pause = this.#notBefore - Date.now();
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    await this.#backoff.wait(this.#failures + this.#refusals + this.#faults);
    this.#dialled = Date.now();
    return this.#urls()[this.#next()] ?? this.#options.url;
  }

  #urls(): string[] {
    return [this.#options.url, ...(this.#options.others ?? [])];
  }

  /** The index of the relay to dial. */
  #next(): number {
    const turns = Math.floor((this.#failures + this.#refusals) / TRIES_EACH);
    return (this.#relay + turns) % this.#urls().length;
  }

  #greet(): void {
    const { token, output } = this.#options;
    const hello: ClientMessage = { type: "hello", token, output: output() };
    this.#socket.send(JSON.stringify(hello));
    this.#deadline = setTimeout(() => this.#socket.reconnect(4000, "no ready"), this.#timeouts.answer);
  }

  #received(data: string | ArrayBuffer): void {
    this.#receivedAt = Date.now();
    if (typeof data !== "string") {
      if (this.#link.state !== "open") return;
      this.#faults = 0;
      this.#options.onaudio(data);
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
    // Restored captions are final; these are new words.
    if (message?.type === "caption" && !message.final) this.#faults = 0;
    if (message?.type === "reconnect") this.#redial(message.after_ms);
    if (message) this.#options.onmessage(message);
    // After the page's answer to `ready`: mute and hold come before audio.
    if (message?.type === "ready") this.#outbox.flush(this.#buffered, this.#push);
  }

  #ready(): void {
    clearTimeout(this.#deadline);
    this.#relay = this.#next();
    this.#failures = 0;
    this.#refusals = 0;
    this.#quietUntil = 0;
    this.#begun = true;
    this.#show({ state: "open" });
  }

  #redial(milliseconds: number): void {
    this.#notBefore = Date.now() + milliseconds;
    this.#quietUntil = Date.now() + this.#timeouts.quiet;
    this.#socket.reconnect(1000, REDIALLING);
  }

  /** Replaces an open connection that has been silent for this long, unless it receives something in a moment. */
  #suspect(silence: number): void {
    if (this.#link.state !== "open" || this.#proof || Date.now() - this.#receivedAt < silence) return;
    const receivedAt = this.#receivedAt;
    // Frames that came while the machine slept are not delivered yet.
    this.#proof = setTimeout(() => {
      this.#proof = undefined;
      if (this.#link.state === "open" && this.#receivedAt === receivedAt)
        this.#socket.reconnect(4000, REDIALLING);
    }, PROOF_MS);
  }

  /** Whether to dial again after this close. partysocket's own closes (a failed or repeated dial) are not the relay's. */
  #again(event: { code: number; reason?: string }): boolean {
    clearTimeout(this.#deadline);
    if (this.#link.state === "closed") return false;
    const own = event instanceof OwnClose;
    if (!own && event.code === CLOSE.going_away) this.#quietUntil = Date.now() + this.#timeouts.quiet;
    if (!own && event.code === CLOSE.at_capacity) this.#refusals++;
    else if (!own && event.code === CLOSE.fault) this.#faults++;
    else if (!own || event.reason !== REDIALLING) this.#failures++;
    const why = (own ? undefined : finalClose(event.code)) ?? this.#exhausted();
    if (why) {
      this.#stopTimers();
      this.#show({ state: "closed", why });
    } else this.#lost(!own && event.code === CLOSE.at_capacity);
    return why === undefined;
  }

  #exhausted(): Closing | undefined {
    if (this.#failures > this.#timeouts.attempts) return "unreachable";
    return this.#faults > this.#timeouts.faults ? "faulty" : undefined;
  }

  /** Shows the connection as lost: at once, or after the time in which a reconnect is not shown. */
  #lost(busy: boolean): void {
    clearTimeout(this.#loud);
    const left = this.#quietUntil - Date.now();
    this.#show({ state: "reconnecting", busy, quiet: left > 0 });
    if (left > 0) this.#loud = setTimeout(() => this.#showLoss(), left);
  }

  #showLoss(): void {
    if (this.#link.state === "reconnecting") this.#show({ ...this.#link, quiet: false });
  }

  #stopTimers(): void {
    for (const timer of [this.#deadline, this.#loud, this.#proof]) clearTimeout(timer);
    clearInterval(this.#check);
  }

  #show(link: Link): void {
    this.#link = link;
    this.#options.onlink(link);
  }
}

/** The name of a close code after which dialling again does not help. */
function finalClose(code: number): FinalClose | undefined {
  return (FINAL as Record<number, FinalClose>)[code];
}
