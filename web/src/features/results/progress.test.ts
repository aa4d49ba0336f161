import { expect, it } from "vitest";
import { progressText, progressTitle } from "./progress";

it.each([
  [null, "Writing your summary"],
  [{ step: "waiting", attempts: 0, code: null }, "Your summary is next in line"],
  [{ step: "writing", attempts: 0, code: null }, "Writing your summary"],
  [{ step: "retrying", attempts: 1, code: null }, "Trying again to write your summary"],
] as const)("has a title for %j", (progress, title) => {
  expect(progressTitle(progress)).toBe(title);
});

it.each([
  ["model_blocked", /declined to judge/],
  ["model_silent", /took too long/],
  ["model_key", /operator of this site has to fix/],
  ["a_newer_code", /The last attempt failed\./],
  [null, /The last attempt failed\./],
])("gives the reason of %s", (code, reason) => {
  expect(progressText({ step: "retrying", attempts: 1, code })).toMatch(reason);
  expect(progressText({ step: "retrying", attempts: 1, code })).toContain("1 attempt has failed so far.");
});
