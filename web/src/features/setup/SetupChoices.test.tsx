import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { ApiError } from "../../api/error";
import type { Config } from "../../api/shape";
import { type Draft, EMPTY, loadDraft, saveDraft } from "../../session/draft";
import { faults } from "../../testing/axe";
import { pdf, SESSION } from "../../testing/samples";
import { Chosen } from "./Chosen";
import { Hero } from "./Hero";
import { Setup } from "./Setup";
import type { ReadCv } from "./useCvReading";
import type { Faults } from "./validate";

const CONFIG: Config = {
  interviewer: "gemini",
  retention_days: 7,
  interview_minutes: 25,
  avatar: false,
  voice: "Kore",
};

/** Never answers. */
const silent: ReadCv = () => new Promise(() => undefined);

function open(given: Partial<Draft> = {}, config = CONFIG, refused: Faults = {}, readCv = silent) {
  const onStart = vi.fn();
  const seen = { draft: { ...EMPTY, skill_topic: "Bees", ...given } as Draft };
  function Page() {
    const [draft, setDraft] = useState(seen.draft);
    return (
      <main>
        <Hero minutes={null} />
        <Setup
          {...{ draft, refused, config, readCv, onStart }}
          cv={null}
          onRead={() => undefined}
          earlier={[]}
          retaken={null}
          history={{ rename: vi.fn(), forget: vi.fn(), file: () => "", add: () => 0 }}
          onForget={() => undefined}
          onChange={(next) => {
            seen.draft = next;
            setDraft(next);
          }}
        />
      </main>
    );
  }
  render(<Page />);
  return { onStart, seen };
}

const start = () => userEvent.click(screen.getByRole("button", { name: "Start" }));
const fold = () => screen.getByText(/^Length, voice and pace/);
const options = (label: string) =>
  [...screen.getByLabelText<HTMLSelectElement>(label).options].map(({ text }) => text);

afterEach(() => vi.restoreAllMocks());

it("has length, voice, pace and extra time in a fold that says what is chosen, and remembers it", async () => {
  const { seen } = open();
  expect(fold().textContent).toBe("Length, voice and pace 25 minutes, Kore");
  await userEvent.click(fold());
  expect(options("Length")).toEqual(["10 minutes", "15 minutes", "25 minutes"]);
  expect(options("Voice")).toHaveLength(6);
  await userEvent.selectOptions(screen.getByLabelText("Length"), "10");
  await userEvent.selectOptions(screen.getByLabelText("Voice"), "Puck");
  await userEvent.selectOptions(screen.getByLabelText("Pace"), "slow");
  await userEvent.selectOptions(screen.getByLabelText("Extra time"), "1.5");
  const choices = { minutes: 10, voice: "Puck", speech_rate: "slow", extra_time: 1.5 };
  expect(seen.draft).toMatchObject(choices);
  expect(fold().textContent).toBe("Length, voice and pace 15 minutes, Puck, slower speech, extra time");
  expect(loadDraft()).toMatchObject(choices);
  expect(await faults()).toEqual([]);
});

it("offers no length above the deployment's, and says that the embedded interviewer has one voice", async () => {
  open({ minutes: 25 }, { ...CONFIG, interviewer: "embedded", interview_minutes: 12 });
  expect(fold().textContent).toBe("Length, voice and pace 12 minutes");
  expect(options("Length")).toEqual(["10 minutes", "12 minutes"]);
  expect(screen.getByText("The practice interviewer has only one voice.")).toBeTruthy();
  expect(screen.queryByLabelText("Voice")).toBeNull();
});

it("plays a sentence in the chosen voice and pace, and says so where it can't", async () => {
  const played = vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue(undefined);
  vi.spyOn(HTMLMediaElement.prototype, "pause").mockReturnValue(undefined);
  open({ voice: "Leda", speech_rate: "slow" });
  await userEvent.click(screen.getByRole("button", { name: "Hear Leda" }));
  expect(played).toHaveBeenCalledOnce();
  const element = document.querySelector("audio");
  expect(element?.getAttribute("src")).toBe("/api/interview/voice-sample?voice=Leda&speech_rate=slow");
  await userEvent.click(await screen.findByRole("button", { name: "Stop" }));
  played.mockRejectedValue(new DOMException("", "NotSupportedError"));
  await userEvent.click(screen.getByRole("button", { name: "Hear Leda" }));
  await screen.findByText("The sample can't be played right now.");
});

