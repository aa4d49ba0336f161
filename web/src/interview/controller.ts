import type { Microphone } from "../audio/microphone";
import type { Speaker } from "../audio/speaker";
import type { AvatarSession, AvatarSessionOptions } from "../avatar/session";
import { ANSWER_BURST } from "../contract/limits.gen";
import { Connection, type ConnectionOptions, type Link } from "../relay/connection";
import type { Output, ServerMessage } from "../relay/messages";
import { BEFORE, reduce } from "../relay/state";
import type { Session } from "../session/session";
import type { VoiceProgress } from "./caption";
import { Capture } from "./capture";
import { badNews, isOver, type Leaving, type Scene } from "./scene";
import { keepUnconfirmed, loadUnconfirmed, newId } from "./unconfirmed";
import { InterviewerVoice } from "./voice";

/** How long to wait for the relay's `ended` after the candidate has asked to end, in milliseconds. */
const ENDED_TIMEOUT_MS = 5000;
/** How long the last words may play on after the end, in milliseconds. */
const LAST_WORDS_MS = 4000;
/** The most typed answers that wait for the relay: it takes no more at once. */
const MOST_UNCONFIRMED = ANSWER_BURST;

export interface ControllerOptions {
  session: Pick<Session, "session_token" | "stream_url" | "stream_urls"> & { session_id?: string };
  microphone: Microphone | null;
  speaker: Speaker;
  /** The interview is over, and its last words have been played. Called once. */
  onended: (reason: Leaving) => void;
  /** Connects to the relay. */
  connect?: (options: ConnectionOptions) => RelayConnection;
  /** Opens the avatar session; none: the interviewer is heard through the loudspeaker alone. */
  avatar?: OpenAvatarSession | null;
}

export type OpenAvatarSession = (hooks: Pick<AvatarSessionOptions, "send" | "onchange">) => AvatarSession;

type RelayConnection = Pick<Connection, "send" | "sendAudio" | "nudge" | "close">;

