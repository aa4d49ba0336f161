import { describe, expect, it } from "vitest";
import type { Scene } from "../../interview/scene";
import type { Closing } from "../../relay/connection";
import { BEFORE } from "../../relay/state";
import { connectionProblem, presence, videoProblem } from "./status";

const OPEN: Scene = {
  ...BEFORE,
  link: { state: "open" },
  begun: true,
  microphone: "open",
  muted: false,
  holding: false,
  sound: "running",
  endingAsked: false,
  avatar: { is: "none" },
};

describe("a connection problem", () => {
  it.each<Closing>([
    "ended",
    "already_ended",
    "taken_over",
    "suspended",
    "not_found",
    "faulty",
    "bad_message",
    "unreachable",
  ])("that is final (%s) always has a button", (why) => {
    const problem = connectionProblem({ ...OPEN, link: { state: "closed", why } });
    expect(problem?.again ?? problem?.leave).toBeTruthy();
    expect(problem?.title).toMatch(/^[A-Z]/);
    expect(`${problem?.title} ${problem?.text}`).not.toMatch(/\d{4}|socket|relay|token/i);
  });

  it("that resolves itself says what happened", () => {
    const titles = [
      connectionProblem({ ...OPEN, link: { state: "reconnecting", busy: false, quiet: false } }),
      connectionProblem({
        ...OPEN,
        begun: false,
        link: { state: "reconnecting", busy: false, quiet: false },
      }),
      connectionProblem({ ...OPEN, link: { state: "reconnecting", busy: true, quiet: false } }),
    ].map((problem) => problem?.title);
    expect(titles).toEqual([
      "Connection lost",
      "The interviewer isn't answering yet",
      "All interviewers are busy",
    ]);
  });

  it("that was expected is not shown while it is short", () => {
    expect(
      connectionProblem({ ...OPEN, link: { state: "reconnecting", busy: true, quiet: true } }),
    ).toBeNull();
  });

  it("that ended the interview has a button to the summary", () => {
    const note = { code: "record_incomplete", message: "Two sentences are missing.", at: 0 };
    expect(connectionProblem({ ...OPEN, ending: "failed" })?.leave?.reason).toBe("failed");
    expect(connectionProblem({ ...OPEN, ending: "interviewer", notes: [note] })?.leave?.reason).toBe(
      "interviewer",
    );
  });

  it("is not shown while all is well, nor after a normal end", () => {
    expect(connectionProblem(OPEN)).toBeNull();
    expect(
      connectionProblem({ ...OPEN, ending: "candidate", link: { state: "closed", why: "ended" } }),
    ).toBeNull();
  });
});

describe("the line about the video", () => {
  const LOST = { code: "avatar_lost", message: "The video was lost. It continues by voice.", at: 0 };
  const GONE = { is: "failed", message: null, retryable: true } as const;

  it.each(["none", "off", "connected"] as const)("is not shown while the avatar is %s", (is) => {
    expect(videoProblem({ ...OPEN, avatar: { is }, notes: [LOST] })).toBeNull();
  });

  it.each(["connecting", "reconnecting"] as const)(
    "is the relay's while it is %s, and asks for nothing",
    (is) => {
      expect(videoProblem({ ...OPEN, avatar: { is }, notes: [LOST] })).toEqual({ text: LOST.message });
      expect(videoProblem({ ...OPEN, avatar: { is } })).toBeNull();
    },
  );

  it("has a button when the session has failed", () => {
    expect(videoProblem({ ...OPEN, avatar: GONE, notes: [LOST] })).toEqual({
      text: LOST.message,
      bring: "Bring the video back",
    });
    expect(videoProblem({ ...OPEN, avatar: GONE })?.text).toMatch(/by voice\.$/);
  });

  it("says why there is no video, without a button where that does not help", () => {
    const gone = { ...GONE, message: "No more faces." };
    expect(videoProblem({ ...OPEN, avatar: gone, notes: [LOST] })?.text).toBe("No more faces.");
    expect(videoProblem({ ...OPEN, avatar: { ...gone, retryable: false } })).toEqual({
      text: "No more faces.",
    });
  });

  it("is not shown after the end", () => {
    expect(videoProblem({ ...OPEN, avatar: GONE, ending: "candidate" })).toBeNull();
    expect(videoProblem({ ...OPEN, avatar: GONE, link: { state: "closed", why: "ended" } })).toBeNull();
  });
});

describe("who is speaking", () => {
  it.each([
    [{ floor: "interviewer" }, false, "The interviewer is speaking"],
    [{ floor: "candidate" }, false, "Your turn"],
    // What is playing counts for more than the floor.
    [{ floor: "candidate" }, true, "The interviewer is speaking"],
    [{ floor: "thinking" }, false, "Take your time."],
    // Time to think is shown before the relay confirms it, and while its voice still plays.
    [{ floor: "interviewer", holding: true }, true, "Take your time."],
    [{ floor: null }, false, "Connected"],
    [{ link: { state: "reconnecting", busy: false, quiet: false } }, false, "Reconnecting…"],
    [{ floor: "candidate", link: { state: "reconnecting", busy: false, quiet: true } }, false, "Your turn"],
    [{ link: { state: "closed", why: "ended" }, ending: "failed" }, false, "The interview has ended"],
    [{ floor: "candidate", hearing: "speech" }, false, "Listening"],
    [{ floor: "candidate", hearing: "writing" }, false, "Writing down what you said"],
    [{ floor: "thinking", hearing: "speech" }, false, "Listening"],
    [{ floor: "candidate", hearing: "writing" }, true, "The interviewer is speaking"],
    [{ floor: "interviewer", hearing: "writing" }, false, "The interviewer is speaking"],
    [{ link: { state: "closed", why: "suspended" } }, false, "Paused"],
    [{ endingAsked: true, floor: "interviewer" }, true, "The interview is ending"],
  ] as [Partial<Scene>, boolean, string][])("%o, sounding %s: %s", (part, sounding, title) => {
    expect(presence({ ...OPEN, ...part }, sounding).title).toBe(title);
  });

  it("tells the candidate how to answer", () => {
    const hint = (part: Partial<Scene>) => presence({ ...OPEN, floor: "candidate", ...part }, false).hint;
    expect(hint({})).toMatch(/speak/i);
    expect(hint({ muted: true })).toMatch(/unmute/i);
    expect(hint({ microphone: "gone" })).toMatch(/^type/i);
    expect(presence({ ...OPEN, muted: true }, true).hint).toMatch(/type to interrupt/);
    expect(presence(OPEN, true).hint).toMatch(/speak to interrupt/);
  });
});
