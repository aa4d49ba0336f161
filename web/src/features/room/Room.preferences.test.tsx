import { cleanup, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { faults } from "../../testing/axe";
import { button, enter, show } from "../../testing/room";

const QUESTION = {
  type: "caption",
  turn: 0,
  speaker: "interviewer",
  text: "What is a tide?",
  final: true,
} as const;
const ANSWER = { type: "caption", turn: 1, speaker: "candidate", text: "The sea.", final: true } as const;

async function asked() {
  const peer = await enter();
  peer.send(QUESTION, { type: "spoken", turn: 0 }, ANSWER);
  await within(screen.getByRole("log")).findByText("The sea.");
  return peer;
}

it("captions have the language and the direction of their words", async () => {
  await asked();
  const words = await screen.findByText("What is a tide?");
  expect(words.closest("[lang]")?.getAttribute("lang")).toBe("en-US");
  expect(words.closest("[dir]")?.getAttribute("dir")).toBe("auto");
});

it("the interviewer's latest turn is the current question", async () => {
  const peer = await asked();
  const current = () =>
    [...screen.getByRole("log").querySelectorAll("[data-current]")].map((each) => each.textContent);
  expect(current()).toEqual(["InterviewerWhat is a tide?"]);
  peer.send({ ...QUESTION, turn: 2, text: "And an ebb?" }, { type: "spoken", turn: 2 });
  await waitFor(() => expect(current()).toEqual(["InterviewerAnd an ebb?"]));
});

it("captions are read aloud unless the candidate turns that off, which is remembered", async () => {
  await asked();
  const log = () => screen.getByRole("log");
  expect(log().getAttribute("aria-live")).toBeNull();
  await userEvent.click(screen.getByRole("switch", { name: "Screen reader reads captions" }));
  expect(log().getAttribute("aria-live")).toBe("off");
  expect(await faults()).toEqual([]);
  cleanup();
  show();
  await screen.findByRole("log");
  expect(log().getAttribute("aria-live")).toBe("off");
});

it("the captions have three sizes, and the chosen one is remembered", async () => {
  await asked();
  const size = () => screen.getByRole("log").closest("[data-size]")?.getAttribute("data-size");
  expect(size()).toBe("normal");
  await userEvent.click(screen.getByRole("radio", { name: "Largest" }));
  expect(size()).toBe("largest");
  cleanup();
  show();
  await screen.findByRole("log");
  expect(size()).toBe("largest");
});

it("the drawn interviewer can be stilled, which is remembered", async () => {
  await asked();
  const figure = () => screen.getByRole("region", { name: "Interviewer" }).querySelector("svg");
  expect(figure()?.hasAttribute("data-still")).toBe(false);
  await userEvent.click(screen.getByRole("switch", { name: "Still picture" }));
  expect(figure()?.hasAttribute("data-still")).toBe(true);
  cleanup();
  show();
  await screen.findByRole("log");
  expect(figure()?.hasAttribute("data-still")).toBe(true);
});

it("the key that mutes is named only where there is a microphone", async () => {
  const keys = () => screen.getByRole("region", { name: "Preferences" }).textContent;
  await asked();
  expect(keys()).toContain("M mute");
  cleanup();
  show({ microphone: null });
  await screen.findByRole("log");
  expect(keys()).toContain("H let me think");
  expect(keys()).not.toContain("mute");
});

it("a lost connection is announced in a region that stood there before", async () => {
  const peer = await asked();
  const before = new Set(screen.getAllByRole("status"));
  peer.socket.terminate();
  const notice = await screen.findByText("Connection lost");
  expect(before).toContain(notice.closest("[role=status]"));
});

it("the focus returns to the button that opened a dialog", async () => {
  await asked();
  await userEvent.click(button("End interview"));
  expect(document.activeElement).toBe(button("Continue the interview"));
  await userEvent.click(button("Continue the interview"));
  expect(document.activeElement).toBe(button("End interview"));
});
