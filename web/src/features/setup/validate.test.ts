import { expect, it } from "vitest";
import { WANTED } from "../../testing/samples";
import { length, validate } from "./validate";

it("requires a topic of at most 500 characters", () => {
  expect(validate({ ...WANTED, skill_topic: " \n" }).topic).toMatch(/what the interview should be about/);
  expect(validate({ ...WANTED, skill_topic: "x".repeat(500) })).toEqual({});
  expect(validate({ ...WANTED, skill_topic: "x".repeat(503) }).topic).toMatch(/3 characters too long/);
});

it("accepts a job description of at most 10,000 characters", () => {
  expect(validate({ ...WANTED, job_description: "x".repeat(10_000) })).toEqual({});
  expect(validate({ ...WANTED, job_description: "x".repeat(11_000) }).job).toMatch(
    /1,000 characters too long/,
  );
});

it("counts as the API does", () => {
  expect(length("👩‍🚀")).toBe(3);
  expect(length("  a\nb  ")).toBe(4);
});
