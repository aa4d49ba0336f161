import { expect, it } from "vitest";
import { DOUBTS } from "../contract/terms.gen";
import { notUnderstood, reasons } from "./doubt";

it("has a reason for each doubt about words", () => {
  expect(reasons(DOUBTS)).toEqual([
    "may be the interviewer's own voice",
    "not in the interview's language",
    "heard twice, kept once",
    "may be wrong",
  ]);
});

it.each([
  [8.2, "[not understood, 8 s]"],
  [0.3, "[not understood, 1 s]"],
  [75, "[not understood, 1 min 15 s]"],
  [undefined, "[not understood]"],
  [Number.NaN, "[not understood]"],
])("shows %s seconds without words as %s", (seconds, shown) => {
  expect(notUnderstood(seconds)).toBe(shown);
});
