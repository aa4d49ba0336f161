import { act, render, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import type { Turn } from "../../relay/state";
import { Captions } from "./Captions";

const QUESTION: Turn = {
  turn: 0,
  speaker: "interviewer",
  text: "You moved the orders to a queue. What did you lose by that, and what did you win?",
  final: true,
  interrupted: false,
  restored: true,
  doubt: [],
};

/** The heights of what is shown, in pixels. A DOM without a layout has none. */
let content: number;
let visible: number;
/** Measures what is watched, as after a change of its size. */
let resized: () => void;

beforeEach(() => {
  content = visible = 100;
  const watching = new Map<Element, Set<() => void>>();
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(private readonly told: () => void) {}
      observe(element: Element) {
        const all = watching.get(element) ?? new Set();
        watching.set(element, all.add(this.told));
      }
      disconnect() {
        for (const all of watching.values()) all.delete(this.told);
      }
    },
  );
  resized = () =>
    act(() => {
      for (const all of watching.values()) for (const told of [...all]) told();
    });
  vi.spyOn(HTMLElement.prototype, "scrollHeight", "get").mockImplementation(() => content);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockImplementation(() => visible);
});

function show(...turns: Turn[]) {
  const props = { question: null, sending: [], link: "open", language: "en-US", size: "normal" } as const;
  return render(<Captions {...props} turns={turns} voice={() => null} onSendAgain={() => undefined} aloud />);
}

const pinned = () => screen.queryByRole("group", { name: "Current question" });

it("a question that is longer than its box can be focused, by its name, until it fits", () => {
  show(QUESTION);
  expect(pinned()).toBeNull();
  content = 160;
  resized();
  expect(pinned()?.textContent).toContain(QUESTION.text);
  expect(pinned()?.tabIndex).toBe(0);
  pinned()?.focus();
  expect(document.activeElement).toBe(pinned());
  visible = 160;
  resized();
  expect(pinned()).toBeNull();
});

it("only the question of the moment can be focused", () => {
  content = 160;
  show(
    QUESTION,
    { ...QUESTION, turn: 1, speaker: "candidate", text: "Order." },
    { ...QUESTION, turn: 2, text: "Why?" },
  );
  resized();
  expect(screen.getAllByRole("group").map(({ textContent }) => textContent)).toEqual(["InterviewerWhy?"]);
});
