import type { ClientMessage, Loss, Output } from "../relay/messages";
import { Backoff } from "../retry/backoff";
import { AvatarConversation, type Renewal } from "./conversation";
import { Losses } from "./losses";
import { openDailyRoom } from "./open";
import { Report } from "./report";
import type { Message, OpenRoom, RoomAddress } from "./room";
import { PageScreen, type Screen } from "./screen";
import { Sound } from "./sound";
import { type AvatarEvent, type AvatarFailure, type AvatarState, next } from "./state";
import { TIMEOUTS, type Timeouts } from "./timeouts";
import { Visit } from "./visit";

/** After these, another attempt at the same room does not help. */
const FINAL: Loss[] = ["shutdown", "autoplay", "bandwidth"];

export interface AvatarSessionOptions {
  /** The room of the conversation; `null`: there is none yet. */
  address: RoomAddress | null;
  /** The candidate wants video. */
  wanted: boolean;
  /** Asks for another conversation. It costs money: at most one for each click of the candidate. */
  renew: () => Promise<Renewal>;
  /** Sends a message to the relay; `false`: there is no connection. */
  send: (message: ClientMessage) => boolean;
  /** The state, or whether the replica speaks, has changed. */
  onchange: () => void;
  /** Another conversation or another choice of the candidate, to be kept for a reload. */
  onkeep?: (kept: { address: RoomAddress | null; wanted: boolean }) => void;
  open?: OpenRoom;
  screen?: Screen;
  timeouts?: Partial<Timeouts>;
}

/**
 * The interviewer on video, for one interview: joins the room, joins again when it is lost, and mutes the replica while
 * the relay plays its own voice. The states and their transitions are in state.ts.
 */
