import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";
import { faults } from "../../testing/axe";
import { openResults, type Routes, serveResults } from "../../testing/results";
import { ENDED, RECORD, TRANSCRIPT } from "../../testing/samples";
import { sendJson, type TestServer } from "../../testing/server";

const CORRECT = "POST s-1/corrections";
const HEARD = "Mostly cavitation: the bubbles collapse on the blade.";

let server: TestServer;
let routes: Routes;
let corrected: string | null;

beforeEach(async () => {
  corrected = null;
  const transcript = () => ({
    turns: TRANSCRIPT.turns.map((turn) => (turn.turn === 1 ? { ...turn, corrected_text: corrected } : turn)),
  });
  routes = {
    [CORRECT]: (answer, { body }) => {
      corrected = JSON.parse(body).corrections[0].text;
      sendJson(answer, 200, transcript());
    },
    "POST s-1/end": (answer) =>
      corrected === null
        ? sendJson(answer, 200, ENDED)
        : sendJson(answer, 202, { session_id: "s-1", status: "summary_pending", retry_after_seconds: 600 }),
    "GET s-1": (answer) =>
      sendJson(answer, 200, { ...RECORD, corrected_at: corrected && "2026-11-20T11:00:00Z" }),
    "GET s-1/transcript?format=json": (answer) => sendJson(answer, 200, transcript()),
  };
  server = await serveResults(routes);
});

afterEach(() => server.close());

const sent = () =>
  server.seen.filter(({ path }) => path.endsWith("/corrections")).map(({ body }) => JSON.parse(body));
const click = async (name: string) =>
  userEvent.click(await screen.findByText(name, { selector: "button *" }));

async function write(text: string): Promise<void> {
  await click("Correct my words");
  const box = screen.getByLabelText<HTMLTextAreaElement>(/^I said:/);
  expect(document.activeElement).toBe(box);
  expect(box.value).toBe(HEARD);
  await userEvent.clear(box);
  if (text) await userEvent.type(box, text);
}

it("sends all corrections in one step after a review, and waits for the summary again", async () => {
  openResults(server);
  await write("Mostly corrosion.");
  screen.getByText("1 answer corrected, not sent yet");
  expect(await faults()).toEqual([]);
  await click("Review and send");
  const dialog = within(screen.getByRole("dialog"));
  dialog.getByText("You can do this once.");
  expect(dialog.getByRole("listitem").textContent).toBe(`Heard: ${HEARD}I said: Mostly corrosion.`);
  expect(sent()).toEqual([]);
  await click("Send them");
  const waiting = await screen.findByText("Writing your summary");
  expect(sent()).toEqual([{ corrections: [{ turn: 1, text: "Mostly corrosion." }] }]);
  await waitFor(() => expect(document.activeElement).toBe(waiting));
  await screen.findByText("corrected by you");
  const turn = document.getElementById("turn-1");
  expect(turn?.textContent).toContain(`I saidMostly corrosion.Heard${HEARD}`);
  expect(screen.queryByText("Correct my words")).toBeNull();
  expect(await faults()).toEqual([]);
});

it("offers it once: not for a transcript that was corrected", async () => {
  corrected = "Mostly corrosion.";
  openResults(server);
  await screen.findByText(/You have corrected this transcript/);
  expect(screen.queryByText("Correct my words")).toBeNull();
});

it("keeps what was typed when it is put off", async () => {
  openResults(server);
  await write("Mostly corrosion.");
  await click("Not now");
  expect(document.activeElement).toBe(screen.getByText("Correct my words").closest("button"));
  await click("Correct my words");
  expect(screen.getByLabelText<HTMLTextAreaElement>(/^I said:/).value).toBe("Mostly corrosion.");
});

it("sends no empty answer", async () => {
  openResults(server);
  await write("");
  screen.getByText(/One of your answers is empty now/);
  expect(screen.getByText("Review and send").closest("button")?.disabled).toBe(true);
});

it("says that it failed, keeps what was typed, and sends it at another click", async () => {
  const accept = routes[CORRECT];
  routes[CORRECT] = (answer) => sendJson(answer, 500, { code: "internal" });
  openResults(server);
  await write("Mostly corrosion.");
  await click("Review and send");
  await click("Send them");
  await screen.findByText(/That is our fault/);
  if (accept) routes[CORRECT] = accept;
  await click("Send them");
  await screen.findByText("Writing your summary");
});

it("goes on where the server has the corrections already", async () => {
  routes[CORRECT] = (answer) => {
    corrected = "Mostly corrosion.";
    sendJson(answer, 409, { code: "already_corrected", title: "Corrected", detail: "It can be done once." });
  };
  openResults(server);
  await write("Mostly corrosion.");
  await click("Review and send");
  await click("Send them");
  await screen.findByText("Writing your summary");
});
