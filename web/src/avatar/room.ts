/** The room in which the interviewer's face is met, whoever keeps it. */

import type { Loss } from "../stream/messages";

/** An app-message of the room. */
export type Message = Record<string, unknown>;

/** Which room, and what opens it. */
export interface Place {
  url: string;
  token: string | null;
}

/** The replica as it is seen and heard. */
export interface Sight {
  video: MediaStreamTrack;
  audio: MediaStreamTrack;
  /** The largest app-message that the room takes, in bytes of JSON. */
  maxMessageBytes: number;
}

/** What a room tells. Nothing more comes after `onlost`, nor after one has left. */
export interface RoomEvents {
  /** The replica is there, with picture and sound; again when it comes with others. */
  onready: (sight: Sight) => void;
  /** The replica begins to speak, or falls silent; each once. */
  onspeaking: (on: boolean) => void;
  /** There is no way in, or one is out of it again. */
  onlost: (loss: Loss) => void;
}

export interface Room {
  /** Goes in; once. What comes of it is told by the events. */
  join(): void;
  /** Hands an app-message to everyone in the room, as it is. Throws what the room throws for one that it does not take. */
  send(message: Message): void;
  /** Goes out, and resolves when another room may be entered. Safe to call twice, and before one is in. */
  leave(): Promise<void>;
}

/** Makes ready to join; throws when the code for this kind of room can't be loaded. */
export type OpenRoom = (place: Place, events: RoomEvents) => Promise<Room>;

/** The largest app-message by Daily's documentation, in bytes: it holds where the room says nothing else. */
export const DAILY_MESSAGE_BYTES = 4096;

/** Daily's room, or the local stand-in's; each is loaded when it is needed, and by nobody who does without. */
export const openRoom: OpenRoom = async (place, events) => {
  if (isDaily(place.url)) {
    const { DailyRoom } = await import("./daily");
    return new DailyRoom(place, events);
  }
  const { StandInRoom } = await import("../dev/standin");
  return new StandInRoom(place, events);
};

/** Whether it is Daily's, under one of the names that Daily has. */
export function isDaily(url: string): boolean {
  return /(^|\.)daily(\.co|webrtc\.(com|net))$/.test(new URL(url).hostname);
}
