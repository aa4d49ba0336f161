import { afterEach, expect, it } from "vitest";
import { serve, type TestServer } from "../testing/server";
import { browser, request } from "./request";

let server: TestServer;

afterEach(() => server.close());

it("gives up on a server that says nothing", async () => {
  server = await serve(() => undefined);
  const call = request(`${server.origin}/api`, { method: "GET", timeoutMs: 60, tries: 1 }, browser);
  await expect(call).rejects.toMatchObject({ code: "timeout", status: 0 });
});

it("stops when it is called off, without another try", async () => {
  const left = new AbortController();
  server = await serve(() => left.abort());
  const call = request(
    `${server.origin}/api`,
    { method: "GET", timeoutMs: 5000, tries: 3, signal: left.signal },
    browser,
  );
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
  expect(server.seen).toHaveLength(1);
});
