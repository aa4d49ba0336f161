import type { DailyEvent, DailyEventObject, DailyParticipant, DailyTrackState } from "@daily-co/daily-js";
import type { Call } from "../avatar/daily";

/** A call object as daily-js documents it, with the same events in the same order, and without a room. */
export class TestCall implements Call {
  joined: unknown = null;
  destroyed = false;
  readonly sent: unknown[] = [];
  /** The results of `join` and `destroy`. */
  joining: Promise<void> = Promise.resolve();
  destroying: Promise<void> = Promise.resolve();
  maxAppMessageSize: number | undefined = undefined;
  readonly #handlers = new Map<string, ((event: never) => void)[]>();

  readonly on: Call["on"] = (name, handler) => {
    this.#handlers.set(name, [...(this.#handlers.get(name) ?? []), handler]);
    return this as never;
  };

  readonly join: Call["join"] = async (options) => {
    this.joined = options;
    await this.joining;
  };

  readonly room: Call["room"] = async () =>
    ({ id: "r", name: "c1", domainConfig: { max_app_message_size: this.maxAppMessageSize } }) as never;

  readonly sendAppMessage: Call["sendAppMessage"] = (data, to) => {
    this.sent.push([data, to]);
    return this as never;
  };

  readonly destroy: Call["destroy"] = async () => {
    // It leaves first, with an event.
    this.emit("left-meeting", {});
    await this.destroying;
    this.destroyed = true;
  };

  emit<T extends DailyEvent>(name: T, event: Partial<DailyEventObject<T>>): void {
    for (const handler of this.#handlers.get(name) ?? []) handler({ action: name, ...event } as never);
  }

  /** An error ends the call: the reason first, then `left-meeting`. */
  fail(type: string): void {
    this.emit("error", { error: { type, msg: type } } as never);
    this.emit("left-meeting", {});
  }
}

const OFF: DailyTrackState = { subscribed: true, state: "off" };

/** A participant of a Daily room, with the fields that the page reads. */
export function participant(more: Partial<DailyParticipant>): DailyParticipant {
  return {
    local: false,
    session_id: "p-1",
    user_id: "tavus-replica-r1",
    tracks: { audio: OFF, video: OFF },
    ...more,
  } as DailyParticipant;
}

/** The state of a track that can be played. */
export function playable(track: MediaStreamTrack): DailyTrackState {
  return { subscribed: true, state: "playable", track, persistentTrack: track };
}
