import ReconnectingWebSocket, { CloseEvent as OwnClose } from "partysocket/ws";
import { CLOSE, FINAL, type FinalClose } from "../contract/closes.gen";
import { MICROPHONE_RATE, TIME_SECONDS } from "../contract/limits.gen";
import { Backoff } from "./backoff";
import { type ClientMessage, MessageError, type Output, parseMessage, type ServerMessage } from "./messages";
import { Outbox } from "./outbox";

/** Why a connection is over for good; `unreachable`: nothing answers, `faulty`: what answers breaks off every time. */
export type Closing = FinalClose | "unreachable" | "faulty";

/** `busy`: the relay is full, and is asked again. `quiet`: so short so far, or so expected, that nobody need know. */
export type Link =
  | { state: "connecting" }
  | { state: "open" }
  | { state: "reconnecting"; busy: boolean; quiet: boolean }
  | { state: "closed"; why: Closing };

/** Our own word for leaving a line because another is to be had. */
const REDIALLING = "redialling";

/** Two seconds of speech wait here at most, and on an open line only once one second waits in the socket. */
const FRAMES_WAITING = 50;
const BYTES_BUFFERED = 2 * MICROPHONE_RATE;

/** How often the line is looked at, and how long it may take to prove itself once it is doubted, in milliseconds. */
const LOOK_MS = 5000;
const PROOF_MS = 1000;
/** Dialled in vain so often, a relay is left for the next one, where there are several. */
const TRIES_EACH = 3;
/** A dial that has taken so long when the network comes back was made into the void, in milliseconds. */
const DIAL_MS = 3000;

/** Times of the dialling, in milliseconds. */
export interface Patience {
  /** The first pause before dialling again, and the longest. */
  first: number;
  longest: number;
  /** How long a dialled socket may take to open, and then to say `ready`. */
  answer: number;
  /** How long a redialling that the relay asked for is no news. */
  quiet: number;
  /** An open line that is silent for so long is dead: the time alone comes more often. */
  silence: number;
  /** So long when there is a reason to doubt it: the machine slept, or changed its network. */
  doubt: number;
  /** Dialled in vain so often, the relay counts as unreachable. */
  attempts: number;
  /** Broken off by a fault so often, and the interview no further, it counts as faulty. */
  faults: number;
}

export const PATIENCE: Patience = {
  first: 500,
  longest: 8000,
  answer: 10_000,
  quiet: 2000,
  silence: 3 * TIME_SECONDS * 1000,
  doubt: 20_000,
  attempts: 20,
  faults: 10,
};

export interface ConnectionOptions {
  url: string;
  /** Relays in other regions, for when this one can't be reached: any of them can go on with the interview. */
  others?: string[];
  token: string;
  /** Where the interviewer's voice should go, asked at each dial. */
  output: () => Output;
  onmessage: (message: ServerMessage) => void;
  /** The interviewer's voice: PCM16 mono 24 kHz. */
  onaudio: (pcm: ArrayBuffer) => void;
  onlink: (link: Link) => void;
  /** A frame that broke the contract, and was left out. */
  onfault: (error: MessageError) => void;
  patience?: Partial<Patience>;
}

