import { describe, expect, it } from "vitest";
import type { Closing } from "../../stream/connection";
import { BEFORE } from "../../stream/state";
import type { Scene } from "./live";
import { lineTrouble, presence } from "./words";

const OPEN: Scene = {
  ...BEFORE,
  link: { state: "open" },
  begun: true,
  microphone: "open",
  muted: false,
  sound: "running",
  endingAsked: false,
};

describe("a trouble with the line", () => {
  it.each<Closing>([
    "ended",
    "already_ended",
    "taken_over",
    "not_found",
    "no_hello",
    "bad_message",
    "unreachable",
  ])("that is final (%s) always has a way on", (why) => {
    const trouble = lineTrouble({ ...OPEN, link: { state: "closed", why } });
    expect(trouble?.again ?? trouble?.leave).toBeTruthy();
    expect(trouble?.title).toMatch(/^[A-Z]/);
    expect(`${trouble?.title} ${trouble?.text}`).not.toMatch(/\d{4}|socket|relay|token/i);
  });

  it("that mends itself says so, in words for what happened", () => {
    const titles = [
      lineTrouble({ ...OPEN, link: { state: "reconnecting", busy: false } }),
      lineTrouble({ ...OPEN, begun: false, link: { state: "reconnecting", busy: false } }),
      lineTrouble({ ...OPEN, link: { state: "reconnecting", busy: true } }),
    ].map((trouble) => trouble?.title);
    expect(titles).toEqual([
      "Connection lost",
      "The interviewer does not answer yet",
      "All interviewers are busy",
    ]);
  });

  it("is none while all is well, nor after a proper end", () => {
    expect(lineTrouble(OPEN)).toBeNull();
    expect(lineTrouble({ ...OPEN, ending: "candidate", link: { state: "closed", why: "ended" } })).toBeNull();
  });
});

describe("who is speaking", () => {
  it.each([
    [{ floor: "interviewer" }, false, "The interviewer is speaking"],
    [{ floor: "candidate" }, false, "Your turn"],
    // What is heard counts for more than what has been sent.
    [{ floor: "candidate" }, true, "The interviewer is speaking"],
    [{ floor: "thinking" }, false, "The interviewer is thinking"],
    [{ floor: null }, false, "Connected"],
    [{ link: { state: "reconnecting", busy: false } }, false, "Reconnecting"],
    [{ endingAsked: true, floor: "interviewer" }, true, "The interview is ending"],
  ] as [Partial<Scene>, boolean, string][])("%o, sounding %s: %s", (part, sounding, title) => {
    expect(presence({ ...OPEN, ...part }, sounding).title).toBe(title);
  });

  it("tells the candidate how to answer", () => {
    const hint = (part: Partial<Scene>) => presence({ ...OPEN, floor: "candidate", ...part }, false).hint;
    expect(hint({})).toMatch(/speak/i);
    expect(hint({ muted: true })).toMatch(/unmute/i);
    expect(hint({ microphone: "gone" })).toMatch(/^type/i);
    expect(presence({ ...OPEN, muted: true }, true).hint).toMatch(/type to cut in/);
    expect(presence(OPEN, true).hint).toMatch(/speak to cut in/);
  });
});
