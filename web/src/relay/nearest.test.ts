import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { nearest } from "./nearest";

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A relay whose health is what `answer` makes of it, at the how-manieth request; gives its stream's address. */
async function relay(answer: (response: ServerResponse, number: number) => void): Promise<string> {
  let number = 0;
  const server = createServer((request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    if (request.url === "/health") answer(response, number++);
    else response.writeHead(404).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/api/interview/s-1/stream`;
}

const after = (milliseconds: number) => (response: ServerResponse) =>
  void setTimeout(() => response.end("{}"), milliseconds);

it("takes the one that answers soonest, wherever it stands in the list", async () => {
  const far = await relay(after(300));
  const near = await relay(after(0));
  expect(await nearest([far, near], { timeout: 5000 })).toBe(near);
  expect(await nearest([near, far], { timeout: 5000 })).toBe(near);
});

it("does not count what the first request takes: a connection, or an instance that has to start", async () => {
  const near = await relay((response, number) => after(number === 0 ? 600 : 0)(response));
  const far = await relay(after(300));
  expect(await nearest([far, near], { timeout: 5000 })).toBe(near);
});

it("leaves out who refuses, who is going, and who is silent for too long", async () => {
  const nobody = "ws://127.0.0.1:1/api/interview/s-1/stream";
  const going = await relay((response) => response.writeHead(503).end("{}"));
  const silent = await relay(() => undefined);
  const there = await relay(after(20));
  expect(await nearest([nobody, going, silent, there], { timeout: 1500 })).toBe(there);
});

it("takes the first when nobody answers in time", async () => {
  const silent = await relay(() => undefined);
  const other = await relay(() => undefined);
  expect(await nearest([silent, other], { timeout: 100 })).toBe(silent);
});

it("asks nobody when there is nothing to choose", async () => {
  const only = await relay(() => expect.unreachable());
  expect(await nearest([only])).toBe(only);
});

it("stops measuring when the page is left", async () => {
  const left = new AbortController();
  const one = await relay(() => left.abort());
  const other = await relay(() => undefined);
  expect(await nearest([one, other], { signal: left.signal, timeout: 60_000 })).toBe(one);
});
