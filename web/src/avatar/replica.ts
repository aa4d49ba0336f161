import type { Loss } from "../relay/messages";
import { DAILY_MESSAGE_BYTES, type ReplicaMedia, type RoomEvents } from "./room";

/** The role that app-messages of a replica name; Tavus also calls a replica a "pal". */
const ROLES = ["replica", "pal"];
const PRESENT = [
  "system.replica_joined",
  "system.replica_present",
  "system.pal_joined",
  "system.pal_present",
];

/** Whether a participant is the replica, by its `user_id` in Daily. */
export function isReplica(userId: string): boolean {
  return userId.includes("tavus-replica");
}

/**
 * The replica in a room. Its presence, its video, its audio and the room's limit become known one by one and in any order;
 * `onready` follows when all are known.
 */
export class Replica {
  readonly #events: RoomEvents;
  readonly #tracks: { video: MediaStreamTrack | null; audio: MediaStreamTrack | null } = {
    video: null,
    audio: null,
  };
  #present = false;
  #maxMessageBytes: number | null = null;
  #media: ReplicaMedia | null = null;
  #speaking = false;
  /** It uses the newer names of its speaking events; the older ones then repeat them. */
  #newer = false;
  #over = false;

  constructor(events: RoomEvents) {
    this.#events = events;
  }

  /** We have joined the room. `bytes`: the largest message that it takes; `null`: it does not say. */
  joined(bytes: number | null): void {
    this.#maxMessageBytes = bytes && bytes > 0 ? bytes : DAILY_MESSAGE_BYTES;
    this.#check();
  }

  /** The replica is in the room. */
  present(): void {
    this.#present = true;
    this.#check();
  }

  /** Its video or its audio has started, or (`null`) stopped. */
  track(kind: "video" | "audio", track: MediaStreamTrack | null): void {
    this.#tracks[kind] = track;
    this.#check();
  }

  /** An app-message of the room. Unknown ones are ignored. */
  message(data: unknown): void {
    const { event_type, properties } = fields(data);
    if (typeof event_type !== "string" || this.#over) return;
    if (PRESENT.includes(event_type)) this.present();
    else if (event_type === "system.shutdown") this.lost("shutdown");
    else this.#spoke(event_type, fields(properties).role);
  }

  /** The room is over, for this reason. Only the first reason is reported. */
  lost(loss: Loss): void {
    if (this.#over) return;
    this.#over = true;
    this.#events.onlost(loss);
  }

  /** Reports nothing more. */
  close(): void {
    this.#over = true;
  }

  #spoke(type: string, role: unknown): void {
    const [, older, what] = /^conversation\.(replica\.)?(started|stopped)_speaking$/.exec(type) ?? [];
    if (!what) return;
    if (older ? this.#newer : !ROLES.includes(String(role))) return;
    this.#newer ||= !older;
    const speaking = what === "started";
    if (speaking === this.#speaking) return;
    this.#speaking = speaking;
    this.#events.onspeaking(speaking);
  }

  #check(): void {
    const { video, audio } = this.#tracks;
    const maxMessageBytes = this.#maxMessageBytes;
    if (this.#over || !this.#present || !video || !audio || !maxMessageBytes) return;
    if (this.#media?.video === video && this.#media.audio === audio) return;
    this.#media = { video, audio, maxMessageBytes };
    this.#events.onready(this.#media);
  }
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
