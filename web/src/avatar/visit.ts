import type { Loss } from "../relay/messages";
import {
  ForeignRoomError,
  type Message,
  type OpenRoom,
  type ReplicaMedia,
  type Room,
  type RoomAddress,
} from "./room";
import type { Screen } from "./screen";
import { Watchdog } from "./watchdog";

/** What a visit reports until the room is left. */
export interface VisitEvents {
  /** The replica is shown, in a room that takes messages of this size; once. */
  onshown: (maxMessageBytes: number) => void;
  /** The replica has started or stopped speaking. */
  onspeaking: (on: boolean) => void;
  /** The room can't be joined, or was lost. */
  onlost: (loss: Loss) => void;
}

export interface VisitOptions extends VisitEvents {
  address: RoomAddress;
  open: OpenRoom;
  screen: Screen;
  /** Whether the replica is speaking. */
  speaking: () => boolean;
  /** From joining to seeing the replica, and until a picture counts as frozen; in milliseconds. */
  timeouts: { arrival: number; frozen: number };
}

/** One visit to a room, from joining until leaving. Events that arrive after leaving are ignored. */
export class Visit {
  readonly #options: VisitOptions;
  readonly #watchdog: Watchdog;
  #room: Room | null = null;
  #arrival: ReturnType<typeof setTimeout> | undefined;
  #shown = false;
  #over = false;

  constructor(options: VisitOptions) {
    const { screen, speaking, onlost, timeouts } = options;
    this.#options = options;
    this.#watchdog = new Watchdog({
      screen,
      speaking,
      frozen: timeouts.frozen,
      onfrozen: () => onlost("frozen"),
    });
  }

  /** Joins the room, and shows the replica when it is there. */
  async enter(): Promise<void> {
    const { address, open, timeouts, onspeaking } = this.#options;
    if (this.#over) return;
    this.#arrival = setTimeout(() => this.#lost("replica"), timeouts.arrival);
    try {
      const room = await open(address, {
        onready: (media) => void this.#show(media),
        onspeaking: (on) => !this.#over && onspeaking(on),
        onlost: (loss) => this.#lost(loss),
      });
      if (this.#over) return;
      this.#room = room;
      room.join();
    } catch (error) {
      // Another attempt at a foreign room would be refused as well.
      this.#lost(error instanceof ForeignRoomError ? "shutdown" : "room");
    }
  }

  /** Sends the replica a message. Throws when the room refuses it. */
  send(message: Message): void {
    this.#room?.send(message);
  }

  /** Resolves when the room has been left; `null`: none was opened. */
  leave(): Promise<void> | null {
    this.#over = true;
    clearTimeout(this.#arrival);
    this.#watchdog.stop();
    return this.#room?.leave() ?? null;
  }

  async #show({ video, audio, maxMessageBytes }: ReplicaMedia): Promise<void> {
    if (this.#over) return;
    try {
      await this.#options.screen.show(video, audio);
    } catch (error) {
      const refused = error instanceof Error && error.name === "NotAllowedError";
      this.#lost(refused ? "autoplay" : "room");
      return;
    }
    if (this.#over || this.#shown) return;
    this.#shown = true;
    clearTimeout(this.#arrival);
    this.#watchdog.start();
    this.#options.onshown(maxMessageBytes);
  }

  #lost(loss: Loss): void {
    if (!this.#over) this.#options.onlost(loss);
  }
}
