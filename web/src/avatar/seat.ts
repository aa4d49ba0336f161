import { Backoff } from "../stream/backoff";
import type { ClientMessage, Loss, Output } from "../stream/messages";
import {
  DAILY_MESSAGE_BYTES,
  type Message,
  type OpenRoom,
  openRoom,
  type Place,
  type Room,
  type Sight,
} from "./room";
import { PageScreen, type Screen } from "./screen";

/**
 * How it stands with the interviewer's face. `none`: there is none to be had; `off`: the candidate does without;
 * `coming`: awaited; `here`; `lost`: gone, and looked for again without anyone's doing; `gone`: until the candidate asks
 * for it.
 */
export type Face =
  | { is: "none" | "off" | "coming" | "here" | "lost" }
  /** `word`: why it can't be had, in words for the candidate; `null`: it was lost. `again`: asking for it may help. */
  | { is: "gone"; word: string | null; again: boolean };

/** What came of asking for another conversation. */
export type Renewal =
  | { place: Place }
  /** There is none, and why; `again`: asking another time may help. */
  | { place: null; word: string; again: boolean };

/** Times in milliseconds. */
export interface Patience {
  /** The first pause before going in again, and the longest. */
  first: number;
  longest: number;
  /** From going in to seeing the replica. */
  arrival: number;
  /** All attempts together. */
  total: number;
  /** A picture without a new frame for so long, while the replica speaks, stands still. */
  frozen: number;
  /** So often lost within so long, it is not looked for any more: what comes and goes is worse than none. */
  losses: number;
  within: number;
  /** Sound still on its way after the replica has fallen silent. */
  tail: number;
  /**
   * A room without us for so long may have closed: the relay ends the conversation after 75 seconds by voice, and it ends
   * by itself 90 seconds after the last one has left.
   */
  left: number;
}

export const PATIENCE: Patience = {
  first: 500,
  longest: 8000,
  arrival: 20_000,
  total: 60_000,
  frozen: 3000,
  losses: 3,
  within: 120_000,
  tail: 400,
  left: 60_000,
};

/** How often the picture is looked at, in milliseconds. */
const LOOK_MS = 250;

export interface SeatOptions {
  /** The conversation there is; `null`: none yet. */
  place: Place | null;
  /** The candidate wants to see the interviewer. */
  wanted: boolean;
  /** Asks for another conversation. It costs money: once for each time the candidate asks. */
  renew: () => Promise<Renewal>;
  /** Tells the relay; `false`: there is no line to it. */
  tell: (message: ClientMessage) => boolean;
  /** The face, or whether it is heard, has changed. */
  onchange: () => void;
  /** Worth keeping for a reload: another conversation, or the candidate's choice. */
  onkeep?: (kept: { place: Place | null; wanted: boolean }) => void;
  open?: OpenRoom;
  screen?: Screen;
  patience?: Partial<Patience>;
}

/**
 * The interviewer's seat in the room: has the face come, keeps it there, finds it again when it is lost, and lets
 * nothing of it be heard while the relay speaks itself.
 */
export class Seat {
  readonly screen: Screen;
  readonly #options: SeatOptions;
  readonly #patience: Patience;
  readonly #backoff: Backoff;
  readonly #open: OpenRoom;
  #face: Face;
  #place: Place | null;
  #wanted: boolean;
  #room: Room | null = null;
  /** Counts the visits to a room: what an earlier one still has to say is passed over. */
  #visit = 0;
  /** Resolves when the last room has been left. */
  #away: Promise<void> = Promise.resolve();
  /** When it was left, by a clock that goes on while the machine sleeps; `null`: never, or it is over. */
  #leftAt: number | null = null;
  /** The conversation is over, or nothing comes of it. */
  #dead = false;
  /** The candidate has asked for the face: should its conversation be over, another one may be paid for. */
  #asked = false;
  /** Another conversation is on its way. */
  #renewing: Promise<Renewal> | null = null;
  /** Attempts in vain since it was here. */
  #vain = 0;
  #loss: Loss = "room";
  /** When it was lost, lately. */
  #losses: number[] = [];
  #maxMessageBytes = 0;
  /** A message was too large, whatever the room says. */
  #cautious = false;
  /** What the relay was last told of the candidate's wish. */
  #told: Output = "voice";
  #speaking = false;
  /** The relay speaks itself. */
  #voiced = true;
  /** What the replica was saying is not to be heard any more. */
  #cut = false;
  #arrival: ReturnType<typeof setTimeout> | undefined;
  #total: ReturnType<typeof setTimeout> | undefined;
  #tail: ReturnType<typeof setTimeout> | undefined;
  #watching: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  constructor(options: SeatOptions) {
    this.#options = options;
    this.#patience = { ...PATIENCE, ...options.patience };
    this.#backoff = new Backoff(this.#patience.first, this.#patience.longest);
    this.#open = options.open ?? openRoom;
    this.screen = options.screen ?? new PageScreen();
    this.#place = options.place;
    this.#wanted = options.wanted;
    // A conversation that could not be had at the start is no news any more: the switch asks for it.
    this.#face = options.wanted && options.place ? { is: "coming" } : { is: "off" };
    if (this.#face.is === "coming") this.#begin();
  }

