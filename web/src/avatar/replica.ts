import type { Loss } from "../stream/messages";
import { DAILY_MESSAGE_BYTES, type RoomEvents, type Sight } from "./room";

/** Of whose app-messages it is known that they come from a replica; by their newer name it is a "pal". */
const ROLES = ["replica", "pal"];
const PRESENT = [
  "system.replica_joined",
  "system.replica_present",
  "system.pal_joined",
  "system.pal_present",
];

/** Whether a participant is the replica, by what Daily calls its `user_id`. */
export function isReplica(userId: string): boolean {
  return userId.includes("tavus-replica");
}

/**
 * What is known of the replica in a room. Puts together what comes one by one: that it is present, its picture, its sound,
 * and what it says of itself in app-messages.
 */
export class Replica {
  readonly #events: RoomEvents;
  readonly #tracks: { video: MediaStreamTrack | null; audio: MediaStreamTrack | null } = {
    video: null,
    audio: null,
  };
  #present = false;
  #maxMessageBytes: number | null = null;
  #shown: Sight | null = null;
  #speaking = false;
  /** It has used the newer names of its events: the older ones say the same a second time. */
  #newer = false;
  #over = false;

  constructor(events: RoomEvents) {
    this.#events = events;
  }

  /** One is in; `bytes` is the largest message that the room takes, `null` where it does not say. */
  entered(bytes: number | null): void {
    this.#maxMessageBytes = bytes && bytes > 0 ? bytes : DAILY_MESSAGE_BYTES;
    this.#look();
  }

  /** The replica is in the room. */
  met(): void {
    this.#present = true;
    this.#look();
  }

  /** Its picture or its sound has come, or gone. */
  track(kind: "video" | "audio", track: MediaStreamTrack | null): void {
    this.#tracks[kind] = track;
    this.#look();
  }

  /** An app-message of the room. What it does not know it passes over. */
  told(data: unknown): void {
    const { event_type, properties } = fields(data);
    if (typeof event_type !== "string" || this.#over) return;
    if (PRESENT.includes(event_type)) this.met();
    else if (event_type === "system.shutdown") this.lost("shutdown");
    else this.#spoke(event_type, fields(properties).role);
  }

  /** It is over, for this reason; only the first one is told. */
  lost(loss: Loss): void {
    if (this.#over) return;
    this.#over = true;
    this.#events.onlost(loss);
  }

  /** Nothing more is told. */
  forget(): void {
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

  #look(): void {
    const { video, audio } = this.#tracks;
    const maxMessageBytes = this.#maxMessageBytes;
    if (this.#over || !this.#present || !video || !audio || !maxMessageBytes) return;
    if (this.#shown?.video === video && this.#shown.audio === audio) return;
    this.#shown = { video, audio, maxMessageBytes };
    this.#events.onready(this.#shown);
  }
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
