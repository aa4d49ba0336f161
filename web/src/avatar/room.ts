/** The video room in which the replica is met, as the avatar session sees it. */

import type { Loss } from "../relay/messages";

/** An app-message of the room. */
export type Message = Record<string, unknown>;

/** Which room, and the token that opens it. */
export interface RoomAddress {
  url: string;
  token: string | null;
}

/** The replica's tracks, and what its room takes. */
export interface ReplicaMedia {
  video: MediaStreamTrack;
  audio: MediaStreamTrack;
  /** The largest app-message that the room takes, in bytes of JSON. */
  maxMessageBytes: number;
}

/** What a room reports. Nothing follows `onlost`, nor a call of `leave`. */
export interface RoomEvents {
  /** The replica is there, with video and audio; again when it comes with other tracks. */
  onready: (media: ReplicaMedia) => void;
  /** The replica starts or stops speaking. Repeats are left out. */
  onspeaking: (on: boolean) => void;
  /** The room can't be joined, or was lost. */
  onlost: (loss: Loss) => void;
}

export interface Room {
  /** Joins the room; call it once. The events report the result. */
  join(): void;
  /** Sends an app-message to everyone in the room, unchanged. Throws when the room refuses it. */
  send(message: Message): void;
  /** Leaves the room; resolves when another one may be joined. Safe to call twice, and before joining. */
  leave(): Promise<void>;
}

/**
 * Prepares a room to be joined. Rejects with `ForeignRoomError` for an address that this page never joins, and with
 * another error when the code for the room can't be loaded.
 */
export type OpenRoom = (address: RoomAddress, events: RoomEvents) => Promise<Room>;

/** The address belongs to no video service that this page knows. */
export class ForeignRoomError extends Error {
  override readonly name = "ForeignRoomError";
}

/** The largest app-message by Daily's documentation, in bytes; used where the room states no other limit. */
export const DAILY_MESSAGE_BYTES = 4096;
