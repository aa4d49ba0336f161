import { describe, expect, it } from "vitest";
import type { ServerMessage } from "./messages";
import { BEFORE, reduce, timeAt } from "./state";

function following(...messages: ServerMessage[]) {
  return messages.reduce((interview, message, at) => reduce(interview, message, at * 1000), BEFORE);
}

function caption(
  turn: number,
  text: string,
  final: boolean,
  speaker: "interviewer" | "candidate" = "interviewer",
) {
  return { type: "caption", turn, speaker, text, final } as const;
}

const ready = {
  type: "ready",
  session_id: "s",
  resumed: false,
  output: "voice",
  elapsed_seconds: 10,
  max_duration_seconds: 100,
} as const;

describe("captions", () => {
  it("replace the text of their turn until it is final", () => {
    const { turns } = following(
      caption(0, "Hello", false),
      caption(0, "Hello Ada", false),
      caption(0, "Hello Ada.", true),
    );
    expect(turns).toEqual([
      {
        turn: 0,
        speaker: "interviewer",
        text: "Hello Ada.",
        final: true,
        interrupted: false,
        restored: false,
        doubt: [],
      },
    ]);
  });

  it("take a late final word, but no late interim", () => {
    const { turns } = following(
      caption(0, "I worked", true, "candidate"),
      caption(0, "I work", false, "candidate"),
      caption(0, "I worked there", true, "candidate"),
    );
    expect(turns.map((turn) => [turn.text, turn.final])).toEqual([["I worked there", true]]);
  });

  it("keep the order of the turns, not of the arrival", () => {
    const { turns } = following(
      caption(2, "c", false),
      caption(0, "a", true),
      caption(1, "b", true, "candidate"),
      caption(5, "d", false),
    );
    expect(turns.map((turn) => turn.text)).toEqual(["a", "b", "c", "d"]);
  });

  it("stay marked as interrupted when their last word comes after", () => {
    const { turns } = following(
      caption(0, "What did", false),
      { type: "interrupted", turn: 0 },
      caption(0, "What did you", true),
    );
    expect(turns[0]).toMatchObject({ text: "What did you", final: true, interrupted: true });
  });

  it("of the candidate are never marked as interrupted", () => {
    const { turns } = following(caption(0, "Well", true, "candidate"), { type: "interrupted", turn: 0 });
    expect(turns[0]?.interrupted).toBe(false);
  });
});

it("a caption carries its doubts, and a correction replaces them", () => {
  const first = { ...caption(0, "", true, "candidate"), doubt: ["untranscribed" as const] };
  expect(following(first).turns[0]?.doubt).toEqual(["untranscribed"]);
  expect(following(first, caption(0, "The sea.", true, "candidate")).turns[0]?.doubt).toEqual([]);
});

describe("captions sent again on a new connection", () => {
  const again = { ...ready, resumed: true };
  const floor = { type: "floor", holder: "candidate" } as const;

  it("replace what was known, each turn once", () => {
    const { turns, restoring } = following(
      ready,
      caption(0, "What is a", false),
      { type: "interrupted", turn: 0 },
      again,
      caption(0, "What is a tide?", true),
      caption(1, "The sea.", true, "candidate"),
      floor,
    );
    expect(turns.map((turn) => [turn.turn, turn.text, turn.restored, turn.interrupted])).toEqual([
      [0, "What is a tide?", true, true],
      [1, "The sea.", true, false],
    ]);
    expect(restoring).toBeNull();
  });

  it("leave out what is not in the record, so that its number is free again", () => {
    const lost = following(
      ready,
      caption(0, "Hello.", true),
      caption(1, "I wor", true, "candidate"),
      again,
      caption(0, "Hello.", true),
    );
    expect(lost.turns).toHaveLength(2);
    const { turns } = [floor, caption(1, "Go on", false)].reduce(
      (interview, message) => reduce(interview, message, 0),
      lost,
    );
    expect(turns.map((turn) => [turn.text, turn.speaker, turn.restored])).toEqual([
      ["Hello.", "interviewer", true],
      ["Go on", "interviewer", false],
    ]);
  });

  it("end with the first new word where there were none", () => {
    const { turns } = following(again, caption(0, "Hel", false), caption(0, "Hello.", true));
    expect(turns).toMatchObject([{ text: "Hello.", final: true, restored: false }]);
  });
});

describe("the rest", () => {
  it("follows the floor, and leaves it empty at the end", () => {
    expect(following({ type: "floor", holder: "candidate" }).floor).toBe("candidate");
    const ended = following({ type: "floor", holder: "candidate" }, { type: "ended", reason: "time_limit" });
    expect(ended).toMatchObject({ floor: null, ending: "time_limit" });
  });

  it("keeps the captions over a new connection and drops the old one's notices", () => {
    const interview = following(
      ready,
      caption(0, "Hello", true),
      { type: "notice", code: "degraded", message: "Slow." },
      { type: "notice", code: "record_incomplete", message: "A sentence is missing." },
      { ...ready, resumed: true, elapsed_seconds: 40 },
    );
    expect(interview).toMatchObject({ begun: true, clock: { elapsed: 40, remaining: 60, at: 4000 } });
    expect(interview.notes.map(({ code }) => code)).toEqual(["record_incomplete"]);
    expect(interview.turns).toHaveLength(1);
  });

  it("has a notice of each kind once, and none of a trouble that is over", () => {
    const notice = (code: string, message = "") => ({ type: "notice", code, message }) as const;
    const codes = (...all: string[]) =>
      following(...all.map((code) => notice(code))).notes.map((n) => n.code);
    expect(codes("resuming", "degraded", "resuming")).toEqual(["degraded", "resuming"]);
    expect(codes("resuming", "degraded", "resumed")).toEqual(["degraded"]);
    expect(codes("avatar_lost", "degraded", "avatar_back")).toEqual(["degraded", "avatar_back"]);
    expect(codes("avatar_back", "avatar_lost")).toEqual(["avatar_lost"]);
    expect(codes("a", "b", "c", "d", "e")).toEqual(["b", "c", "d", "e"]);
  });

  it("hears nothing after the end, or on a new connection", () => {
    const hearing = { type: "hearing", state: "speech" } as const;
    expect(following(ready, hearing).hearing).toBe("speech");
    expect(following(ready, hearing, ready).hearing).toBe("quiet");
    expect(following(ready, hearing, { type: "ended", reason: "candidate" }).hearing).toBe("quiet");
  });

  it("changes nothing for what only concerns the sound", () => {
    const interview = following(ready);
    expect(reduce(interview, { type: "spoken", turn: 0 }, 9)).toBe(interview);
    expect(reduce(interview, { type: "reconnect", after_ms: 1 }, 9)).toBe(interview);
  });
});

describe("the clock", () => {
  it("counts on from what the relay said last", () => {
    const { clock } = following(ready, { type: "time", elapsed_seconds: 25, remaining_seconds: 75 });
    if (!clock) throw new Error("no clock");
    expect(timeAt(clock, clock.at)).toEqual({ elapsed: 25, remaining: 75 });
    expect(timeAt(clock, clock.at + 2600)).toEqual({ elapsed: 27, remaining: 73 });
  });

  it("never goes below nothing, nor backwards", () => {
    const clock = { elapsed: 99, remaining: 1, at: 5000 };
    expect(timeAt(clock, 60_000).remaining).toBe(0);
    expect(timeAt(clock, 4000)).toEqual({ elapsed: 99, remaining: 1 });
  });
});
