import type { Loss } from "../stream/messages";
import type { Message, OpenRoom, Place, Room, Sight } from "./room";
import type { Screen } from "./screen";
import { Watch } from "./watchdog";

/** What a visit tells, until it is over. */
export interface VisitEvents {
  /** The replica is seen, in a room that takes messages of so many bytes; once. */
  onseen: (maxMessageBytes: number) => void;
  /** It has begun to speak, or has fallen silent. */
  onspeaking: (on: boolean) => void;
  /** It is not to be had here, or no more. */
  onlost: (loss: Loss) => void;
}

export interface VisitOptions extends VisitEvents {
  place: Place;
  open: OpenRoom;
  screen: Screen;
  /** Whether the replica is speaking. */
  speaking: () => boolean;
  /** From going in to seeing the replica, and a picture that stands still while it speaks; in milliseconds. */
  patience: { arrival: number; frozen: number };
}

/** One visit to a room, from going in until it is left: what it still has to say afterwards is passed over. */
export class Visit {
  readonly #options: VisitOptions;
  readonly #watch: Watch;
  #room: Room | null = null;
  #arrival: ReturnType<typeof setTimeout> | undefined;
  #seen = false;
  #over = false;

  constructor(options: VisitOptions) {
    const { screen, speaking, onlost, patience } = options;
    this.#options = options;
    this.#watch = new Watch({
      screen,
      speaking,
      frozen: patience.frozen,
      onfrozen: () => onlost("frozen"),
    });
  }

  /** Goes in, and shows the replica as soon as it is there. */
  async enter(): Promise<void> {
    const { place, open, patience, onspeaking } = this.#options;
    if (this.#over) return;
    this.#arrival = setTimeout(() => this.#lost("replica"), patience.arrival);
    try {
      const room = await open(place, {
        onready: (sight) => void this.#show(sight),
        onspeaking: (on) => !this.#over && onspeaking(on),
        onlost: (loss) => this.#lost(loss),
      });
      if (this.#over) return;
      this.#room = room;
      room.join();
    } catch {
      this.#lost("room");
    }
  }

  /** Hands the replica a message. Throws where the room refuses it. */
  send(message: Message): void {
    this.#room?.send(message);
  }

  /** Resolves when the room has been left; `null`: there is none that was come into. */
  leave(): Promise<void> | null {
    this.#over = true;
    clearTimeout(this.#arrival);
    this.#watch.end();
    return this.#room?.leave() ?? null;
  }

  async #show({ video, audio, maxMessageBytes }: Sight): Promise<void> {
    if (this.#over) return;
    try {
      await this.#options.screen.show(video, audio);
    } catch (error) {
      const refused = error instanceof Error && error.name === "NotAllowedError";
      this.#lost(refused ? "autoplay" : "room");
      return;
    }
    if (this.#over || this.#seen) return;
    this.#seen = true;
    clearTimeout(this.#arrival);
    this.#watch.begin();
    this.#options.onseen(maxMessageBytes);
  }

  #lost(loss: Loss): void {
    if (!this.#over) this.#options.onlost(loss);
  }
}
