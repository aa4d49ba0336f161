import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { faults } from "../../testing/axe";
import { openResults, type Routes, section, serveResults, transcriptShown } from "../../testing/results";
import { ASSESSMENT, ENDED, RECORD, SUMMARY, TRANSCRIPT } from "../../testing/samples";
import { sendJson, type TestServer } from "../../testing/server";

let server: TestServer;
let routes: Routes;

beforeEach(async () => {
  routes = {};
  server = await serveResults(routes);
});

afterEach(() => server.close());

function answerWith(summary: object): void {
  routes["POST s-1/end"] = (answer) => sendJson(answer, 200, { ...ENDED, summary });
}

it("shows verdict and reasons first, then competencies, next steps, questions and numbers", async () => {
  answerWith(ASSESSMENT);
  openResults(server);
  await screen.findByText("How it went");
  await transcriptShown();
  const headings = [...document.querySelectorAll("h2")].map(({ textContent }) => textContent);
  expect(headings.slice(0, 8)).toEqual([
    "How it went",
    "Strengths",
    "To improve",
    "Your competencies",
    "Next steps",
    "Question by question",
    "The interview in numbers",
    "How this was made",
  ]);
  expect(await faults()).toEqual([]);
});

it("says that it is not calibrated, until it is", async () => {
  answerWith(ASSESSMENT);
  openResults(server);
  const made = await section("How this was made");
  made.getByText(/^Not calibrated: nobody has measured/);
  expect(screen.getByText("Not calibrated").getAttribute("href")).toBe("#made");
});

it("says nothing of calibration once it is measured", async () => {
  answerWith({ ...ASSESSMENT, calibrated: true });
  openResults(server);
  await section("How this was made");
  expect(screen.queryByText(/calibrated/i)).toBeNull();
});

it("counts the sentences that were dropped, and the doubtful and corrected turns", async () => {
  answerWith({ ...ASSESSMENT, corrected: [1, 5] });
  openResults(server);
  const made = await section("How this was made");
  made.getByText("2 sentences about you could not be proven from your words and were dropped.");
  made.getByText(
    "1 turn with words that may be wrong did not count for or against you. The transcript marks it.",
  );
  made.getByText(/^You corrected 2 turns\./);
});

