import Daily, {
  type DailyCall,
  type DailyEventObject,
  type DailyFactoryOptions,
  type DailyFatalErrorType,
  type DailyParticipant,
} from "@daily-co/daily-js";
import type { Loss } from "../relay/messages";
import { isReplica, Replica } from "./replica";
import type { Message, Room, RoomAddress, RoomEvents } from "./room";

/** Errors after which the room is closed, or closed to us. After any other, another attempt may succeed. */
const ENDED: DailyFatalErrorType[] = [
  "ejected",
  "exp-room",
  "exp-token",
  "no-room",
  "not-allowed",
  "end-of-life",
];

/** How long a problem may last before the room counts as lost, in milliseconds. */
export interface DailyTimeouts {
  /** Daily reports a bad network; it judges by the last half a minute. */
  bandwidth: number;
  /** The connection to the room is broken; Daily reconnects by itself if it can. */
  interrupted: number;
  /** The longest wait for a call to be destroyed before the next one is created. */
  leaving: number;
}

const TIMEOUTS: DailyTimeouts = { bandwidth: 8000, interrupted: 5000, leaving: 5000 };

/** The part of daily-js that is used. */
export type Call = Pick<DailyCall, "on" | "join" | "room" | "sendAppMessage" | "destroy">;
export type CreateCall = (options: DailyFactoryOptions) => Call;

/** daily-js allows one call at a time: the next one is created when the last is destroyed. */
let last: Promise<void> = Promise.resolve();

/** A Daily room. The candidate sends neither video nor audio to it. */
export class DailyRoom implements Room {
  readonly #address: RoomAddress;
  readonly #replica: Replica;
  readonly #create: CreateCall;
  readonly #timeouts: DailyTimeouts;
  #call: Call | null = null;
  #left: Promise<void> | null = null;
  #bandwidth: ReturnType<typeof setTimeout> | undefined;
  #interrupted: ReturnType<typeof setTimeout> | undefined;
  /** Which connections to the room are broken: signalling, media. */
  readonly #broken = new Set<string>();

  constructor(
    address: RoomAddress,
    events: RoomEvents,
    create: CreateCall = (options) => Daily.createCallObject(options),
    timeouts: DailyTimeouts = TIMEOUTS,
  ) {
    this.#address = address;
    this.#replica = new Replica(events);
    this.#create = create;
    this.#timeouts = timeouts;
  }

  join(): void {
    void this.#join().catch(() => this.#lost("room"));
  }

  send(message: Message): void {
    if (!this.#call) throw new Error("not in the room yet");
    this.#call.sendAppMessage(message, "*");
  }

  leave(): Promise<void> {
    this.#left ??= this.#leave();
    return this.#left;
  }

  async #join(): Promise<void> {
    await last;
    if (this.#left) return;
    // Without `eval`, so that a Content-Security-Policy need not allow it.
    const call = this.#create({ audioSource: false, videoSource: false, dailyConfig: { avoidEval: true } });
    this.#call = call;
    this.#listen(call);
    const { url, token } = this.#address;
    await call.join({ url, ...(token === null ? {} : { token }) });
    const room = await call.room();
    if (this.#left) return;
    this.#replica.joined((room && "domainConfig" in room && room.domainConfig.max_app_message_size) || null);
  }

  #listen(call: Call): void {
    const replica = this.#replica;
    const seen = ({ local, user_id, tracks }: DailyParticipant) => {
      if (local) return;
      if (isReplica(user_id)) replica.present();
      for (const kind of ["video", "audio"] as const) {
        const { state, persistentTrack } = tracks[kind];
        if (state === "playable" && persistentTrack) replica.track(kind, persistentTrack);
      }
    };
    call
      .on("participant-joined", ({ participant }) => seen(participant))
      .on("participant-updated", ({ participant }) => seen(participant))
      .on("participant-left", ({ participant, reason }) => {
        // A hidden participant is still in the room.
        if (!participant.local && reason !== "hidden") this.#lost("replica");
      })
      .on("track-started", (event) => this.#started(event))
      .on("track-stopped", ({ participant, type }) => {
        if (!participant?.local && isKind(type)) replica.track(type, null);
      })
      .on("app-message", ({ data }) => replica.message(data))
      .on("network-quality-change", ({ networkState, threshold }) =>
        this.#networkQuality(networkState === "bad" || threshold === "very-low"),
      )
      .on("network-connection", ({ type, event }) => {
        if (event === "interrupted") this.#broken.add(type);
        else this.#broken.delete(type);
        this.#interruption(this.#broken.size > 0);
      })
      .on("error", ({ error }) => {
        this.#lost(error && ENDED.includes(error.type) ? "shutdown" : "room");
      })
      // Follows an error too, which has reported the reason.
      .on("left-meeting", () => this.#lost("room"));
  }

  #started({ participant, track, type }: DailyEventObject<"track-started">): void {
    if (!participant || participant.local || !isKind(type)) return;
    this.#replica.track(type, participant.tracks[type].persistentTrack ?? track);
  }

  #networkQuality(bad: boolean): void {
    if (!bad) clearTimeout(this.#bandwidth);
    this.#bandwidth = bad
      ? (this.#bandwidth ?? setTimeout(() => this.#lost("bandwidth"), this.#timeouts.bandwidth))
      : undefined;
  }

  #interruption(broken: boolean): void {
    if (!broken) clearTimeout(this.#interrupted);
    this.#interrupted = broken
      ? (this.#interrupted ?? setTimeout(() => this.#lost("room"), this.#timeouts.interrupted))
      : undefined;
  }

  #lost(loss: Loss): void {
    this.#stopTimers();
    this.#replica.lost(loss);
  }

  /** Stops all timers. */
  #stopTimers(): void {
    clearTimeout(this.#bandwidth);
    clearTimeout(this.#interrupted);
  }

  async #leave(): Promise<void> {
    this.#replica.close();
    this.#stopTimers();
    const call = this.#call;
    if (!call) return;
    const destroyed = call.destroy().catch(() => undefined);
    last = Promise.race([
      destroyed,
      new Promise<void>((resolve) => setTimeout(resolve, this.#timeouts.leaving)),
    ]);
    await last;
  }
}

function isKind(type: string): type is "video" | "audio" {
  return type === "video" || type === "audio";
}
