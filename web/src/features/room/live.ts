import type { Microphone } from "../../audio/microphone";
import type { Speaker, SpeakerState } from "../../audio/speaker";
import type { Session } from "../../session/session";
import { Connection, type ConnectionOptions } from "../../stream/connection";
import type { Ending, ServerMessage } from "../../stream/messages";
import { BEFORE, type Interview, reduce } from "../../stream/state";
import type { Voice } from "./pace";
import { Spans } from "./spans";

/** How long the relay may take to say `ended` after the candidate's End, in milliseconds. */
const FAREWELL_MS = 5000;
/** How long the last words may play on after the end, in milliseconds. */
const LAST_WORDS_MS = 4000;

/** Why the room is left: as the relay says, or it said nothing any more. */
export type Leaving = Ending | "already_ended" | "not_found";

/** What the room shows: the interview, and the state of this page's devices. */
export interface Scene extends Interview {
  /** `gone`: it was there and was unplugged. */
  microphone: "open" | "none" | "gone";
  muted: boolean;
  sound: SpeakerState;
  /** The candidate asked for the end, and the answer is awaited. */
  endingAsked: boolean;
}

export interface LiveOptions {
  session: Pick<Session, "session_token" | "stream_url">;
  microphone: Microphone | null;
  speaker: Speaker;
  /** The interview is over, and its last words have been heard. Called once. */
  onended: (reason: Leaving) => void;
  /** Puts a line through to the relay. */
  dial?: (options: ConnectionOptions) => Pick<Connection, "send" | "sendAudio" | "close">;
}

/** One interview as it happens: ties the line, the microphone and the loudspeaker together. */
export class Live {
  readonly #options: LiveOptions;
  readonly #speaker: Speaker;
  readonly #spans: Spans;
  readonly #watchers = new Set<() => void>();
  #line: Pick<Connection, "send" | "sendAudio" | "close">;
  #microphone: Microphone | null = null;
  #scene: Scene;
  #unplayed = false;
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
      sound: options.speaker.state,
      endingAsked: false,
    };
    this.#speaker.onDrained = () => this.#drained();
    this.#speaker.onstate = (sound) => this.#show({ sound });
    this.#take(options.microphone);
    this.#line = this.#dial();
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

  /** Where the voice of one of the interviewer's turns is, at `now` (milliseconds); `null`: not known. */
  voice(turn: number, now: number): Voice | null {
    const position = this.#speaker.position;
    if (position !== this.#moved.position) this.#moved = { position, at: now };
    const voice = this.#spans.voice(turn, this.#speaker.received, position);
    return voice && { ...voice, still: (now - this.#moved.at) / 1000 };
  }

  /** Sends a typed answer; `false`: the line is down, it was not sent. */
  answer(text: string): boolean {
    return this.#line.send({ type: "text", text });
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
    this.#show({ endingAsked: true });
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
    this.#line.close();
    this.#letGo();
    this.#speaker.onDrained = null;
    this.#speaker.onstate = null;
  }

  #dial(): Pick<Connection, "send" | "sendAudio" | "close"> {
    const { dial = (options) => new Connection(options), session } = this.#options;
    return dial({
      url: session.stream_url,
      token: session.session_token,
      output: "voice",
      onmessage: (message) => this.#received(message),
      onaudio: (pcm) => this.#speaker.push(pcm),
      onlink: (link) => this.#show({ link }),
      onfault: (error) => reportError(error),
    });
  }

  #received(message: ServerMessage): void {
    this.#show(reduce(this.#scene, message, performance.now()));
    switch (message.type) {
      case "ready":
        if (this.#scene.muted || !this.#microphone) this.#line.send({ type: "mute", on: true });
        break;
      case "caption":
        if (message.speaker === "interviewer" && this.#spans.begin(message.turn)) {
          // Its sound is given the usual patience, however long it has been quiet before.
          this.#moved.at = performance.now();
        }
        break;
      case "spoken":
        this.#spans.end(message.turn, this.#speaker.received);
        this.#unplayed = true;
        if (this.#speaker.idle) this.#drained();
        break;
      case "interrupted":
        this.#spans.end(message.turn, this.#speaker.received);
        this.#unplayed = false;
        this.#speaker.interrupt();
        break;
      case "ended":
        this.#leaveAfter(
          this.#speaker.idle || message.reason === "candidate" ? 0 : LAST_WORDS_MS,
          message.reason,
        );
        break;
    }
  }

  #drained(): void {
    if (this.#scene.ending) this.#leaveAfter(0, this.#scene.ending);
    if (!this.#unplayed) return;
    this.#unplayed = false;
    this.#line.send({ type: "played" });
  }

  #leaveAfter(milliseconds: number, reason: Leaving): void {
    clearTimeout(this.#leaving);
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
