import type { ServerResponse } from "node:http";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createApi } from "../../api/client";
import type { Config } from "../../api/shape";
import type { Session } from "../../session/session";
import { ENDED, RECORD, SESSION, SUMMARY, TRANSCRIPT } from "../../testing/samples";
import { sendJson, serve, type TestServer } from "../../testing/server";
import { day, inDays } from "../../ui/time";
import { Results } from "./Results";

let server: TestServer;
/** The server's answers to requests for the summary, in order; the last one is repeated. */
let endings: ((answer: ServerResponse) => void)[];
let known: boolean;
/** The interviews of this browser. */
let stored: Session[];
let record: unknown;
let transcript: unknown;
let deletion: (answer: ServerResponse) => void;

beforeEach(async () => {
  endings = [(answer) => sendJson(answer, 200, ENDED)];
  known = true;
  stored = [];
  record = RECORD;
  transcript = TRANSCRIPT;
  deletion = (answer) =>
    sendJson(answer, 200, {
      session_id: "s-1",
      deleted: { store: { interview: 1, turns: 2 }, files: ["s-1/cv.pdf"] },
    });
  server = await serve(({ method, path, headers }, answer) => {
    if (!known || headers.authorization !== "Bearer token-1")
      return sendJson(answer, 404, { code: "not_found" });
    if (method === "DELETE") return deletion(answer);
    if (path.endsWith("/end")) return (endings.length > 1 ? endings.shift() : endings[0])?.(answer);
    if (path.endsWith("format=json")) return sendJson(answer, 200, transcript);
    if (path.includes("/transcript")) {
      answer.writeHead(200, { "content-disposition": 'attachment; filename="interview-tides.txt"' });
      return answer.end("[00:00] Interviewer: What wears a tidal turbine");
    }
    return sendJson(answer, 200, record);
  });
});

afterEach(() => server.close());

function open(interviewer: "gemini" | "embedded" = "gemini", more: Partial<Config> = {}) {
  const config = { interviewer, retention_days: 30, interview_minutes: 25, avatar: false, ...more };
  const told = { onGone: vi.fn(), onEnded: vi.fn(), onNew: vi.fn(), onRetake: vi.fn() };
  const page = render(
    <Results
      api={createApi(server.origin)}
      config={config}
      session={SESSION}
      findSession={(id) => stored.find(({ session_id }) => session_id === id) ?? null}
      {...told}
    />,
  );
  return { ...told, ...page };
}

const pending = (seconds: number) => (answer: ServerResponse) =>
  sendJson(answer, 202, { session_id: "s-1", status: "summary_pending", retry_after_seconds: seconds });

it("shows topic, level, duration, summary and how it was written", async () => {
  const { onEnded } = open();
  await screen.findByText(SUMMARY.performance_summary);
  expect(screen.getByRole("heading", { level: 1 }).textContent).toContain("Tidal energy");
  await screen.findByRole("heading", { name: "Kept until 22 December 2099" });
  for (const text of ["advanced", "12 min 34 s", "20 November 2026", "Mixed", "Bring numbers next time."]) {
    expect(await screen.findByText(text)).toBeTruthy();
  }
  expect(screen.getByText(/Every quote was looked up.* 1 that could not be found was dropped/)).toBeTruthy();
  screen.getByText("Written by some-model.");
  await waitFor(() => expect(onEnded).toHaveBeenCalled());
});

it("names no model where rules wrote the summary", async () => {
  open("embedded");
  await screen.findByText(/Written by fixed rules, not by a language model/);
});

it("links a quote to its turn in the transcript", async () => {
  open();
  const link = await screen.findByRole("link", { name: /the bubbles collapse on the blade/ });
  const target = document.querySelector(link.getAttribute("href") ?? "");
  expect(target?.textContent).toContain("Mostly cavitation");
});

it("says in which language the words are, and in which direction they run", async () => {
  open();
  const words = await screen.findByText("Mostly cavitation: the bubbles collapse on the blade.");
  expect([words.lang, words.dir]).toEqual(["en-US", "auto"]);
});

