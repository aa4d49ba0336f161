import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createApi } from "../api/client";
import { createSessionStore, type SessionStore } from "../session/store";
import { faults } from "../testing/axe";
import { TestMedia } from "../testing/media";
import { ENDED, RECORD, SESSION, TRANSCRIPT } from "../testing/samples";
import { moveTo, sendJson, serve, type TestServer } from "../testing/server";
import { App } from "./App";

let server: TestServer;
let sessions: SessionStore;
let record: object;

beforeEach(async () => {
  record = { ...RECORD, status: "live", summary: null, remaining_seconds: 754 };
  server = await serve(({ method, path }, answer) => {
    if (path === "/config.json") sendJson(answer, 200, { interviewer: "gemini", page_name: "Acme" });
    else if (path === "/api/interview/s-1") sendJson(answer, 200, record);
    else if (path.includes("/transcript")) sendJson(answer, 200, TRANSCRIPT);
    else if (method === "POST" && path.endsWith("/end")) sendJson(answer, 200, ENDED);
    else sendJson(answer, 404, { code: "not_found" });
  });
  sessions = createSessionStore(localStorage);
  sessions.save(SESSION);
});

afterEach(() => server.close());

function open(path: string) {
  moveTo(server.origin + path);
  render(<App api={createApi(server.origin)} sessions={sessions} media={new TestMedia()} />);
}

const ends = () => server.seen.filter(({ path }) => path.endsWith("/end")).length;

it("asks before the results end an interview that is live, and says how much time it has", async () => {
  open("/results/s-1");
  await screen.findByRole("heading", { name: "This interview isn't over" });
  expect(screen.getByTestId("left").textContent).toMatch(/^12:3\d$/);
  expect(await faults()).toEqual([]);
  expect(ends()).toBe(0);
  await userEvent.click(screen.getByRole("button", { name: "End it and see the results" }));
  await waitFor(() => expect(ends()).toBeGreaterThan(0));
  expect(sessions.find("s-1")?.ended).toBe(true);
});

it("leads from the results of a live interview back to it, where the clock runs", async () => {
  open("/results/s-1");
  await userEvent.click(await screen.findByRole("button", { name: "Go to the interview" }));
  expect(window.location.pathname).toBe("/interview/s-1");
  await waitFor(() => expect(screen.getByTestId("left").textContent).toMatch(/^12:3\d$/));
  screen.getByText(/The clock keeps running/);
  expect(ends()).toBe(0);
});

it("shows the results at once of an interview that has ended meanwhile", async () => {
  record = RECORD;
  open("/results/s-1");
  await waitFor(() => expect(ends()).toBeGreaterThan(0));
  expect(screen.queryByText("This interview isn't over")).toBeNull();
});

it("asks too where the server can't say whether the interview is over", async () => {
  record = {};
  open("/results/s-1");
  await screen.findByRole("heading", { name: "This interview isn't over" });
  expect(screen.queryByTestId("left")).toBeNull();
  expect(ends()).toBe(0);
});

it("names the tab by the deployment's own name", async () => {
  open("/nowhere");
  await waitFor(() => expect(document.title).toBe("Page not found · Acme"));
});