it("shows each competency's range as a picture with a text, and what the level expects", async () => {
  answerWith(ASSESSMENT);
  openResults(server);
  const competencies = await section("Your competencies");
  const pictures = competencies.getAllByRole("img").map((one) => one.getAttribute("aria-label"));
  expect(pictures).toEqual(["3 to 4 of 5", "Not enough evidence", "1 to 4 of 5, uncertain"]);
  competencies.getByText("Your answers covered 2 of 3 competencies.");
  competencies.getByText("Explains wear by its causes.", { exact: false });
  competencies.getByText(/differ by more than one point/);
  competencies.getByText(/don't show enough of this/);
});

it("links points, questions and measures to their moments in the transcript", async () => {
  answerWith(ASSESSMENT);
  openResults(server);
  await section("Your competencies");
  await transcriptShown();
  screen.getByLabelText("Transcript 01:05: the bubbles collapse");
  for (const name of [
    "Transcript 00:00: What wears a tidal turbine?",
    "Transcript 01:05: Mostly cavitation",
  ]) {
    const link = screen.getByLabelText(name);
    expect(document.querySelector(link.getAttribute("href") ?? "")).not.toBeNull();
  }
  await userEvent.click(screen.getByText("Show as a table"));
  screen.getByLabelText("Transcript 01:05: the answer at 01:05");
  // The transcript has no turn 3.
  expect(screen.queryByLabelText(/the answer at 02:10/)).toBeNull();
});

it("says of each question how it was answered, and what a stronger answer would have added", async () => {
  answerWith(ASSESSMENT);
  openResults(server);
  const questions = await section("Question by question");
  questions.getByText("You answered 1 of 2 questions.");
  const [first, second] = questions.getAllByRole("listitem");
  expect(first?.textContent).toMatch(/What wears.*You named cavitation.*How fast it happens/);
  expect(second?.textContent).toMatch(/What does it cost\?.*You did not answer this/);
});

it("shows a sketch of a good answer on demand, after an error too", async () => {
  answerWith(ASSESSMENT);
  routes["POST s-1/questions/0/sketch"] = (answer) => sendJson(answer, 503, { code: "model_busy" });
  openResults(server);
  const name = "Show a sketch of a good answer: What wears a tidal turbine?";
  await userEvent.click(await screen.findByLabelText(name));
  const again = await screen.findByLabelText("Try again: What wears a tidal turbine?");
  screen.getByText(/Wait a minute, then try again/);
  expect(await faults()).toEqual([]);
  routes["POST s-1/questions/0/sketch"] = (answer) =>
    sendJson(answer, 200, { turn: 0, sketch: "Name the bubbles, then the cost." });
  await userEvent.click(again);
  const sketch = await screen.findByText("Name the bubbles, then the cost.");
  expect(sketch.closest('[role="status"]')).not.toBeNull();
  expect(await faults()).toEqual([]);
});

it("offers no sketch where no language model is there", async () => {
  answerWith(ASSESSMENT);
  openResults(server, { interviewer: "embedded" });
  await section("Question by question");
  expect(screen.queryByText(/sketch/)).toBeNull();
});

it("ties each next step to its finding, and practises again from the record", async () => {
  answerWith(ASSESSMENT);
  const { onRetake } = openResults(server);
  const next = await section("Next steps");
  expect(next.getByRole("listitem").textContent).toBe(
    "Learn the price of one blade.Because of this: Never mentioned maintenance.",
  );
  await screen.findByText("20 November 2026");
  await userEvent.click(next.getByRole("button", { name: "Practise again" }));
  expect(onRetake).toHaveBeenCalledWith(expect.objectContaining({ session_id: RECORD.session_id }));
});

it("shows talk time, answers, pauses, pace and fillers as facts outside every score", async () => {
  answerWith(ASSESSMENT);
  openResults(server);
  await transcriptShown();
  const numbers = await section("The interview in numbers");
  numbers.getByText(/None of them counts in a score/);
  numbers.getByRole("img", { name: "Talk time: You 75%, 3 min; Interviewer 25%, 1 min." });
  numbers.getByText("2 answers of 20 to 80 words. The longest pause before one was 9 s.");
  for (const text of ["1,234", "140 words a minute", "“like” 3×"]) numbers.getByText(text);
  await userEvent.click(numbers.getByText("Show as a table"));
  const rows = numbers.getAllByRole("row").map(({ textContent }) => textContent);
  expect(rows.slice(1)).toEqual(["01:058015 s2 sspokenTranscript 01:05", "02:1020–9 styped"]);
});

it("shows of a typed interview only what has a meaning without speech", async () => {
  const answers = ASSESSMENT.facts.answers.map((answer) => ({ ...answer, source: "text" }));
  const facts = { ...ASSESSMENT.facts, candidate_seconds: 0, words_per_minute: null, fillers: [], answers };
  answerWith({ ...ASSESSMENT, facts });
  openResults(server);
  await transcriptShown();
  const numbers = await section("The interview in numbers");
  numbers.getByText("2 answers of 20 to 80 words. The slowest took 9 s.");
  await userEvent.click(numbers.getByText("Show as a table"));
  const rows = numbers.getAllByRole("row").map(({ textContent }) => textContent);
  expect(rows).toEqual(["Sent atWordsTime takenMoment", "01:05802 sTranscript 01:05", "02:10209 s"]);
  const all = numbers.getByText("Words you used").closest("section")?.textContent;
  expect(all).toContain("1,234");
  expect(all).not.toMatch(/Talk time|Pace|Filler|Spoken/);
  expect(await faults()).toEqual([]);
});

it("measures nothing where nothing was answered", async () => {
  const facts = { ...ASSESSMENT.facts, candidate_seconds: 0, words: 0, answers: [] };
  answerWith({ ...SUMMARY, assessed: false, not_assessed: "no_answer", facts });
  openResults(server);
  await section("Not enough to assess");
  expect(screen.queryByText("The interview in numbers")).toBeNull();
});

const BY_RULES = "This summary was written by simple rules.";

it("says once that rules wrote the summary, and promises no comparison of scores", async () => {
  const recommendation = "Not assessed: please judge by the transcript.";
  const rules = { assessed: false, not_assessed: "rules", written_by: "embedded-rules" };
  answerWith({ ...SUMMARY, ...rules, performance_summary: BY_RULES, recommendation });
  openResults(server, { interviewer: "embedded" });
  await section("How it went");
  const page = screen.getByRole("main").textContent ?? "";
  expect(page.match(/rules|not assessed|verdict/gi)).toEqual(["rules"]);
  expect(page).not.toContain("compared");
});

it.each([
  ["embedded", "Start another interview and answer a few questions to see how your answers are built."],
  ["gemini", "We don't guess. Start another interview and answer a few questions to get an assessment."],
] as const)("promises an assessment only where one can be made (%s)", async (interviewer, promise) => {
  answerWith({ ...SUMMARY, assessed: false, not_assessed: "no_answer", strengths: [], improvements: [] });
  openResults(server, { interviewer });
  (await section("Not enough to assess")).getByText(promise);
});

it("says once what was missing", async () => {
  const missing = ["The answers that count have 3 words; 50 are needed."];
  const performance_summary = `There is not enough in this interview to assess. ${missing[0]}`;
  answerWith({ ...SUMMARY, assessed: false, not_assessed: "too_little", missing, performance_summary });
  openResults(server);
  const why = await section("Not enough to assess");
  expect(why.getAllByText(/50 are needed/)).toHaveLength(1);
});

it.each([
  ["no_answer", "Not enough to assess"],
  ["too_little", "Not enough to assess"],
  ["declined", "We could not assess this interview"],
  ["rules", "How it went"],
])("says plainly why there is no verdict (%s)", async (not_assessed, title) => {
  const missing = ["You gave 1 answer; an assessment needs 3."];
  answerWith({ ...SUMMARY, assessed: false, not_assessed, missing, strengths: [], improvements: [] });
  openResults(server);
  const why = await section(title);
  why.getByText(missing[0] as string);
  for (const word of ["Mixed", "Strengths"]) expect(screen.queryByText(word)).toBeNull();
  expect(await faults()).toEqual([]);
});

it("marks a quote from a corrected turn", async () => {
  const turns = TRANSCRIPT.turns.map((turn) =>
    turn.turn === 1 ? { ...turn, corrected_text: "Hydro." } : turn,
  );
  routes["GET s-1/transcript?format=json"] = (answer) => sendJson(answer, 200, { turns });
  answerWith(ASSESSMENT);
  openResults(server);
  const strengths = await section("Strengths");
  await strengths.findByText("corrected by you");
});

it("downloads the whole report, and prints it", async () => {
  const saved = new Promise<string>((resolve) => {
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      resolve(this.download);
    });
  });
  routes["GET s-1/report?format=docx"] = (answer) => {
    answer.writeHead(200, { "content-disposition": 'attachment; filename="report-tides.docx"' });
    answer.end("x");
  };
  const print = vi.fn();
  vi.stubGlobal("print", print);
  openResults(server);
  await userEvent.click(await screen.findByLabelText("Download the report as DOCX, Word"));
  expect(await saved).toBe("report-tides.docx");
  await userEvent.click(screen.getByText("Print or save as PDF"));
  expect(print).toHaveBeenCalled();
});
