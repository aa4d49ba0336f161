/** The whole page over a server, stored sessions and devices that tests control. Importing it sets it up for each test. */
import type { ServerResponse } from "node:http";
import { type RenderResult, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach } from "vitest";
import { createApi } from "../api/client";
import { App } from "../app/App";
import { createSessionStore, type SessionStore } from "../session/store";
import { TestMedia } from "./media";
import { ENDED, RECORD, STARTED, TRANSCRIPT } from "./samples";
import { moveTo, type Seen, sendJson, serve, type TestServer } from "./server";

export let server: TestServer;
export let sessions: SessionStore;
export let media: TestMedia;
/** How the server answers, by method and path; a test changes what it is about. */
export let routes: Record<string, (answer: ServerResponse, seen: Seen) => void>;

beforeEach(async () => {
  routes = {
    "GET /config.json": (answer) =>
      sendJson(answer, 200, { interviewer: "embedded", retention_days: 3, interview_minutes: 20 }),
    "POST /api/interview/start": (answer) => sendJson(answer, 201, STARTED),
    "POST /api/interview/s-1/end": (answer) => sendJson(answer, 200, ENDED),
    "GET /api/interview/s-1": (answer) => sendJson(answer, 200, RECORD),
    "GET /api/interview/s-1/transcript?format=json": (answer) => sendJson(answer, 200, TRANSCRIPT),
    "DELETE /api/interview/s-1": (answer) =>
      sendJson(answer, 200, { session_id: "s-1", deleted: { store: { interview: 1, turns: 2 }, files: [] } }),
  };
  server = await serve((seen, answer) => {
    const route = routes[`${seen.method} ${seen.path}`];
    if (route) route(answer, seen);
    else sendJson(answer, 404, { code: "not_found" });
  });
  sessions = createSessionStore(localStorage);
  media = new TestMedia();
});

afterEach(() => server.close());

export function open(path: string): RenderResult {
  moveTo(server.origin + path);
  return render(<App api={createApi(server.origin)} sessions={sessions} media={media} />);
}

export const calls = (what: string) => server.seen.filter(({ method, path }) => `${method} ${path}` === what);
export const click = (name: string | RegExp) => userEvent.click(screen.getByRole("button", { name }));

/** From the set-up to the interview, by typing. */
export async function begin() {
  await click("Start");
  await click("Begin and type my answers");
}