export class AvatarSession {
  readonly screen: Screen;
  readonly #options: AvatarSessionOptions;
  readonly #timeouts: Timeouts;
  readonly #backoff: Backoff;
  readonly #conversation: AvatarConversation;
  readonly #report: Report;
  readonly #sound: Sound;
  readonly #losses: Losses;
  #state: AvatarState = { is: "off" };
  #wanted: boolean;
  #visit: Visit | null = null;
  /** Counts requests that were started or given up: the answer to an earlier one is not used. */
  #request = 0;
  /** Resolves when the last room has been left. */
  #away: Promise<void> = Promise.resolve();
  /** The candidate has clicked: if the conversation has ended, another one may be paid for. */
  #asked = false;
  /** Failed attempts since the replica was last shown. */
  #failed = 0;
  #loss: Loss = "room";
  /** The largest message that the room takes. */
  #maxMessageBytes = 0;
  #total: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: AvatarSessionOptions) {
    const timeouts = { ...TIMEOUTS, ...options.timeouts };
    const { address, renew } = options;
    this.#options = options;
    this.#timeouts = timeouts;
    this.#backoff = new Backoff(timeouts);
    this.screen = options.screen ?? new PageScreen();
    this.#conversation = new AvatarConversation({ address, renew, left: timeouts.left });
    this.#report = new Report(options.send);
    this.#sound = new Sound(this.screen, timeouts.tail);
    this.#losses = new Losses(timeouts.losses, timeouts.within);
    this.#wanted = options.wanted;
    // Without a conversation the candidate was told so at the start; the switch asks for one.
    if (!options.wanted || !address) return;
    this.#state = next(this.#state, "connect");
    this.#begin();
  }

  get state(): AvatarState {
    return this.#state;
  }

  /** The replica is speaking and can be heard. */
  get audible(): boolean {
    return this.#state.is === "connected" && this.#sound.audible;
  }

  get speaking(): boolean {
    return this.#sound.speaking;
  }

  /** The output to ask for in the `hello` of a new connection to the relay. */
  hello(): Output {
    return this.#report.hello(this.#wanted && this.#conversation.address ? "avatar" : "voice");
  }

  /** The relay has said `ready` on a new connection: it knows nothing of the room yet. */
  relayReady(): void {
    const { is } = this.#state;
    if (is === "connected") this.#announce();
    else if (is === "off") this.#report.turnedOff();
    else if (is !== "connecting") this.#report.lost(this.#loss);
  }

  /** Sends the relay's tavus echo to the room, unread. */
  echo(message: Message): void {
    this.#sound.avatarSpeaks();
    if (this.#state.is !== "connected") return;
    try {
      this.#visit?.send(message);
    } catch {
      this.#report.limitMessages();
      this.#lost("room");
    }
  }

  /** The relay plays its own voice. */
  relaySpeaks(): void {
    this.#sound.relaySpeaks();
  }

  /** The candidate interrupts: mutes what the replica is saying. */
  interrupt(): void {
    this.#sound.interrupt();
  }

  /** The relay has stopped using the avatar: joins again. */
  relayGaveUp(): void {
    if (this.#state.is === "connected") this.#lost("replica", { reported: true });
  }

  /** The network is back: ends the present pause. */
  retryNow(): void {
    this.#backoff.wake();
  }

  /** The candidate turns the video on or off. Call it inside a click to turn it on. */
  setWanted(on: boolean): void {
    if (this.#closed) return;
    this.#wanted = on;
    if (on) this.#connect();
    else {
      this.#leave();
      this.#on("turn_off");
      this.#report.turnedOff();
    }
    this.#keep();
  }

  /** The interview is over, or the page is left. */
  close(): void {
    this.#closed = true;
    this.#leave();
  }

  /** Joins the room of the conversation if that may still be open, else asks for another conversation. */
  #connect(): void {
    const state = this.#state;
    if (state.is === "failed" ? !state.retryable : state.is !== "off") return;
    this.screen.prime();
    this.#asked = true;
    this.#on("connect");
    if (this.#conversation.open) this.#begin();
    else void this.#renew();
  }

  /** The first attempt after the candidate asked; all attempts together have one time limit. */
  #begin(): void {
    this.#failed = 0;
    this.#loss = "replica";
    this.#limitTotal();
    void this.#enter();
  }

  #limitTotal(): void {
    clearTimeout(this.#total);
    this.#total = setTimeout(() => this.#giveUp(), this.#timeouts.total);
  }

  /** Joins the room, after a pause if the last attempt failed. */
  async #enter(): Promise<void> {
    const { address } = this.#conversation;
    if (!address) return;
    const visit = new Visit({
      address,
      open: this.#options.open ?? openDailyRoom,
      screen: this.screen,
      speaking: () => this.#sound.speaking,
      timeouts: this.#timeouts,
      onshown: (maxMessageBytes) => this.#shown(maxMessageBytes),
      onspeaking: (on) => this.#spoke(on),
      onlost: (loss) => this.#lost(loss),
    });
    this.#visit = visit;
    await Promise.all([this.#away, this.#backoff.wait(this.#failed)]);
    await visit.enter();
  }

  #shown(maxMessageBytes: number): void {
    clearTimeout(this.#total);
    this.#failed = 0;
    this.#asked = false;
    this.#maxMessageBytes = maxMessageBytes;
    this.#on("join");
    this.#announce();
  }

  /** Tells the relay that it may speak through the avatar. */
  #announce(): void {
    this.#report.ready(this.#maxMessageBytes);
    if (this.#sound.speaking) this.#report.speaking(true);
  }

  #spoke(on: boolean): void {
    this.#sound.setSpeaking(on);
    if (this.#state.is === "connected") this.#report.speaking(on);
    this.#options.onchange();
  }

  /** The room was lost, or could not be joined. `reported`: the relay knows. */
  #lost(loss: Loss, { reported = false } = {}): void {
    const connected = this.#state.is === "connected";
    this.#loss = loss;
    this.#leave({ retrying: true });
    if (connected && !reported) this.#report.lost(loss);
    if (loss === "shutdown" && this.#asked) void this.#renew();
    else if (FINAL.includes(loss)) {
      if (loss === "shutdown") this.#conversation.end();
      this.#fail();
    } else if (connected && this.#losses.add()) this.#giveUp();
    else {
      if (connected) this.#limitTotal();
      this.#on("lose");
      this.#failed += 1;
      void this.#enter();
    }
  }

  /** Stops trying: the room did not come back in time, or was lost too often. */
  #giveUp(): void {
    this.#leave();
    this.#conversation.end();
    this.#fail();
  }

  /** Waits for the candidate. A relay that still waits for the avatar is told not to. */
  #fail(): void {
    const awaited = this.#state.is === "connecting";
    clearTimeout(this.#total);
    this.#asked = false;
    this.#on("fail");
    if (awaited) this.#report.lost(this.#loss);
  }

  /** Asks for another conversation, and joins its room. */
  async #renew(): Promise<void> {
    const request = ++this.#request;
    clearTimeout(this.#total);
    const renewal = await this.#conversation.renew();
    if (this.#closed) return;
    if (renewal.address) this.#keep();
    // The candidate may have turned the video off meanwhile.
    if (request !== this.#request) return;
    // One click pays for one conversation.
    this.#asked = false;
    if (renewal.address) this.#begin();
    else this.#on("fail", renewal);
  }

  /** Leaves the room, hides the picture and mutes the sound. `retrying`: the time limit of all attempts runs on. */
  #leave({ retrying = false } = {}): void {
    this.#request += 1;
    if (!retrying) clearTimeout(this.#total);
    const left = this.#visit?.leave();
    this.#visit = null;
    // An attempt that is in its pause finds that its visit is over.
    this.#backoff.wake();
    this.screen.clear();
    this.#sound.reset();
    if (!left) return;
    this.#conversation.left();
    this.#away = left;
  }

  #keep(): void {
    this.#options.onkeep?.({ address: this.#conversation.address, wanted: this.#wanted });
  }

  #on(event: AvatarEvent, failure?: AvatarFailure): void {
    const state = next(
      this.#state,
      event,
      failure && { message: failure.message, retryable: failure.retryable },
    );
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onchange();
  }
}
