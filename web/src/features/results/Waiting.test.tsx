import type { ServerResponse } from "node:http";
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";
import { faults } from "../../testing/axe";
import { openResults, serveResults } from "../../testing/results";
import { ENDED, SUMMARY } from "../../testing/samples";
import { sendJson, type TestServer } from "../../testing/server";

let server: TestServer;
/** The server's answers to requests for the summary, in order; the last one is repeated. */
let endings: ((answer: ServerResponse) => void)[];

beforeEach(async () => {
  server = await serveResults({
    "POST s-1/end": (answer) => (endings.length > 1 ? endings.shift() : endings[0])?.(answer),
  });
});

afterEach(() => server.close());

const pending = (more: object) => (answer: ServerResponse) =>
  sendJson(answer, 202, { session_id: "s-1", status: "summary_pending", retry_after_seconds: 600, ...more });
const ready = (answer: ServerResponse) => sendJson(answer, 200, ENDED);
/** The connection breaks without an answer. */
const broken = (answer: ServerResponse) => answer.destroy();
const asked = () => server.seen.filter(({ path }) => path.endsWith("/end")).length;
const said = () => screen.getAllByRole("status").map(({ textContent }) => textContent);

it("says how far the summary is, that the page can be closed, and shows the transcript meanwhile", async () => {
  endings = [pending({ step: "writing", attempts: 0, code: null })];
  const { onEnded } = openResults(server);
  await screen.findByText(/checking every quote/);
  screen.getByText("Writing your summary", { selector: "h2" });
  screen.getByText(/You can close this page/);
  await screen.findByText(/Mostly cavitation/);
  await waitFor(() => expect(onEnded).toHaveBeenCalled());
  expect(said()).toContain("Writing your summary.");
  expect(await faults()).toEqual([]);
});

it("says that the summary waits for its turn", async () => {
  endings = [pending({ step: "waiting", attempts: 0, code: null })];
  openResults(server);
  await screen.findByText("Your summary is next in line");
});

it("takes the answer of an older server, which names no step", async () => {
  endings = [pending({})];
  openResults(server);
  await screen.findByText(/checking every quote/);
});

it("names a block and counts the attempts", async () => {
  endings = [pending({ step: "retrying", attempts: 2, code: "model_blocked" })];
  openResults(server);
  await screen.findByText(/declined to judge this conversation\. .* 2 attempts have failed so far/);
  expect(await faults()).toEqual([]);
});

it("asks at once at a click, and keeps the focus", async () => {
  endings = [pending({ step: "retrying", attempts: 1, code: "model_silent" }), ready];
  openResults(server);
  await userEvent.click(await screen.findByText("Check now"));
  await screen.findByText(SUMMARY.performance_summary);
  await waitFor(() => expect(document.activeElement).toBe(screen.getByText("How it went")));
});

it("keeps asking, and announces the summary", async () => {
  endings = [pending({ retry_after_seconds: 0 }), pending({ retry_after_seconds: 0 }), ready];
  openResults(server);
  await screen.findByText(SUMMARY.performance_summary);
  expect(asked()).toBe(3);
  await waitFor(() => expect(said()).toContain("Your summary is ready."));
});

it("says that the server can't be reached, and goes on by itself", async () => {
  endings = [broken, broken, broken, ready];
  openResults(server);
  await screen.findByText(/We can't reach the server right now/);
  expect(asked()).toBe(3);
  await screen.findByText(SUMMARY.performance_summary);
});

it.each([
  ["the network is back", () => window.dispatchEvent(new Event("online"))],
  ["the page is shown again", () => document.dispatchEvent(new Event("visibilitychange"))],
])("asks at once when %s", async (_, happen) => {
  // The page would ask again after a minute.
  endings = [pending({ step: "waiting" }), ready];
  openResults(server);
  await screen.findByText("Your summary is next in line");
  act(() => {
    happen();
  });
  await screen.findByText(SUMMARY.performance_summary);
});