/** One interview as it happens: joins the relay, the microphone, the speaker and the avatar. */
export class InterviewController {
  readonly #options: ControllerOptions;
  readonly #speaker: Speaker;
  readonly #capture: Capture;
  readonly #avatar: AvatarSession | null;
  readonly #voice: InterviewerVoice;
  readonly #watchers = new Set<() => void>();
  #connection: RelayConnection;
  #scene: Scene;
  /** The relay has confirmed the candidate's time to think: only then can a floor message end it. */
  #holdConfirmed = false;
  #left = false;
  #leaving: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#speaker = options.speaker;
    this.#capture = new Capture(
      (pcm) => this.#connection.sendAudio(pcm),
      () => this.#unplugged(),
    );
    this.#scene = {
      ...BEFORE,
      microphone: options.microphone ? "open" : "none",
      muted: options.microphone?.muted ?? false,
      holding: false,
      sound: options.speaker.state,
      endingAsked: false,
      avatar: { is: "none" },
      sending: loadUnconfirmed(options.session.session_id),
    };
    this.#avatar =
      options.avatar?.({
        send: (message) => this.#connection.send(message),
        onchange: () => this.#avatarChanged(),
      }) ?? null;
    this.#voice = new InterviewerVoice(options.speaker, this.#avatar);
    this.#avatarChanged();
    this.#speaker.onDrained = () => this.#drained();
    this.#speaker.onstate = (sound) => this.#update({ sound });
    this.#capture.use(options.microphone);
    this.#connection = this.#connect();
    window.addEventListener("online", this.#retryNow);
    document.addEventListener("visibilitychange", this.#retryNow);
  }

  /** The present scene; a new object after each change. */
  readonly scene = (): Scene => this.#scene;

  /** Calls `watcher` after each change; returns a function that stops it. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** How loud the candidate is, 0..1. */
  level(): number {
    return this.#capture.level;
  }

  /** The microphone in use; `null`: none. */
  get microphone(): Microphone | null {
    return this.#capture.microphone;
  }

  /** Plays the interviewer on video through this device, as the speaker does; empty: the system's default. */
  playThrough(device: string): void {
    this.#avatar?.screen.playThrough(device);
  }

  /** Whether the interviewer can be heard now, through the speaker or the avatar. */
  get sounding(): boolean {
    return this.#voice.sounding;
  }

  /** The element that shows the interviewer on video; `null`: there is no avatar session. */
  get picture(): HTMLElement | null {
    return this.#avatar?.screen.picture ?? null;
  }

  /** How far the voice of one of the interviewer's turns is at `now` (milliseconds); `null`: not known. */
  progress(turn: number, now: number): VoiceProgress | null {
    return this.#voice.progress(turn, now);
  }

  /**
   * Sends a typed answer, which also gives back a held floor. It is sent again on the next connection until a caption
   * confirms it. `false`: there is no connection and none to come, or too much waits already.
   */
  answer(text: string): boolean {
    if (isOver(this.#scene) || this.#scene.sending.length >= MOST_UNCONFIRMED) return false;
    if (this.#scene.holding) this.hold(false);
    const answer = { id: newId(), text };
    this.#update({ sending: [...this.#scene.sending, answer] });
    this.#connection.send({ type: "text", ...answer });
    return true;
  }

  /** Sends the answers again that no caption has confirmed. */
  sendAgain(): void {
    for (const answer of this.#scene.sending) this.#connection.send({ type: "text", ...answer });
  }

  /** The candidate has said all of a spoken answer. */
  done(): void {
    this.#connection.send({ type: "done" });
  }

  /** Takes time to think, or gives the floor back. Without a connection it is said on the next one. */
  hold(on: boolean): void {
    if (on && isOver(this.#scene)) return;
    this.#holdConfirmed = false;
    this.#update({ holding: on });
    this.#connection.send({ type: "hold", on });
  }

  mute(on: boolean): void {
    this.#capture.mute(on);
    this.#update({ muted: on });
    this.#connection.send({ type: "mute", on });
  }

  /** Uses another microphone; `null`: none, answers are typed. */
  changeTo(microphone: Microphone | null): void {
    this.#capture.use(microphone);
    this.#update({ microphone: microphone ? "open" : "none" });
    if (microphone) this.mute(this.#scene.muted);
    else this.#connection.send({ type: "mute", on: true });
  }

  /** Turns the video on or off. Call it inside a click to turn it on. */
  video(on: boolean): void {
    this.#avatar?.setWanted(on);
  }

  /** Resumes sound that the browser has suspended. Call it inside a click. */
  async resume(): Promise<void> {
    await Promise.all([this.#speaker.resume(), this.#capture.resume()]);
    this.#update({ sound: this.#speaker.state });
  }

  /** Connects again after the connection was closed for good; a connection that is being made is made at once. */
  reconnect(): void {
    if (this.#scene.link.state !== "closed") {
      this.#connection.nudge();
      return;
    }
    this.#connection.close();
    this.#update({ link: { state: "connecting" } });
    this.#connection = this.#connect();
  }

  /** The candidate ends the interview. The room is left after the relay's `ended`, or without it after five seconds. */
  end(): void {
    if (this.#scene.endingAsked) return;
    this.#voice.interrupt();
    this.#update({ endingAsked: true, holding: false });
    const sent = this.#connection.send({ type: "end" });
    this.#leaveAfter(sent ? ENDED_TIMEOUT_MS : 0, "candidate");
  }

  /** Leaves the room now. */
  leave(reason: Leaving): void {
    if (this.#left) return;
    this.#left = true;
    this.#update({ sending: [] });
    this.close();
    this.#options.onended(reason);
  }

  /** Closes the connection and the avatar session. The devices stay open: their owner closes them. */
  close(): void {
    clearTimeout(this.#leaving);
    window.removeEventListener("online", this.#retryNow);
    document.removeEventListener("visibilitychange", this.#retryNow);
    this.#connection.close();
    this.#avatar?.close();
    this.#capture.release();
    this.#speaker.onDrained = null;
    this.#speaker.onstate = null;
  }

  #connect(): RelayConnection {
    const { connect = (options) => new Connection(options), session } = this.#options;
    return connect({
      url: session.stream_url,
      others: session.stream_urls?.filter((url) => url !== session.stream_url) ?? [],
      token: session.session_token,
      output: () => this.#avatar?.hello() ?? "voice",
      onmessage: (message) => this.#received(message),
      onaudio: (pcm) => this.#voice.play(pcm),
      onlink: (link) => this.#linkChanged(link),
      onfault: (error) => reportError(error),
    });
  }

  /** The network is back, or the page is visible again: ends all pauses between attempts. */
  readonly #retryNow = (): void => {
    if (document.visibilityState !== "visible") return;
    const { link } = this.#scene;
    if (link.state === "closed" && (link.why === "unreachable" || link.why === "faulty")) this.reconnect();
    else this.#connection.nudge();
    this.#avatar?.retryNow();
  };

  #linkChanged(link: Link): void {
    this.#update({ link });
    if (link.state !== "closed" || this.#scene.ending) return;
    // The candidate has nothing to decide: there are results, or there is no such interview.
    if (link.why === "already_ended" || link.why === "not_found") this.leave(link.why);
  }

  #received(message: ServerMessage): void {
    const now = performance.now();
    const next = reduce(this.#scene, message, now);
    // Most messages carry sound and change nothing that is drawn.
    if (next !== this.#scene) this.#update(next);
    switch (message.type) {
      case "ready":
        this.#ready(message.output);
        break;
      case "echo":
        this.#voice.echo(message.event);
        break;
      case "notice":
        if (message.code === "avatar_lost") this.#avatar?.relayGaveUp();
        break;
      case "floor":
        if (message.holder === "thinking") this.#holdConfirmed = this.#scene.holding;
        else if (this.#holdConfirmed) this.#update({ holding: false });
        break;
      case "caption":
        if (message.speaker === "interviewer") this.#turnBegins(message.turn, now);
        break;
      case "spoken":
        if (this.#voice.end(message.turn)) this.#drained();
        break;
      case "interrupted":
        this.#voice.cut(message.turn);
        break;
      case "ended":
        this.#update({ holding: false });
        this.#leaveAfter(
          this.#speaker.idle || message.reason === "candidate" ? 0 : LAST_WORDS_MS,
          message.reason,
        );
        break;
    }
  }

  /** A new connection is open: the relay does not know what this page last told it. */
  #ready(output: Output): void {
    this.#voice.restart(output);
    this.#holdConfirmed = false;
    if (this.#scene.muted || !this.#capture.open) this.#connection.send({ type: "mute", on: true });
    if (this.#scene.holding) this.#connection.send({ type: "hold", on: true });
    this.sendAgain();
    this.#avatar?.relayReady();
  }

  #turnBegins(turn: number, now: number): void {
    const restored = this.#scene.turns.some((each) => each.turn === turn && each.restored);
    if (!restored) this.#voice.begin(turn, now);
  }

  /** The state of the avatar has changed, or whether it speaks. */
  #avatarChanged(): void {
    if (!this.#avatar) return;
    this.#voice.avatarChanged(performance.now());
    if (this.#avatar.state !== this.#scene.avatar) this.#update({ avatar: this.#avatar.state });
  }

  /** The speaker has played everything. */
  #drained(): void {
    if (this.#scene.ending) this.#leaveAfter(0, this.#scene.ending);
    if (this.#voice.drained()) this.#connection.send({ type: "played" });
  }

  #leaveAfter(milliseconds: number, reason: Leaving): void {
    clearTimeout(this.#leaving);
    // Bad news stays until the candidate has read it and clicks.
    if (badNews(this.#scene)) return;
    this.#leaving = setTimeout(() => this.leave(reason), milliseconds);
  }

  #unplugged(): void {
    this.#update({ microphone: "gone" });
    this.#connection.send({ type: "mute", on: true });
  }

  #update(change: Partial<Scene>): void {
    const before = this.#scene.sending;
    this.#scene = { ...this.#scene, ...change };
    if (this.#scene.sending !== before) {
      keepUnconfirmed(this.#options.session.session_id, this.#scene.sending);
    }
    for (const watcher of this.#watchers) watcher();
  }
}
