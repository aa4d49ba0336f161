import { isReplica, Replica } from "../avatar/replica";
import {
  DAILY_MESSAGE_BYTES,
  type Message,
  type Room,
  type RoomAddress,
  type RoomEvents,
} from "../avatar/room";
import { openPuppet, type Puppet } from "./puppet";

/** A text frame of the stand-in's room. Binary frames are the replica's voice, PCM16 mono 24 kHz. */
type RoomFrame =
  | { type: "joined"; max_app_message_size: number | null; participants: { user_id: string }[] }
  | { type: "participant-joined" | "participant-left"; user_id: string }
  | { type: "track-started" | "track-stopped"; kind: "video" | "audio" }
  | { type: "app-message"; data: unknown }
  | { type: "frozen"; on: boolean }
  | { type: "left"; reason: "ended" | "ejected" | "lost" };

/**
 * The room of the local stand-in for Tavus. It has no WebRTC: the replica's voice arrives as PCM over a WebSocket, and its
 * picture is drawn here. Its events, limits and failures are those of a Daily room.
 */
export class StandInRoom implements Room {
  readonly #address: RoomAddress;
  readonly #replica: Replica;
  readonly #open: () => Promise<Puppet>;
  #socket: WebSocket | null = null;
  #puppet: Puppet | null = null;
  #limit = DAILY_MESSAGE_BYTES;
  #in = false;
  #left = false;

  constructor(address: RoomAddress, events: RoomEvents, open: () => Promise<Puppet> = openPuppet) {
    this.#address = address;
    this.#replica = new Replica(events);
    this.#open = open;
  }

  join(): void {
    void this.#join().catch(() => this.#replica.lost("room"));
  }

  send(message: Message): void {
    if (!this.#in || !this.#socket) throw new Error("not in the room yet");
    const text = JSON.stringify(message);
    // The error of daily-js.
    if (text.length > this.#limit) throw new Error(`Message data too large. Max size is ${this.#limit}`);
    this.#socket.send(JSON.stringify({ type: "app-message", data: message }));
  }

  async leave(): Promise<void> {
    this.#left = true;
    this.#replica.close();
    this.#socket?.close(1000);
    this.#puppet?.close();
  }

  async #join(): Promise<void> {
    const puppet = await this.#open();
    if (this.#left) return puppet.close();
    this.#puppet = puppet;
    const url = new URL(this.#address.url);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.searchParams.set("t", this.#address.token ?? "");
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => {
      if (typeof data === "string") this.#receive(JSON.parse(data) as RoomFrame, puppet);
      else puppet.say(data as ArrayBuffer);
    };
    socket.onclose = () => this.#replica.lost("room");
    // A close event follows.
    socket.onerror = () => undefined;
  }

  #receive(frame: RoomFrame, { video, audio, freeze }: Puppet): void {
    const replica = this.#replica;
    switch (frame.type) {
      case "joined":
        this.#in = true;
        this.#limit = frame.max_app_message_size ?? DAILY_MESSAGE_BYTES;
        if (frame.participants.some(({ user_id }) => isReplica(user_id))) replica.present();
        replica.joined(frame.max_app_message_size);
        break;
      case "participant-joined":
        if (isReplica(frame.user_id)) replica.present();
        break;
      case "participant-left":
        if (isReplica(frame.user_id)) replica.lost("replica");
        break;
      case "track-started":
      case "track-stopped":
        replica.track(
          frame.kind,
          frame.type === "track-stopped" ? null : frame.kind === "video" ? video : audio,
        );
        break;
      case "app-message":
        replica.message(frame.data);
        break;
      case "frozen":
        freeze(frame.on);
        break;
      case "left":
        replica.lost(frame.reason === "lost" ? "room" : "shutdown");
    }
  }
}