/** The page's end of the stream. It dials again by itself when the line drops, with the same session. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #patience: Patience;
  readonly #backoff: Backoff;
  readonly #socket: ReconnectingWebSocket;
  readonly #outbox = new Outbox(FRAMES_WAITING, BYTES_BUFFERED);
  readonly #look: ReturnType<typeof setInterval>;
  #link: Link = { state: "connecting" };
  #begun = false;
  #notBefore = 0;
  #dialled = Date.now();
  #quietUntil = 0;
  /** When something last came in, by the clock that goes on while the machine sleeps. */
  #heard = Date.now();
  /** Attempts in vain since the last `ready`: without an answer, and with "busy" for one. */
  #failures = 0;
  #refusals = 0;
  /** Which of the relays was the last to say `ready`. */
  #relay = 0;
  /** Faults since the interview last went on. */
  #faults = 0;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #loud: ReturnType<typeof setTimeout> | undefined;
  #proof: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const patience = { ...PATIENCE, ...options.patience };
    this.#patience = patience;
    this.#backoff = new Backoff(patience.first, patience.longest);
    this.#socket = new ReconnectingWebSocket(() => this.#address(), undefined, {
      // The pauses are made in #address, where they can be cut short.
      minReconnectionDelay: 0,
      maxReconnectionDelay: 0,
      connectionTimeout: patience.answer,
      maxEnqueuedMessages: 0,
      shouldReconnectOnClose: (event) => this.#again(event),
    });
    this.#socket.binaryType = "arraybuffer";
    this.#socket.addEventListener("open", () => this.#greet());
    this.#socket.addEventListener("message", (event) => this.#received(event.data));
    this.#look = setInterval(() => this.#doubt(patience.silence), Math.min(LOOK_MS, patience.silence));
  }

  get link(): Link {
    return this.#link;
  }

  /** Sends a message; `false` when the line is not open: nothing is kept for later. */
  send(message: ClientMessage): boolean {
    if (this.#link.state !== "open") return false;
    return this.#socket.send(JSON.stringify(message));
  }

  /** Sends a microphone frame. While the line is down the newest two seconds wait for the next one. */
  sendAudio(frame: ArrayBuffer): void {
    if (this.#link.state === "open") this.#outbox.offer(frame, this.#buffered, this.#push);
    else if (this.#link.state === "reconnecting" && this.#begun) this.#outbox.keep(frame);
  }

  /** The machine woke up or has a network again: no pause is worth sitting out, and an old line may be dead. */
  nudge(): void {
    if (this.#link.state === "open") this.#doubt(this.#patience.doubt);
    else if (this.#link.state === "closed" || this.#backoff.wake()) return;
    else if (Date.now() - this.#dialled > DIAL_MS) this.#socket.reconnect(4000, REDIALLING);
  }

  /** Hangs up without a word about it. */
  close(): void {
    this.#rest();
    this.#link = { state: "closed", why: "ended" };
    this.#socket.close();
    this.#backoff.wake();
  }

  readonly #buffered = (): number => this.#socket.bufferedAmount;

  readonly #push = (frame: ArrayBuffer): void => {
    this.#socket.send(frame);
  };

  /** The address, once it may be dialled. */
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

  /** Which of the relays is to be dialled. */
  #next(): number {
    const turns = Math.floor((this.#failures + this.#refusals) / TRIES_EACH);
    return (this.#relay + turns) % this.#urls().length;
  }

  #greet(): void {
    const { token, output } = this.#options;
    const hello: ClientMessage = { type: "hello", token, output: output() };
    this.#socket.send(JSON.stringify(hello));
    this.#deadline = setTimeout(() => this.#socket.reconnect(4000, "no ready"), this.#patience.answer);
  }

  #received(data: string | ArrayBuffer): void {
    this.#heard = Date.now();
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
    // After the answer to `ready`: who is muted or holds the floor says so before being heard.
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
    this.#quietUntil = Date.now() + this.#patience.quiet;
    this.#socket.reconnect(1000, REDIALLING);
  }

  /** Leaves an open line that has been silent for so long, unless it proves itself in a moment. */
  #doubt(silence: number): void {
    if (this.#link.state !== "open" || this.#proof || Date.now() - this.#heard < silence) return;
    const heard = this.#heard;
    // What came in while the machine slept is not yet delivered.
    this.#proof = setTimeout(() => {
      this.#proof = undefined;
      if (this.#link.state === "open" && this.#heard === heard) this.#socket.reconnect(4000, REDIALLING);
    }, PROOF_MS);
  }

  /** Whether to dial again after this close; partysocket's own closes (a failed dial, a redial) are no word of the relay. */
  #again(event: { code: number; reason?: string }): boolean {
    clearTimeout(this.#deadline);
    if (this.#link.state === "closed") return false;
    const own = event instanceof OwnClose;
    if (!own && event.code === CLOSE.going_away) this.#quietUntil = Date.now() + this.#patience.quiet;
    if (!own && event.code === CLOSE.at_capacity) this.#refusals++;
    else if (!own && event.code === CLOSE.fault) this.#faults++;
    else if (!own || event.reason !== REDIALLING) this.#failures++;
    const why = (own ? undefined : finalClose(event.code)) ?? this.#vain();
    if (why) {
      this.#rest();
      this.#show({ state: "closed", why });
    } else this.#lost(!own && event.code === CLOSE.at_capacity);
    return why === undefined;
  }

  #vain(): Closing | undefined {
    if (this.#failures > this.#patience.attempts) return "unreachable";
    return this.#faults > this.#patience.faults ? "faulty" : undefined;
  }

  /** Shows the line as lost: at once, or when it takes longer than it should. */
  #lost(busy: boolean): void {
    clearTimeout(this.#loud);
    const left = this.#quietUntil - Date.now();
    this.#show({ state: "reconnecting", busy, quiet: left > 0 });
    if (left > 0) this.#loud = setTimeout(() => this.#grown(), left);
  }

  #grown(): void {
    if (this.#link.state === "reconnecting") this.#show({ ...this.#link, quiet: false });
  }

  /** Nothing is waited for any more. */
  #rest(): void {
    for (const timer of [this.#deadline, this.#loud, this.#proof]) clearTimeout(timer);
    clearInterval(this.#look);
  }

  #show(link: Link): void {
    this.#link = link;
    this.#options.onlink(link);
  }
}

/** What a close code of the relay means, if dialling again is of no use after it. */
function finalClose(code: number): FinalClose | undefined {
  return (FINAL as Record<number, FinalClose>)[code];
}
