import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { until } from "./relay";

/** One participant, as the stand-in's room sees it. */
export class Participant {
  /** Text frames, parsed. */
  readonly received: unknown[] = [];

  constructor(
    readonly socket: WebSocket,
    /** Path and query that it came with. */
    readonly address: string,
  ) {
    socket.on("message", (data: Buffer) => this.received.push(JSON.parse(data.toString())));
  }

  say(...frames: unknown[]): void {
    for (const frame of frames) this.socket.send(frame instanceof Buffer ? frame : JSON.stringify(frame));
  }

  /** The replica is in, seen and heard, from the beginning. */
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

/** A WebSocket server on this machine that speaks as the stand-in's room does: real sockets, no replica behind them. */
export class TestStandIn {
  readonly guests: Participant[] = [];
  readonly #server: WebSocketServer;

  private constructor() {
    this.#server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    this.#server.on("connection", (socket, request) =>
      this.guests.push(new Participant(socket, request.url ?? "")),
    );
  }

  /** Listens, and gives the page the one WebSocket that reaches it. */
  static async listen(): Promise<TestStandIn> {
    vi.stubGlobal("WebSocket", WebSocket);
    const meeting = new TestStandIn();
    await once(meeting.#server, "listening");
    return meeting;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/rooms/c1`;
  }

  async guest(number = 0): Promise<Participant> {
    return until(() => {
      expect(this.guests[number]).toBeDefined();
      return this.guests[number] as Participant;
    });
  }

  async close(): Promise<void> {
    for (const { socket } of this.guests) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