it("says that the transcript can't be shown, and loads it at a click", async () => {
  const whole = transcript;
  transcript = [];
  open();
  await screen.findByText("The transcript can't be shown");
  transcript = whole;
  await userEvent.click(screen.getByText("Load it again"));
  await screen.findByText("Mostly cavitation: the bubbles collapse on the blade.");
});

it("shows what was not understood, and which words are doubtful", async () => {
  const times = { started_at: "2026-11-20T10:02:00Z", ended_at: "2026-11-20T10:02:08.3Z" };
  const own = { speaker: "candidate", interrupted: false, source: "speech", ...times };
  transcript = {
    turns: [
      { ...own, turn: 0, text: "", doubt: ["untranscribed"] },
      { ...own, turn: 1, text: "Maybe tides.", doubt: ["unclear", "repeated", "a newer doubt"] },
    ],
  };
  open();
  await screen.findByText("[not understood, 8 s]");
  screen.getByText("Maybe tides.");
  screen.getByText("may be wrong");
  screen.getByText("heard twice, kept once");
});

it("shows who said what and when, and what was typed or interrupted", async () => {
  open();
  const [first, second] = within(await screen.findByRole("region", { name: "Transcript" })).getAllByRole(
    "listitem",
  );
  expect(first?.textContent).toContain("Interviewer00:00interrupted by you");
  expect(second?.textContent).toContain("You01:05typed");
});

it.each([
  ["candidate", "ended here"],
  ["interviewer", "interrupted by you"],
])("says of the last turn why it stops (ended by the %s)", async (ended_reason, tag) => {
  endings = [(answer) => sendJson(answer, 200, { ...ENDED, ended_reason })];
  record = { ...RECORD, ended_reason };
  transcript = { turns: TRANSCRIPT.turns.slice(0, 1) };
  open();
  await screen.findByText(SUMMARY.performance_summary);
  const [turn] = within(await screen.findByRole("region", { name: "Transcript" })).getAllByRole("listitem");
  expect(turn?.textContent).toContain(`Interviewer00:00${tag}`);
});

it("does not assess a candidate who gave no answer", async () => {
  const summary = {
    ...SUMMARY,
    assessed: false,
    strengths: [],
    improvements: [],
    performance_summary: "No answer was given.",
  };
  endings = [(answer) => sendJson(answer, 200, { ...ENDED, summary })];
  open();
  await screen.findByText("Not enough to assess");
  expect(screen.getByText("No answer was given.")).toBeTruthy();
  expect(screen.queryByText("Recommendation")).toBeNull();
});

it("asks again for a summary that is being written", async () => {
  endings = [pending(0.01), pending(0.01), (answer) => sendJson(answer, 200, ENDED)];
  open();
  await screen.findByText(SUMMARY.performance_summary);
});

it("shows a server error, and tries again at a click", async () => {
  endings = [
    (answer) => sendJson(answer, 500, { code: "internal" }),
    (answer) => sendJson(answer, 200, ENDED),
  ];
  open();
  await screen.findByText("Our server has a problem");
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByText(SUMMARY.performance_summary);
});

it("says that the interview can't be found, and removes it from the browser", async () => {
  known = false;
  const { onGone, onNew } = open();
  await screen.findByText("We can't find this interview");
  await waitFor(() => expect(onGone).toHaveBeenCalled());
  await userEvent.click(screen.getByRole("button", { name: "Start new interview" }));
  expect(onNew).toHaveBeenCalled();
});

it("saves the transcript under the server's name", async () => {
  const saved: { name: string; text: Promise<string> }[] = [];
  const blobs = new Map<string, Blob>();
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    blobs.set("blob:1", blob as Blob);
    return "blob:1";
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, text: blobs.get(this.href)?.text() ?? Promise.resolve("") });
  });
  open();
  await userEvent.click(
    await screen.findByRole("button", { name: "Download the transcript as TXT, plain text" }),
  );
  await waitFor(() => expect(saved).toHaveLength(1));
  expect(saved[0]?.name).toBe("interview-tides.txt");
  expect(await saved[0]?.text).toContain("What wears a tidal turbine");
});

