import { expect, it } from "vitest";
import { ApiError } from "./error";
import { explain } from "./explanation";

function refused(code: string, status: number, detail = "", field: string | null = null): ApiError {
  return new ApiError(code, "Title", detail, status, field);
}

it.each(["cv_empty", "cv_encrypted", "cv_damaged", "cv_scanned", "cv_wrong_type", "cv_too_complex"])(
  "says what to do about a CV that is %s, even without the server's words",
  (code) => {
    const said = explain(refused(code, 422));
    expect(said.remedy).toBe("cv");
    expect(said.text).toMatch(/\.$/);
    expect(said.text).not.toBe("Title");
  },
);

it("prefers the server's words about a CV", () => {
  expect(explain(refused("cv_scanned", 422, "Page 1 is a photograph.")).text).toBe("Page 1 is a photograph.");
});

it.each([
  ["at_capacity", "All interviewers are busy. Try again in about 5 minutes."],
  ["at_capacity", "Today's interviews are used up. Come back after 00:00 UTC (in 3 hours)."],
  ["too_many_requests", "Your network has started 60 interviews within an hour. Try again in 7 minutes."],
  ["closed", "Back on Monday."],
])("says when to come back after %s", (code, detail) => {
  expect(explain(refused(code, 429, detail))).toMatchObject({
    remedy: "retry",
    text: `${detail} Everything you typed is still here.`,
  });
});

it("leads to the start code", () => {
  const said = explain(refused("start_code", 403, "That start code isn't right."));
  expect(said).toMatchObject({ remedy: "code", text: "That start code isn't right." });
});

it("leads to the field that was refused", () => {
  expect(explain(refused("invalid_skill_topic", 422, "Too long.", "skill_topic"))).toMatchObject({
    remedy: "topic",
    text: "Too long.",
  });
  expect(explain(refused("invalid_job_description", 422, "x", "job_description")).remedy).toBe("job");
  expect(explain(refused("http_413", 413)).remedy).toBe("cv");
});

it.each([
  ["offline", 0],
  ["timeout", 0],
  ["at_capacity", 429],
  ["readers_busy", 503],
  ["store_unavailable", 503],
  ["model_silent", 504],
  ["http_500", 500],
])("offers another try after %s", (code, status) => {
  expect(explain(refused(code, status)).remedy).toBe("retry");
});

it("never shows a technical text", () => {
  expect(explain(refused("internal", 500, "Traceback (most recent call last)")).text).not.toContain(
    "Traceback",
  );
  expect(explain(new TypeError("x is not a function")).text).not.toContain("function");
});
