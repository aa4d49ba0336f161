import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { until } from "./until";

/** A participant, as the stand-in's room sees it. */
export class Participant {
  /** Text frames, parsed. */
  readonly received: unknown[] = [];

  constructor(
    readonly socket: WebSocket,
    /** The path and query of its request. */
    readonly address: string,
  ) {
    socket.on("message", (data: Buffer) => this.received.push(JSON.parse(data.toString())));
  }

  say(...frames: unknown[]): void {
    for (const frame of frames) this.socket.send(frame instanceof Buffer ? frame : JSON.stringify(frame));
  }

  /** The replica is in the room from the start, with video and audio. */
  welcome(maxAppMessageSize: number | null = null): void {
    this.say(
      {
        type: "joined",
        max_app_message_size: maxAppMessageSize,
        participants: [{ user_id: "tavus-replica-r1" }],
      },
      { type: "track-started", kind: "video" },
      { type: "track-started", kind: "audio" },
    );
  }
}

/** A WebSocket server that speaks like the stand-in's room, over real sockets and without a replica. */
export class TestStandIn {
  readonly participants: Participant[] = [];
  readonly #server: WebSocketServer;

  private constructor() {
    this.#server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    this.#server.on("connection", (socket, request) =>
      this.participants.push(new Participant(socket, request.url ?? "")),
    );
  }

  /** Listens, and gives the page a real WebSocket. */
  static async listen(): Promise<TestStandIn> {
    vi.stubGlobal("WebSocket", WebSocket);
    const standIn = new TestStandIn();
    await once(standIn.#server, "listening");
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/rooms/c1`;
  }

  async participant(number = 0): Promise<Participant> {
    return until(() => {
      expect(this.participants[number]).toBeDefined();
      return this.participants[number] as Participant;
    });
  }

  async close(): Promise<void> {
    for (const { socket } of this.participants) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
