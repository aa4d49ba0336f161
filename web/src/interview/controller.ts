import type { Microphone } from "../audio/microphone";
import type { Speaker } from "../audio/speaker";
import type { Seat, SeatOptions } from "../avatar/session";
import type { Session } from "../session/session";
import { Connection, type ConnectionOptions, type Link } from "../stream/connection";
import type { Output, ServerMessage } from "../stream/messages";
import { BEFORE, reduce } from "../stream/state";
import { Speeches } from "./avatarTiming";
import type { Voice } from "./caption";
import { badNews, isOver, type Leaving, type Scene } from "./scene";
import { Spans } from "./voiceTiming";

/** How long the relay may take to say `ended` after the candidate's End, in milliseconds. */
const FAREWELL_MS = 5000;
/** How long the last words may play on after the end, in milliseconds. */
const LAST_WORDS_MS = 4000;

export interface LiveOptions {
  session: Pick<Session, "session_token" | "stream_url" | "stream_urls">;
  microphone: Microphone | null;
  speaker: Speaker;
  /** The interview is over, and its last words have been heard. Called once. */
  onended: (reason: Leaving) => void;
  /** Puts a line through to the relay. */
  dial?: (options: ConnectionOptions) => Line;
  /** Gives the interviewer's face its seat; none: it is heard from the loudspeaker alone. */
  seat?: TakeSeat | null;
}

export type TakeSeat = (hooks: Pick<SeatOptions, "tell" | "onchange">) => Seat;

type Line = Pick<Connection, "send" | "sendAudio" | "nudge" | "close">;

