import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import type { ServerMessage } from "../relay/messages";
import { until } from "./until";

/** The relay's end of one connection. */
export class Peer {
  /** Text frames parsed, and the length in bytes of each binary one. */
  readonly received: unknown[] = [];

  constructor(readonly socket: WebSocket) {
    socket.on("message", (data: Buffer, binary) =>
      this.received.push(binary ? data.byteLength : JSON.parse(data.toString())),
    );
  }

  send(...messages: ServerMessage[]): void {
    for (const message of messages) this.socket.send(JSON.stringify(message));
  }

  /** Resolves once a frame like this one has come. */
  async waitFor(frame: unknown): Promise<void> {
    await until(() => expect(this.received).toContainEqual(frame));
  }
}

/** A WebSocket server in place of the relay: the test sends its messages over real sockets. */
export class TestRelay {
  readonly peers: Peer[] = [];
  /** What each connection gets after its hello, without the test's doing. */
  greeting: ServerMessage[] = [];
  readonly #server: WebSocketServer;

  private constructor() {
    this.#server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    this.#server.on("connection", (socket) => {
      const peer = new Peer(socket);
      this.peers.push(peer);
      socket.once("message", () => peer.send(...this.greeting));
    });
  }

  /** Starts to listen. The page gets a WebSocket that reaches it. */
  static async listen(): Promise<TestRelay> {
    vi.stubGlobal("WebSocket", WebSocket);
    const relay = new TestRelay();
    await once(relay.#server, "listening");
    return relay;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/interview/s-1/stream`;
  }

  /** The connection of that number, once its hello has come. */
  async peer(number = 0): Promise<Peer> {
    return until(() => {
      const found = this.peers[number];
      expect(found?.received.length).toBeGreaterThan(0);
      return found as Peer;
    });
  }

  async close(): Promise<void> {
    for (const { socket } of this.peers) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export const READY: Extract<ServerMessage, { type: "ready" }> = {
  type: "ready",
  session_id: "s-1",
  resumed: false,
  output: "voice",
  elapsed_seconds: 0,
  max_duration_seconds: 1500,
};
