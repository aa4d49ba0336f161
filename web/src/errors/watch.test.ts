import { afterEach, beforeEach, expect, it } from "vitest";
import { moveTo, sendJson, serve, type TestServer } from "../testing/server";
import { until } from "../testing/until";
import { watchErrors } from "./watch";

let server: TestServer;
let stop: () => void;

beforeEach(async () => {
  server = await serve((_, answer) => sendJson(answer, 200, {}));
  stop = watchErrors(`http://0a1b2c@127.0.0.1:${new URL(server.origin).port}/7`);
  moveTo(`${server.origin}/interview/s-1`);
  localStorage.setItem("interviewer.session.s-1", "token-1");
  // The tests' DOM reports an error event to the test runner, unless it is cancelled.
  window.addEventListener("error", (event) => event.preventDefault());
});

afterEach(async () => {
  stop();
  await server.close();
});

const raised = (error: unknown) => window.dispatchEvent(new ErrorEvent("error", { error, cancelable: true }));

it("sends the type and the place of an error, and no word of it", async () => {
  raised(new TypeError("can't read I tuned forty bells", { cause: new Error("Quentin Quagmire") }));
  await until(() => expect(server.seen).toHaveLength(1));
  const [envelope] = server.seen;
  expect(envelope?.path).toMatch(/^\/api\/7\/envelope\//);
  const [, , event] = (envelope?.body ?? "").split("\n").map((line) => JSON.parse(line));
  expect(event.exception.values[0].type).toBe("TypeError");
  expect(event.exception.values[0].stacktrace.frames.at(-1).filename).toBe("/src/errors/watch.test.ts");
  expect(event.tags).toEqual({ service: "page" });
  const all = `${envelope?.path} ${envelope?.body}`;
  for (const word of ["forty bells", "Quagmire", "s-1", "token-1", "read"]) expect(all).not.toContain(word);
  expect(event).not.toHaveProperty("request");
  expect(event).not.toHaveProperty("breadcrumbs");
  expect(event).not.toHaveProperty("user");
});

it("sends a rejection that nobody handled, also of a text", async () => {
  const event = Object.assign(new Event("unhandledrejection"), { reason: "I tuned forty bells" });
  window.dispatchEvent(event);
  await until(() => expect(server.seen).toHaveLength(1));
  expect(server.seen[0]?.body).not.toContain("forty bells");
});

it("sends ten errors at most, and none after it was stopped", async () => {
  for (let number = 0; number < 25; number += 1) raised(new Error(`number ${number}`));
  await until(() => expect(server.seen).toHaveLength(10));
  stop();
  raised(new Error("late"));
  const last = watchErrors(`http://0a1b2c@127.0.0.1:${new URL(server.origin).port}/8`);
  raised(new RangeError("later"));
  await until(() => expect(server.seen.some(({ path }) => path.startsWith("/api/8/"))).toBe(true));
  expect(server.seen.filter(({ path }) => path.startsWith("/api/7/"))).toHaveLength(10);
  last();
});
