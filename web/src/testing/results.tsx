import type { ServerResponse } from "node:http";
import { render, screen, within } from "@testing-library/react";
import { vi } from "vitest";
import { createApi } from "../api/client";
import type { Config } from "../api/shape";
import { Results } from "../features/results/Results";
import type { Session } from "../session/session";
import { ENDED, RECORD, SESSION, TRANSCRIPT } from "./samples";
import { type Seen, sendJson, serve, type TestServer } from "./server";

/** How the server answers, by method and path after the interview's address; a test changes what it is about. */
export type Routes = Record<string, (answer: ServerResponse, seen: Seen) => void>;

/** A server with the interview of `SESSION`, which has ended and has a summary. */
export async function serveResults(routes: Routes): Promise<TestServer> {
  const all: Routes = {
    "POST s-1/end": (answer) => sendJson(answer, 200, ENDED),
    "GET s-1": (answer) => sendJson(answer, 200, RECORD),
    "GET s-1/transcript?format=json": (answer) => sendJson(answer, 200, TRANSCRIPT),
  };
  return serve((seen, answer) => {
    const name = `${seen.method} ${seen.path.replace("/api/interview/", "")}`;
    const route = routes[name] ?? all[name];
    if (route) route(answer, seen);
    else sendJson(answer, 404, { code: "not_found" });
  });
}

interface Shown {
  interviewer?: Config["interviewer"];
  /** Other interviews of this browser. */
  others?: Session[];
}

/** The results of `SESSION`, as the page shows them. */
export function openResults(server: TestServer, { interviewer = "gemini", others = [] }: Shown = {}) {
  const config = { interviewer, retention_days: 30, interview_minutes: 25, avatar: false };
  const told = { onGone: vi.fn(), onEnded: vi.fn(), onNew: vi.fn(), onRetake: vi.fn() };
  const find = (id: string) => others.find(({ session_id }) => session_id === id) ?? null;
  render(
    <main>
      <Results
        api={createApi(server.origin)}
        config={config}
        session={SESSION}
        findSession={find}
        {...told}
      />
    </main>,
  );
  return told;
}

/** The section under this heading. By its text: a search by role takes long in so large a page. */
export async function section(title: string) {
  const heading = await screen.findByText(title, { selector: "h2" });
  return within(heading.closest("section") ?? heading);
}

/** Resolves when the transcript is shown, and with it the links to its moments. */
export async function transcriptShown(): Promise<void> {
  await screen.findByText(TRANSCRIPT.turns[1]?.text ?? "", { selector: "li p" });
}