it("deletes after asking, and shows the receipt", async () => {
  const { onGone } = open();
  await userEvent.click(await screen.findByRole("button", { name: "Delete everything" }));
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Keep it" }));
  await userEvent.click(screen.getByRole("button", { name: "Delete everything now" }));
  const heading = await screen.findByText("Everything is deleted");
  await waitFor(() => expect(document.activeElement).toBe(heading));
  expect(screen.getByText("Turns of the transcript").parentElement?.textContent).toContain("2");
  await waitFor(() => expect(onGone).toHaveBeenCalled());
  expect(server.seen.filter(({ method }) => method === "DELETE")).toHaveLength(1);
});

it("names the day until which backups keep a copy, before and after", async () => {
  deletion = (answer) =>
    sendJson(answer, 200, { deleted: { store: { interview: 1 } }, backups_until: "2026-12-04T12:00:00Z" });
  open();
  await userEvent.click(await screen.findByRole("button", { name: "Delete everything" }));
  const promised = day(inDays(8));
  expect(screen.getByText(new RegExp(`backups keep a copy until ${promised}`))).toBeTruthy();
  expect(document.body.textContent).not.toMatch(/nobody can restore it/i);
  await userEvent.click(screen.getByRole("button", { name: "Delete everything now" }));
  await screen.findByText(
    /backups keep a copy until 4 December 2026\. After that day nobody can restore it\./,
  );
});

it("says that nobody can restore it where there are no backups, and only there", async () => {
  open("embedded", { backup_days: 0 });
  await userEvent.click(await screen.findByRole("button", { name: "Delete everything" }));
  expect(screen.getByText("We have no backups, so nobody can restore it.")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Delete everything now" }));
  await screen.findByText("Everything is deleted");
  expect(document.body.textContent).not.toContain("backups keep");
});

it("says what could not be deleted, and mentions no video where there was none", async () => {
  deletion = (answer) =>
    sendJson(answer, 200, {
      deleted: { store: { interview: 1, turns: 2 }, files: [], avatar: [] },
      not_deleted: { avatar: ["c1"] },
    });
  open();
  await userEvent.click(await screen.findByRole("button", { name: "Delete everything" }));
  await userEvent.click(screen.getByRole("button", { name: "Delete everything now" }));
  await screen.findByText("Not everything is deleted yet");
  const lines = [...document.querySelectorAll("dl > div")].map(({ textContent }) => textContent?.trim());
  expect(lines).toEqual([
    "Interview with its summary1",
    "Turns of the transcript2",
    "Files: your CV0",
    "Not yet deleted: Video conversations1",
  ]);
});

it.each([
  [["avatar"], "on video"],
  [["avatar", "voice", "avatar"], "partly on video"],
  [["voice"], null],
  [[], null],
])("says whether the interviewer was on video (%j)", async (outputs, words) => {
  const changes = outputs.map((output) => ({ at: "2026-11-20T10:00:01Z", output, reason: "ready" }));
  record = { ...RECORD, avatar: { provider: "tavus", changes } };
  open();
  await screen.findByText("20 November 2026");
  if (words) expect(screen.getByText(words).previousElementSibling?.textContent).toBe("Interviewer");
  else expect(screen.queryByText(/on video/)).toBeNull();
});

it("says that the deletion failed, and keeps the session", async () => {
  deletion = (answer) => sendJson(answer, 500, { code: "internal" });
  const { onGone } = open();
  await userEvent.click(await screen.findByRole("button", { name: "Delete everything" }));
  await userEvent.click(screen.getByRole("button", { name: "Delete everything now" }));
  await screen.findByText(/That is our fault/);
  expect(onGone).not.toHaveBeenCalled();
});
