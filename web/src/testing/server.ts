import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { cleanup } from "@testing-library/react";

/** A request that the server has received. */
export interface Seen {
  method: string;
  /** Path with query. */
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export type Handler = (seen: Seen, answer: ServerResponse) => void;

export interface TestServer {
  origin: string;
  /** All requests so far. */
  seen: Seen[];
  close: () => Promise<void>;
}

/** A real HTTP server on a free port, which becomes the page's origin. */
export async function serve(handle: Handler): Promise<TestServer> {
  const seen: Seen[] = [];
  const server = createServer(async (request, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const one = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString("utf-8"),
    };
    seen.push(one);
    handle(one, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  moveTo(`${origin}/`);
  return {
    origin,
    seen,
    close: async () => {
      // The page is removed first, so that it cancels its requests; otherwise they would fail.
      cleanup();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Sets the address of the page, as the address bar does. */
export function moveTo(address: string): void {
  (window as unknown as { happyDOM: { setURL: (url: string) => void } }).happyDOM.setURL(address);
}

export function sendJson(
  answer: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const type = status >= 400 ? "application/problem+json" : "application/json";
  answer.writeHead(status, { "content-type": type, ...headers });
  answer.end(JSON.stringify(body));
}