  get face(): Face {
    return this.#face;
  }

  /** Where the candidate wants the interviewer's voice to go. */
  get #output(): Output {
    return this.#wanted && this.#place ? "avatar" : "voice";
  }

  /** The replica is speaking, and is heard. */
  get heard(): boolean {
    return this.#face.is === "here" && this.#speaking && !this.#voiced && !this.#cut;
  }

  get speaking(): boolean {
    return this.#speaking;
  }

  /** What the relay is told when a line to it is opened. */
  greet(): Output {
    this.#told = this.#output;
    return this.#told;
  }

  /** The relay has answered on a new line: it knows nothing of the room yet. */
  greeted(): void {
    const { is } = this.#face;
    if (is === "here") this.#arrived();
    else if (is === "off") this.#tellOff();
    else if (is !== "coming") this.#tellLost();
  }

  /** Hands what the relay says to the room, unread. */
  echo(message: Message): void {
    this.#hush({ voiced: false });
    if (this.#face.is !== "here") return;
    try {
      this.#room?.send(message);
    } catch {
      this.#cautious = true;
      this.#lose("room");
    }
  }

  /** The relay's own sound is played. */
  voiced(): void {
    if (!this.#voiced) this.#hush({ voiced: true });
  }

  /** Not another word of what the replica is saying. */
  interrupted(): void {
    if (!this.#voiced) this.#hush({ cut: true });
  }

  /** The relay has given the face up. */
  dropped(): void {
    if (this.#face.is === "here") this.#lose("replica", { told: true });
  }

  /** The network is back: no pause is worth sitting out. */
  nudge(): void {
    this.#backoff.wake();
  }

  /** The candidate wants to see the interviewer, or not; on: to be called inside a click. */
  want(on: boolean): void {
    if (this.#closed || this.#face.is === "none") return;
    this.#wanted = on;
    if (on) this.bring();
    else {
      this.#quit();
      this.#show({ is: "off" });
      this.#tellOff();
    }
    this.#keep();
  }

  /** Fetches the face: from its conversation if that may still be there, else from another; to be called inside a click. */
  bring(): void {
    const face = this.#face;
    if (this.#closed || (face.is === "gone" ? !face.again : face.is !== "off")) return;
    this.screen.prime();
    this.#wanted = this.#asked = true;
    const { left } = this.#patience;
    const closed = this.#leftAt !== null && Date.now() - this.#leftAt > left;
    if (!this.#place || this.#dead || closed) void this.#renew();
    else {
      this.#show({ is: "coming" });
      this.#begin();
    }
  }

  /** The interview is over, or the page is left. */
  close(): void {
    this.#closed = true;
    this.#quit();
  }

  /** Goes in for the first time, or after the candidate's asking. */
  #begin(): void {
    this.#vain = 0;
    this.#loss = "replica";
    clearTimeout(this.#total);
    this.#total = setTimeout(() => this.#giveUp(), this.#patience.total);
    void this.#enter();
  }

  /** Goes in, after a pause if it was in vain before. */
  async #enter(): Promise<void> {
    const visit = ++this.#visit;
    const here = () => visit === this.#visit;
    const place = this.#place;
    await Promise.all([this.#away, this.#backoff.wait(this.#vain)]);
    if (!here() || !place) return;
    this.#arrival = setTimeout(() => this.#lose("replica"), this.#patience.arrival);
    try {
      const room = await this.#open(place, {
        onready: (sight) => here() && void this.#seen(visit, sight),
        onspeaking: (on) => here() && this.#spoke(on),
        onlost: (loss) => here() && this.#lose(loss),
      });
      if (!here()) return;
      this.#room = room;
      room.join();
    } catch {
      if (here()) this.#lose("room");
    }
  }

  async #seen(visit: number, { video, audio, maxMessageBytes }: Sight): Promise<void> {
    try {
      await this.screen.show(video, audio);
    } catch (error) {
      const refused = error instanceof Error && error.name === "NotAllowedError";
      if (visit === this.#visit) this.#lose(refused ? "autoplay" : "room");
      return;
    }
    if (visit !== this.#visit || this.#face.is === "here") return;
    clearTimeout(this.#arrival);
    clearTimeout(this.#total);
    this.#vain = 0;
    this.#asked = this.#dead = false;
    this.#maxMessageBytes = maxMessageBytes;
    this.#watch();
    this.#show({ is: "here" });
    this.#arrived();
  }

  /** Tells the relay that it may speak through the face. */
  #arrived(): void {
    const { tell } = this.#options;
    if (this.#told !== "avatar" && tell({ type: "output", mode: "avatar" })) this.#told = "avatar";
    const most = this.#cautious
      ? Math.min(DAILY_MESSAGE_BYTES, this.#maxMessageBytes)
      : this.#maxMessageBytes;
    tell({ type: "avatar", state: "ready", max_message_bytes: most });
    if (this.#speaking) tell({ type: "avatar", state: "speaking" });
  }

  #spoke(on: boolean): void {
    this.#speaking = on;
    clearTimeout(this.#tail);
    if (on) this.#hush({ cut: false });
    else if (this.#cut) this.#tail = setTimeout(() => this.#hush({ cut: false }), this.#patience.tail);
    if (this.#face.is === "here") this.#options.tell({ type: "avatar", state: on ? "speaking" : "silent" });
    this.#options.onchange();
  }

  /** Out of the room, for this reason; `told`: it is the relay that says so. */
  #lose(loss: Loss, { told = false } = {}): void {
    const here = this.#face.is === "here";
    this.#loss = loss;
    this.#quit({ waiting: true });
    if (here && !told) this.#tellLost();
    if (loss === "shutdown" && this.#asked) void this.#renew();
    else if (loss === "shutdown" || loss === "autoplay" || loss === "bandwidth") {
      this.#dead = loss === "shutdown";
      this.#resign();
    } else if (here && this.#tooOften()) this.#giveUp();
    else {
      if (here) this.#look();
      this.#vain += 1;
      void this.#enter();
    }
  }

  #tooOften(): boolean {
    const now = Date.now();
    this.#losses = [...this.#losses.filter((at) => now - at < this.#patience.within), now];
    return this.#losses.length > this.#patience.losses;
  }

  /** It was here and is gone: from now on it is looked for, and for so long only. */
  #look(): void {
    this.#total = setTimeout(() => this.#giveUp(), this.#patience.total);
    this.#show({ is: "lost" });
  }

  /** Nothing came of it in all that time. */
  #giveUp(): void {
    this.#quit();
    this.#dead = true;
    this.#resign();
  }

  /** From here on it is the candidate's turn. A relay that still waits for the face is told not to. */
  #resign(): void {
    const awaited = this.#face.is === "coming";
    clearTimeout(this.#total);
    this.#asked = false;
    this.#show({ is: "gone", word: null, again: true });
    if (awaited) this.#tellLost();
  }

  async #renew(): Promise<void> {
    const visit = ++this.#visit;
    clearTimeout(this.#total);
    this.#show({ is: "coming" });
    // Whoever asks again while one is on its way waits for that one.
    this.#renewing ??= this.#options.renew().finally(() => {
      this.#renewing = null;
    });
    const renewal = await this.#renewing;
    if (this.#closed) return;
    if (renewal.place) {
      this.#place = renewal.place;
      this.#dead = false;
      this.#leftAt = null;
      this.#keep();
    }
    // The candidate may have thought better of it meanwhile.
    if (visit !== this.#visit) return;
    // One is asked for at a click, and no further one without another.
    this.#asked = false;
    if (renewal.place) this.#begin();
    else this.#show({ is: "gone", word: renewal.word, again: renewal.again });
  }

  #tellOff(): void {
    if (this.#told === "avatar" && this.#options.tell({ type: "output", mode: "voice" }))
      this.#told = "voice";
  }

  #tellLost(): void {
    if (this.#told === "avatar") this.#options.tell({ type: "avatar", state: "lost", reason: this.#loss });
  }

  /** Leaves the room, and lets nothing of it be seen or heard. */
  #quit({ waiting = false } = {}): void {
    this.#visit += 1;
    clearTimeout(this.#arrival);
    if (!waiting) clearTimeout(this.#total);
    clearTimeout(this.#tail);
    clearInterval(this.#watching);
    // Whoever is in a pause finds that the visit is over.
    this.#backoff.wake();
    this.screen.clear();
    this.#speaking = false;
    this.#hush({ voiced: true, cut: false });
    if (!this.#room) return;
    this.#leftAt = Date.now();
    this.#away = this.#room.leave();
    this.#room = null;
  }

  /** A picture that stands still while the replica speaks; where nobody looks, none is drawn. */
  #watch(): void {
    let progress = this.screen.progress;
    let moved = performance.now();
    clearInterval(this.#watching);
    this.#watching = setInterval(() => {
      const now = performance.now();
      const same = this.screen.progress === progress;
      if (!same || !this.#speaking || document.visibilityState !== "visible") {
        progress = this.screen.progress;
        moved = now;
      } else if (now - moved >= this.#patience.frozen) this.#lose("frozen");
    }, LOOK_MS);
  }

  #hush({ voiced = this.#voiced, cut = this.#cut }: { voiced?: boolean; cut?: boolean }): void {
    this.#voiced = voiced;
    this.#cut = cut;
    this.screen.silence(voiced || cut);
  }

  #keep(): void {
    this.#options.onkeep?.({ place: this.#place, wanted: this.#wanted });
  }

  #show(face: Face): void {
    this.#face = face;
    this.#options.onchange();
  }
}