it("asks before it starts without the CV that was refused, and goes back to it or on", async () => {
  const { onStart } = open();
  await userEvent.upload(screen.getByLabelText("Choose your CV"), new File([], "cv.pdf"));
  await screen.findByText(/This file is empty/);
  await start();
  expect(onStart).not.toHaveBeenCalled();
  const dialog = await screen.findByRole("dialog", { name: "Go on without a CV?" });
  expect(dialog.textContent).toContain("This file is empty");
  await userEvent.click(screen.getByRole("button", { name: "Choose a CV" }));
  expect(document.activeElement).toBe(screen.getByLabelText("Choose your CV"));
  expect(screen.getAllByText(/This file is empty/)).toHaveLength(1);
  await start();
  await userEvent.click(await screen.findByRole("button", { name: "Go on without a CV" }));
  expect(onStart).toHaveBeenCalledOnce();
});

it("asks likewise when the server refuses the file", async () => {
  const why = "This is no PDF.";
  const readCv: ReadCv = () =>
    Promise.reject(new ApiError("cv_wrong_type", "The CV can't be read", why, 422));
  const { onStart } = open({}, CONFIG, {}, readCv);
  await userEvent.upload(screen.getByLabelText("Choose your CV"), pdf("fake.pdf"));
  await screen.findByText(why);
  await start();
  expect(await screen.findByRole("dialog", { name: "Go on without a CV?" })).toBeTruthy();
  expect(onStart).not.toHaveBeenCalled();
});

it("does not ask once another CV is chosen, or none was wanted", async () => {
  const { onStart } = open({}, CONFIG, { cv: "This CV is a scan." });
  await userEvent.upload(screen.getByLabelText("Choose your CV"), pdf("maya.pdf"));
  await screen.findByText("maya.pdf");
  await start();
  expect(onStart).toHaveBeenCalledOnce();
});

it("names the CV that a reload has lost, and asks before it starts without it", async () => {
  saveDraft({ ...EMPTY, skill_topic: "Bees", cv: pdf("maya.pdf") });
  const { onStart, seen } = open(loadDraft());
  expect(screen.getByText("Choose your CV again")).toBeTruthy();
  expect(screen.getByText("maya.pdf")).toBeTruthy();
  await start();
  expect(onStart).not.toHaveBeenCalled();
  await userEvent.click(await screen.findByRole("button", { name: "Choose a CV" }));
  await userEvent.upload(screen.getByLabelText("Choose your CV"), pdf("maya.pdf"));
  await waitFor(() => expect(seen.draft.cv?.name).toBe("maya.pdf"));
  expect(seen.draft.lost_cv).toBeUndefined();
  await start();
  expect(onStart).toHaveBeenCalledOnce();
});

it("takes a file that is dropped beside the zone", async () => {
  const { seen } = open();
  const drop = new Event("drop", { bubbles: true, cancelable: true });
  Object.assign(drop, { dataTransfer: { files: [pdf("dropped.pdf")], types: ["Files"] } });
  fireEvent(document.body, drop);
  expect(drop.defaultPrevented).toBe(true);
  await waitFor(() => expect(seen.draft.cv?.name).toBe("dropped.pdf"));
});

it.each([
  [
    { cv: pdf("cv.pdf"), level: "advanced" },
    "CV: cv.pdf, Advanced, English (United States), 25 minutes, change",
  ],
  [{ lost_cv: "cv.pdf" }, /^CV: none \(cv\.pdf must be chosen again\), Intermediate/],
  [{ minutes: 10, voice: "Puck", speech_rate: "slow" }, /, 10 minutes, Puck, slower speech, change$/],
  [{ minutes: 10, voice: "Kore", extra_time: 1.5 }, /\), 15 minutes with extra time, change$/],
  [{ retake_question: { turn: 4, question: "Why?" } }, /\), 25 minutes, change$/],
] as const)("says in one line what was chosen, with the way back: %#", (given, words) => {
  render(<Chosen draft={{ ...EMPTY, ...given }} config={CONFIG} retaken={null} />);
  const link = screen.getByRole("link", { name: "change" });
  expect(link.getAttribute("href")).toBe("/");
  const line = link.parentElement?.textContent ?? "";
  if (typeof words === "string") expect(line).toBe(words);
  else expect(line).toMatch(words);
});

it("says that one question of an earlier interview is practised", () => {
  const draft = { ...EMPTY, minutes: 10, retake_question: { turn: 4, question: "Why?" } };
  render(<Chosen draft={draft} config={CONFIG} retaken={SESSION} />);
  screen.getByText(/^CV: none, one question, .*, 3 minutes,/);
});