/** One interview as it happens: ties the line, the microphone, the loudspeaker and the interviewer's face together. */
export class Live {
  readonly #options: LiveOptions;
  readonly #speaker: Speaker;
  readonly #spans: Spans;
  readonly #speeches = new Speeches();
  readonly #seat: Seat | null;
  readonly #watchers = new Set<() => void>();
  #line: Line;
  #microphone: Microphone | null = null;
  #scene: Scene;
  /** Which way the interviewer's voice last came: as sound for the loudspeaker, or past it for the face. */
  #path: Output = "voice";
  #unplayed = false;
  /** The relay has confirmed the hold: from now on it may also end it. */
  #held = false;
  #left = false;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  #moved = { position: 0, at: 0 };

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#speaker = options.speaker;
    this.#spans = new Spans(options.speaker.received);
    this.#scene = {
      ...BEFORE,
      microphone: "none",
      muted: options.microphone?.muted ?? false,
      holding: false,
      sound: options.speaker.state,
      endingAsked: false,
      face: { is: "none" },
    };
    this.#seat =
      options.seat?.({
        tell: (message) => this.#line.send(message),
        onchange: () => this.#faced(),
      }) ?? null;
    this.#faced();
    this.#speaker.onDrained = () => this.#drained();
    this.#speaker.onstate = (sound) => this.#show({ sound });
    this.#take(options.microphone);
    this.#line = this.#dial();
    window.addEventListener("online", this.#wake);
    document.addEventListener("visibilitychange", this.#wake);
  }

  /** The present scene; a new object whenever something changed. */
  readonly scene = (): Scene => this.#scene;

  /** Calls back at every change, until the returned function is called. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** How loud the candidate is, 0..1. */
  level(): number {
    return this.#microphone?.level() ?? 0;
  }

  /** Whether the interviewer is heard just now, whichever way. */
  get sounding(): boolean {
    return (!this.#speaker.idle && this.#speaker.state === "running") || (this.#seat?.heard ?? false);
  }

  /** The interviewer's picture; `null`: there is none to be had. */
  get picture(): HTMLElement | null {
    return this.#seat?.screen.picture ?? null;
  }

  /** Where the voice of one of the interviewer's turns is, at `now` (milliseconds); `null`: not known. */
  voice(turn: number, now: number): Voice | null {
    if (this.#path === "avatar") return this.#speeches.voice(turn, now);
    const position = this.#speaker.position;
    if (position !== this.#moved.position) this.#moved = { position, at: now };
    const voice = this.#spans.voice(turn, this.#speaker.received, position);
    return voice && { ...voice, still: (now - this.#moved.at) / 1000 };
  }

  /** Sends a typed answer, which also gives a held floor back; `false`: the line is down, it was not sent. */
  answer(text: string): boolean {
    if (this.#scene.holding && this.#scene.link.state === "open") this.hold(false);
    return this.#line.send({ type: "text", text });
  }

  /** Keeps the floor to think, or gives it back. What the line does not carry now is said on the next one. */
  hold(on: boolean): void {
    if (on && isOver(this.#scene)) return;
    this.#held = false;
    this.#show({ holding: on });
    this.#line.send({ type: "hold", on });
  }

  mute(on: boolean): void {
    if (this.#microphone) this.#microphone.muted = on;
    this.#show({ muted: on });
    this.#line.send({ type: "mute", on });
  }

  /** Goes on with another microphone, or with none: then answers are typed. */
  changeTo(microphone: Microphone | null): void {
    this.#letGo();
    this.#take(microphone);
    if (microphone) this.mute(this.#scene.muted);
    else this.#line.send({ type: "mute", on: true });
  }

  /** Whether the candidate wants to see the interviewer; on: to be called inside a click. */
  video(on: boolean): void {
    this.#seat?.want(on);
  }

  /** Turns a sound on that the browser holds back; to be called inside a click. */
  async resume(): Promise<void> {
    await Promise.all([this.#speaker.resume(), this.#microphone?.resume()]);
    this.#show({ sound: this.#speaker.state });
  }

  /** Dials anew after the line was closed for good. */
  redial(): void {
    this.#line.close();
    this.#show({ link: { state: "connecting" } });
    this.#line = this.#dial();
  }

  /** The candidate ends. The room is left with the relay's answer, or without it after five seconds. */
  end(): void {
    if (this.#scene.endingAsked) return;
    this.#speaker.interrupt();
    this.#seat?.interrupted();
    this.#show({ endingAsked: true, holding: false });
    const sent = this.#line.send({ type: "end" });
    this.#leaveAfter(sent ? FAREWELL_MS : 0, "candidate");
  }

  /** Leaves at once, for a reason known already. */
  leave(reason: Leaving): void {
    if (this.#left) return;
    this.#left = true;
    this.close();
    this.#options.onended(reason);
  }

  /** Hangs up. The devices stay open: they belong to whoever opened them. */
  close(): void {
    clearTimeout(this.#leaving);
    window.removeEventListener("online", this.#wake);
    document.removeEventListener("visibilitychange", this.#wake);
    this.#line.close();
    this.#seat?.close();
    this.#letGo();
    this.#speaker.onDrained = null;
    this.#speaker.onstate = null;
  }

  #dial(): Line {
    const { dial = (options) => new Connection(options), session } = this.#options;
    return dial({
      url: session.stream_url,
      others: session.stream_urls?.filter((url) => url !== session.stream_url) ?? [],
      token: session.session_token,
      output: () => this.#seat?.greet() ?? "voice",
      onmessage: (message) => this.#received(message),
      onaudio: (pcm) => this.#hear(pcm),
      onlink: (link) => this.#linked(link),
      onfault: (error) => reportError(error),
    });
  }

  /** The network is back, or the page is seen again: whatever was waited for is worth trying now. */
  readonly #wake = (): void => {
    if (document.visibilityState !== "visible") return;
    const { link } = this.#scene;
    if (link.state === "closed" && link.why === "unreachable") this.redial();
    else this.#line.nudge();
    this.#seat?.nudge();
  };

  #linked(link: Link): void {
    this.#show({ link });
    if (link.state !== "closed" || this.#scene.ending) return;
    // Here is nothing left to decide: the results, or no such interview.
    if (link.why === "already_ended" || link.why === "not_found") this.leave(link.why);
  }

  /** More of the voice: what was sent before is no longer the last that is to be played. */
  #hear(pcm: ArrayBuffer): void {
    this.#path = "voice";
    this.#seat?.voiced();
    this.#unplayed = false;
    this.#speaker.push(pcm);
  }

  /** More of the voice for the face, which says itself when it has been heard. */
  #echo(event: Record<string, unknown>): void {
    this.#path = "avatar";
    this.#unplayed = false;
    this.#seat?.echo(event);
  }

  #received(message: ServerMessage): void {
    const now = performance.now();
    const next = reduce(this.#scene, message, now);
    // Nothing is drawn anew for the sound, which is most of what comes.
    if (next !== this.#scene) this.#show(next);
    switch (message.type) {
      case "ready":
        // Nothing of this connection has been heard yet; what still plays is the last one's.
        this.#spans.restart(this.#speaker.received);
        this.#speeches.restart();
        this.#path = message.output;
        this.#unplayed = this.#held = false;
        if (this.#scene.muted || !this.#microphone) this.#line.send({ type: "mute", on: true });
        if (this.#scene.holding) this.#line.send({ type: "hold", on: true });
        this.#seat?.greeted();
        break;
      case "echo":
        this.#echo(message.event);
        break;
      case "notice":
        if (message.code === "avatar_lost") this.#seat?.dropped();
        break;
      case "floor":
        if (message.holder === "thinking") this.#held = this.#scene.holding;
        else if (this.#held) this.#show({ holding: false });
        break;
      case "caption":
        if (
          message.speaker === "interviewer" &&
          !this.#restored(message.turn) &&
          this.#spans.begin(message.turn)
        ) {
          // Its sound is given the usual patience, however long it has been quiet before.
          this.#moved.at = now;
          this.#speeches.begin(message.turn, now);
        }
        break;
      case "spoken":
        this.#spans.end(message.turn, this.#speaker.received);
        this.#speeches.end(message.turn);
        // What the face says has been heard when it falls silent: the relay is told of that instead.
        if (this.#path === "avatar" && this.#seat?.face.is === "here") break;
        this.#unplayed = true;
        if (this.#speaker.idle) this.#drained();
        break;
      case "interrupted":
        this.#spans.end(message.turn, this.#speaker.received);
        this.#speeches.end(message.turn);
        this.#unplayed = false;
        this.#speaker.interrupt();
        this.#seat?.interrupted();
        break;
      case "ended":
        this.#show({ holding: false });
        this.#leaveAfter(
          this.#speaker.idle || message.reason === "candidate" ? 0 : LAST_WORDS_MS,
          message.reason,
        );
        break;
    }
  }

  /** Something about the face, or about whether it speaks, has changed. */
  #faced(): void {
    if (!this.#seat) return;
    this.#speeches.speaking(this.#seat.speaking, performance.now());
    if (this.#seat.face !== this.#scene.face) this.#show({ face: this.#seat.face });
  }

  #restored(turn: number): boolean {
    return this.#scene.turns.some((each) => each.turn === turn && each.restored);
  }

  #drained(): void {
    if (this.#scene.ending) this.#leaveAfter(0, this.#scene.ending);
    if (!this.#unplayed) return;
    this.#unplayed = false;
    this.#line.send({ type: "played" });
  }

  #leaveAfter(milliseconds: number, reason: Leaving): void {
    clearTimeout(this.#leaving);
    // Bad news is left to be read: then a button leads on.
    if (badNews(this.#scene)) return;
    this.#leaving = setTimeout(() => this.leave(reason), milliseconds);
  }

  #take(microphone: Microphone | null): void {
    this.#microphone = microphone;
    this.#show({ microphone: microphone ? "open" : "none" });
    if (!microphone) return;
    microphone.onframe = (pcm) => this.#line.sendAudio(pcm);
    microphone.onended = () => {
      this.#letGo();
      this.#show({ microphone: "gone" });
      this.#line.send({ type: "mute", on: true });
    };
  }

  #letGo(): void {
    if (!this.#microphone) return;
    this.#microphone.onframe = null;
    this.#microphone.onended = null;
    this.#microphone = null;
  }

  #show(change: Partial<Scene>): void {
    this.#scene = { ...this.#scene, ...change };
    for (const watcher of this.#watchers) watcher();
  }
}
