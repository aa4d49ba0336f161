import { Backoff } from "../stream/backoff";
import type { ClientMessage, Loss, Output } from "../stream/messages";
import { Conversation, type Renewal } from "./conversation";
import { Losses } from "./losses";
import { Report } from "./report";
import { type Message, type OpenRoom, openRoom, type Place } from "./room";
import { PageScreen, type Screen } from "./screen";
import { Sound } from "./sound";
import { PATIENCE, type Patience } from "./timeouts";
import { Visit } from "./visit";

/**
 * How it stands with the interviewer's face. `none`: there is none to be had; `off`: the candidate does without;
 * `coming`: awaited; `here`; `lost`: gone, and looked for again without anyone's doing; `gone`: until the candidate asks
 * for it.
 */
export type Face =
  | { is: "none" | "off" | "coming" | "here" | "lost" }
  /** `word`: why it can't be had, in words for the candidate; `null`: it was lost. `again`: asking for it may help. */
  | { is: "gone"; word: string | null; again: boolean };

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
  readonly #conversation: Conversation;
  readonly #report: Report;
  readonly #sound: Sound;
  readonly #losses: Losses;
  #face: Face;
  #wanted: boolean;
  #visit: Visit | null = null;
  /** Counts what was begun and given up: what comes of an earlier asking is not gone into any more. */
  #step = 0;
  /** Resolves when the last room has been left. */
  #away: Promise<void> = Promise.resolve();
  /** The candidate has asked for the face: should its conversation be over, another one may be paid for. */
  #asked = false;
  /** Attempts in vain since it was here. */
  #vain = 0;
  #loss: Loss = "room";
  /** The largest message that the room takes. */
  #maxMessageBytes = 0;
  #total: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: SeatOptions) {
    const patience = { ...PATIENCE, ...options.patience };
    const { place, renew } = options;
    this.#options = options;
    this.#patience = patience;
    this.#backoff = new Backoff(patience.first, patience.longest);
    this.screen = options.screen ?? new PageScreen();
    this.#conversation = new Conversation({ place, renew, left: patience.left });
    this.#report = new Report(options.tell);
    this.#sound = new Sound(this.screen, patience.tail);
    this.#losses = new Losses(patience.losses, patience.within);
    this.#wanted = options.wanted;
    // A conversation that could not be had at the start is no news any more: the switch asks for it.
    this.#face = options.wanted && options.place ? { is: "coming" } : { is: "off" };
    if (this.#face.is === "coming") this.#begin();
  }

  get face(): Face {
    return this.#face;
  }

  /** The replica is speaking, and is heard. */
  get heard(): boolean {
    return this.#face.is === "here" && this.#sound.heard;
  }

  get speaking(): boolean {
    return this.#sound.speaking;
  }

  /** What the relay is told when a line to it is opened. */
  greet(): Output {
    return this.#report.greet(this.#wanted && this.#conversation.place ? "avatar" : "voice");
  }

  /** The relay has answered on a new line: it knows nothing of the room yet. */
  greeted(): void {
    const { is } = this.#face;
    if (is === "here") this.#arrived();
    else if (is === "off") this.#report.off();
    else if (is !== "coming") this.#report.lost(this.#loss);
  }

  /** Hands what the relay says to the room, unread. */
  echo(message: Message): void {
    this.#sound.echoed();
    if (this.#face.is !== "here") return;
    try {
      this.#visit?.send(message);
    } catch {
      this.#report.refused();
      this.#lose("room");
    }
  }

  /** The relay's own sound is played. */
  voiced(): void {
    this.#sound.voiced();
  }

  /** Not another word of what the replica is saying. */
  interrupted(): void {
    this.#sound.interrupted();
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
      this.#report.off();
    }
    this.#keep();
  }

  /** Fetches the face: from its conversation if that may still be there, else from another; to be called inside a click. */
  bring(): void {
    const face = this.#face;
    if (this.#closed || (face.is === "gone" ? !face.again : face.is !== "off")) return;
    this.screen.prime();
    this.#wanted = this.#asked = true;
    if (!this.#conversation.open) void this.#renew();
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
    const { place } = this.#conversation;
    if (!place) return;
    const visit = new Visit({
      place,
      open: this.#options.open ?? openRoom,
      screen: this.screen,
      speaking: () => this.#sound.speaking,
      patience: this.#patience,
      onseen: (maxMessageBytes) => this.#seen(maxMessageBytes),
      onspeaking: (on) => this.#spoke(on),
      onlost: (loss) => this.#lose(loss),
    });
    this.#visit = visit;
    await Promise.all([this.#away, this.#backoff.wait(this.#vain)]);
    await visit.enter();
  }

  #seen(maxMessageBytes: number): void {
    clearTimeout(this.#total);
    this.#vain = 0;
    this.#asked = false;
    this.#maxMessageBytes = maxMessageBytes;
    this.#show({ is: "here" });
    this.#arrived();
  }

  /** Tells the relay that it may speak through the face. */
  #arrived(): void {
    this.#report.ready(this.#maxMessageBytes);
    if (this.#sound.speaking) this.#report.spoke(true);
  }

  #spoke(on: boolean): void {
    this.#sound.spoke(on);
    if (this.#face.is === "here") this.#report.spoke(on);
    this.#options.onchange();
  }

  /** Out of the room, for this reason; `told`: it is the relay that says so. */
  #lose(loss: Loss, { told = false } = {}): void {
    const here = this.#face.is === "here";
    this.#loss = loss;
    this.#quit({ waiting: true });
    if (here && !told) this.#report.lost(loss);
    if (loss === "shutdown" && this.#asked) void this.#renew();
    else if (loss === "shutdown" || loss === "autoplay" || loss === "bandwidth") {
      if (loss === "shutdown") this.#conversation.end();
      this.#resign();
    } else if (here && this.#losses.add()) this.#giveUp();
    else {
      if (here) this.#look();
      this.#vain += 1;
      void this.#enter();
    }
  }

  /** It was here and is gone: from now on it is looked for, and for so long only. */
  #look(): void {
    this.#total = setTimeout(() => this.#giveUp(), this.#patience.total);
    this.#show({ is: "lost" });
  }

  /** Nothing came of it in all that time. */
  #giveUp(): void {
    this.#quit();
    this.#conversation.end();
    this.#resign();
  }

  /** From here on it is the candidate's turn. A relay that still waits for the face is told not to. */
  #resign(): void {
    const awaited = this.#face.is === "coming";
    clearTimeout(this.#total);
    this.#asked = false;
    this.#show({ is: "gone", word: null, again: true });
    if (awaited) this.#report.lost(this.#loss);
  }

  async #renew(): Promise<void> {
    const step = ++this.#step;
    clearTimeout(this.#total);
    this.#show({ is: "coming" });
    const renewal = await this.#conversation.renew();
    if (this.#closed) return;
    if (renewal.place) this.#keep();
    // The candidate may have thought better of it meanwhile.
    if (step !== this.#step) return;
    // One is asked for at a click, and no further one without another.
    this.#asked = false;
    if (renewal.place) this.#begin();
    else this.#show({ is: "gone", word: renewal.word, again: renewal.again });
  }

  /** Leaves the room, and lets nothing of it be seen or heard. */
  #quit({ waiting = false } = {}): void {
    this.#step += 1;
    if (!waiting) clearTimeout(this.#total);
    const left = this.#visit?.leave();
    this.#visit = null;
    // Whoever is in a pause finds that the visit is over.
    this.#backoff.wake();
    this.screen.clear();
    this.#sound.end();
    if (!left) return;
    this.#conversation.left();
    this.#away = left;
  }

  #keep(): void {
    this.#options.onkeep?.({ place: this.#conversation.place, wanted: this.#wanted });
  }

  #show(face: Face): void {
    this.#face = face;
    this.#options.onchange();
  }
}
