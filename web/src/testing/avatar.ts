import type { Message, OpenRoom, Place, Room, RoomEvents } from "../avatar/room";
import type { Screen } from "../avatar/screen";

/** A room in which happens what the test says. */
export class TestRoom implements Room {
  joined = false;
  left = false;
  readonly sent: Message[] = [];
  /** Messages of more characters are refused, as daily-js does. */
  most = 4096;

  constructor(
    readonly place: Place,
    readonly events: RoomEvents,
  ) {}

  join(): void {
    this.joined = true;
  }

  send(message: Message): void {
    if (JSON.stringify(message).length > this.most) throw new Error("Message data too large");
    this.sent.push(message);
  }

  async leave(): Promise<void> {
    this.left = true;
  }

  /** The replica is there, seen and heard. */
  ready(maxMessageBytes = 4096): void {
    const track = (kind: string) => ({ kind }) as MediaStreamTrack;
    this.events.onready({ video: track("video"), audio: track("audio"), maxMessageBytes });
  }
}

/** All rooms that were opened, in order. */
export class TestHouse {
  readonly rooms: TestRoom[] = [];
  /** Thrown at the next openings, one each. */
  readonly refusals: unknown[] = [];

  readonly open: OpenRoom = async (place, events) => {
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
    const room = new TestRoom(place, events);
    this.rooms.push(room);
    return room;
  };

  /** The one that was opened last. */
  get room(): TestRoom {
    const room = this.rooms.at(-1);
    if (!room) throw new Error("no room was opened");
    return room;
  }
}

/** Elements on which nothing is really played: the DOM of the tests has neither picture nor sound. */
export class TestScreen implements Screen {
  readonly picture = document.createElement("video");
  shown = false;
  silent = true;
  progress = 0;
  primed = 0;
  /** Thrown at the next showings, one each. */
  readonly refusals: unknown[] = [];

  constructor() {
    this.picture.setAttribute("aria-label", "The interviewer, on video");
  }

  async show(): Promise<void> {
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
    this.shown = true;
  }

  silence(on: boolean): void {
    this.silent = on;
  }

  clear(): void {
    this.shown = false;
  }

  prime(): void {
    this.primed += 1;
  }
}
