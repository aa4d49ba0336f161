import type { Message, OpenRoom, Room, RoomAddress, RoomEvents } from "../avatar/room";
import type { Screen } from "../avatar/screen";

/** A room whose events the test sends. */
export class TestRoom implements Room {
  joined = false;
  left = false;
  readonly sent: Message[] = [];
  /** Longer messages are refused, as daily-js does. In characters. */
  limit = 4096;

  constructor(
    readonly address: RoomAddress,
    readonly events: RoomEvents,
  ) {}

  join(): void {
    this.joined = true;
  }

  send(message: Message): void {
    if (JSON.stringify(message).length > this.limit) throw new Error("Message data too large");
    this.sent.push(message);
  }

  async leave(): Promise<void> {
    this.left = true;
  }

  /** The replica arrives with video and audio. */
  ready(maxMessageBytes = 4096): void {
    const track = (kind: string) => ({ kind }) as MediaStreamTrack;
    this.events.onready({ video: track("video"), audio: track("audio"), maxMessageBytes });
  }
}

/** The rooms that the page opened, in order. */
export class TestRooms {
  readonly opened: TestRoom[] = [];
  /** Errors that the next openings throw, one each. */
  readonly refusals: unknown[] = [];

  readonly open: OpenRoom = async (address, events) => {
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
    const room = new TestRoom(address, events);
    this.opened.push(room);
    return room;
  };

  /** The room that was opened last. */
  get last(): TestRoom {
    const room = this.opened.at(-1);
    if (!room) throw new Error("no room was opened");
    return room;
  }
}

/** A screen that plays nothing: the DOM of the tests has neither picture nor sound. */
export class TestScreen implements Screen {
  readonly picture = document.createElement("video");
  shown = false;
  silent = true;
  progress = 0;
  primed = 0;
  /** Errors that the next calls of `show` throw, one each. */
  readonly refusals: unknown[] = [];

  constructor() {
    this.picture.setAttribute("aria-label", "The interviewer, on video");
  }

  async show(): Promise<void> {
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
    this.shown = true;
  }

  /** The device that the sound is played through; empty: the default. */
  device = "";

  playThrough(device: string): void {
    this.device = device;
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
