import { screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { faults } from "../../testing/axe";
import { openResults, type Routes, section, serveResults } from "../../testing/results";
import { ASSESSMENT, ENDED, RECORD, SESSION } from "../../testing/samples";
import { sendJson, type TestServer } from "../../testing/server";
import { compare } from "./compare";

const EARLIER = { ...SESSION, session_id: "s-0", session_token: "token-0" };
const [PHYSICS, COSTS, SAFETY] = ASSESSMENT.competencies;
const BEFORE = {
  ...ASSESSMENT,
  competencies: [
    {
      ...PHYSICS,
      low: 1,
      high: 2,
      findings: [{ point: "Vague.", evidence: [{ turn: 3, quote: "it just breaks" }] }],
    },
    { ...COSTS, low: 2, high: 2 },
    SAFETY,
  ],
};

let server: TestServer;
let routes: Routes;

beforeEach(async () => {
  routes = {
    "POST s-1/end": (answer) => sendJson(answer, 200, { ...ENDED, summary: ASSESSMENT }),
    "GET s-1": (answer) => sendJson(answer, 200, { ...RECORD, retake_of: "s-0" }),
    "GET s-0": (answer, { headers }) =>
      headers.authorization === "Bearer token-0"
        ? sendJson(answer, 200, {
            ...RECORD,
            session_id: "s-0",
            created_at: "2026-10-02T09:00:00Z",
            summary: BEFORE,
          })
        : sendJson(answer, 404, { code: "not_found" }),
  };
  server = await serveResults(routes);
});

afterEach(() => server.close());

it("shows the change of each competency since the earlier interview, with both quotes", async () => {
  openResults(server, { others: [EARLIER] });
  const link = await screen.findByText("Results of 2 October 2026");
  expect(link.getAttribute("href")).toBe("/results/s-0");
  const list = await section("Since your earlier interview");
  const [physics, costs, safety] = list.getAllByRole("listitem").map(({ textContent }) => textContent);
  expect(physics).toMatch(/^Physics of turbinesHigherThen, 2 October 2026.*1 to 2 of 5“it just breaks”Now/);
  expect(physics).toMatch(/3 to 4 of 5“the bubbles collapse”$/);
  expect(costs).toContain("CostsNot comparable");
  expect(safety).toContain("SafetyThe same");
  expect(await faults()).toEqual([]);
});

it("says that the earlier interview is gone where this browser has no token", async () => {
  openResults(server);
  await screen.findByText(/Your earlier interview is gone/);
});

it("says that the earlier interview is gone where the server has deleted it", async () => {
  routes["GET s-0"] = (answer) => sendJson(answer, 404, { code: "not_found" });
  openResults(server, { others: [EARLIER] });
  await screen.findByText(/Your earlier interview is gone/);
});

it("says that there is nothing to compare where the earlier one has no scores", async () => {
  routes["GET s-0"] = (answer) => sendJson(answer, 200, { ...RECORD, session_id: "s-0" });
  openResults(server, { others: [EARLIER] });
  await screen.findByText(/has no scores/);
});

it("compares nothing after a first interview", async () => {
  routes["GET s-1"] = (answer) => sendJson(answer, 200, RECORD);
  openResults(server, { others: [EARLIER] });
  await screen.findByText("20 November 2026");
  expect(screen.queryByText("Since your earlier interview")).toBeNull();
});

it.each([
  [[1, 2], [3, 4], "higher"],
  [[3, 4], [1, 2], "lower"],
  [[2, 3], [2, 3], "same"],
  [[2, 3], [3, 4], "unclear"],
  [[null, null], [3, 4], "unknown"],
] as const)("calls a change from %j to %j %s", ([low, high], [later, most], change) => {
  const one = { key: "a", name: "A", expects: "", uncertain: false, findings: [] };
  expect(compare([{ ...one, low, high }], [{ ...one, low: later, high: most }])[0]?.change).toBe(change);
});
