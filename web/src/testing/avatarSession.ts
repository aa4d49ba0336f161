/** An avatar session over rooms, a screen and a relay that tests control. Importing it sets it up for each test. */
import { afterEach, beforeEach, expect, vi } from "vitest";
import type { Renewal } from "../avatar/conversation";
import type { RoomAddress } from "../avatar/room";
import { AvatarSession, type AvatarSessionOptions } from "../avatar/session";
import type { ClientMessage } from "../relay/messages";
import { TestRooms, TestScreen } from "./avatar";

export const ADDRESS = { url: "https://tavus.daily.co/c1", token: "t1" };
export const OTHER = { url: "https://tavus.daily.co/c2", token: "t2" };

export let rooms: TestRooms;
export let screen: TestScreen;
export let sent: ClientMessage[];
export let kept: { address: RoomAddress | null; wanted: boolean }[];
export let states: string[];
export let renewals: Renewal[];
export let asked: number;
let connected: boolean;
export let session: AvatarSession;

beforeEach(() => {
  vi.useFakeTimers();
  // No jitter: each pause is its bound.
  vi.spyOn(Math, "random").mockReturnValue(1);
  rooms = new TestRooms();
  screen = new TestScreen();
  sent = [];
  kept = [];
  states = [];
  renewals = [];
  asked = 0;
  connected = true;
});

afterEach(() => {
  session.close();
  vi.useRealTimers();
});

/** Lets this much time pass. */
export const pass = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

export async function open(more: Partial<AvatarSessionOptions> = {}): Promise<void> {
  session = new AvatarSession({
    address: ADDRESS,
    wanted: true,
    renew: async () => {
      asked += 1;
      return renewals.shift() ?? { address: null, message: "No video is available.", retryable: true };
    },
    send: (message) => {
      if (connected) sent.push(message);
      return connected;
    },
    onchange: () => {
      if (states.at(-1) !== session.state.is) states.push(session.state.is);
    },
    onkeep: (one) => kept.push(one),
    open: rooms.open,
    screen,
    ...more,
  });
  session.hello();
  session.relayReady();
  await pass();
}

export async function connect(more: Partial<AvatarSessionOptions> = {}): Promise<void> {
  await open(more);
  rooms.last.ready();
  await pass();
  expect(session.state.is).toBe("connected");
  sent.length = 0;
}

export const READY = { type: "avatar", state: "ready", max_message_bytes: 4096 };
export const lost = (reason: string) => ({ type: "avatar", state: "lost", reason });
export const ECHO = { event_type: "conversation.echo" };

/** Whether messages to the relay can be sent from now on. */
export function setConnected(now: boolean): void {
  connected = now;
}
