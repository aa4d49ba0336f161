import { expect, it } from "vitest";
import { ASSESSMENT, ENDED, RECORD, STARTED, SUMMARY, TRANSCRIPT } from "../testing/samples";
import { ApiError } from "./error";
import { asConfig, asCvAnswer, asEndAnswer, asRecord, asStartAnswer, asTranscript } from "./shape";

it.each(["session_id", "session_token", "stream_url", "expires_at"])("needs the %s of a start", (field) => {
  for (const value of [undefined, null, 7]) {
    expect(() => asStartAnswer({ ...STARTED, [field]: value })).toThrow(ApiError);
  }
});

it("names several relays only where there are several", () => {
  expect(asStartAnswer(STARTED)).not.toHaveProperty("stream_urls");
  const urls = ["wss://near", "wss://far"];
  expect(asStartAnswer({ ...STARTED, stream_urls: urls }).stream_urls).toEqual(urls);
});

it("takes what was read of a CV as far as the server says it in the contract's way", () => {
  const cv = { filename: "cv.pdf", pages: 2, characters: 90, truncated: true, warning: "Cut." };
  expect(asStartAnswer({ ...STARTED, cv }).cv).toEqual(cv);
  const whole = { ...cv, warnings: ["Cut."], hidden_words: 3, text: "Ada" };
  expect(asCvAnswer({ cv: whole })).toEqual(whole);
  expect(asCvAnswer({ cv: { ...whole, warnings: "Cut.", hidden_words: -1, text: 7 } })).toEqual(cv);
  expect(() => asCvAnswer({ cv: null })).toThrow(ApiError);
});

it("goes on with words of a newer API", () => {
  const summary = { ...SUMMARY, verdict: "perhaps" };
  const record = asRecord({ ...RECORD, status: "paused", level: "expert", ended_reason: "bored", summary });
  expect(record).toMatchObject({ status: "ended", level: "intermediate", ended_reason: null });
  expect(record.summary).toMatchObject({ verdict: null, performance_summary: SUMMARY.performance_summary });
  expect(asEndAnswer({ ...ENDED, ended_reason: "bored" })).toMatchObject({ ended_reason: null });
});

it("leaves out fields that it has no use for", () => {
  expect(asEndAnswer({ ...ENDED, mood: "good" })).toEqual(asEndAnswer(ENDED));
  expect(asTranscript({ ...TRANSCRIPT, mood: "good" })).toEqual(asTranscript(TRANSCRIPT));
});

it("takes a whole assessment as it is", () => {
  const { claims_checked: _, rubric_version: __, ...shown } = ASSESSMENT;
  expect(asRecord({ ...RECORD, summary: ASSESSMENT }).summary).toEqual(shown);
});

it("fills in what an older summary lacks", () => {
  expect(asRecord(RECORD).summary).toMatchObject({
    ...SUMMARY,
    not_assessed: null,
    missing: [],
    claims_dropped: 0,
    competencies: [],
    questions: [],
    next_steps: [],
    facts: null,
    doubtful: [],
    corrected: [],
    calibrated: false,
  });
  expect(asRecord(RECORD)).toMatchObject({ corrected_at: null, retake_of: null });
});

it("leaves out parts of an assessment that it can't read", () => {
  const [first, ...rest] = ASSESSMENT.competencies;
  const summary = {
    ...ASSESSMENT,
    competencies: [{ ...first, low: "three" }, ...rest],
    facts: { words: 3 },
    not_assessed: "bored",
  };
  const read = asRecord({ ...RECORD, summary }).summary;
  expect(read?.competencies.map(({ key }) => key)).toEqual(["costs", "safety"]);
  expect(read).toMatchObject({ facts: null, not_assessed: null, questions: ASSESSMENT.questions });
});

it("goes on with an empty configuration", () => {
  expect(asConfig({})).toEqual({
    interviewer: "gemini",
    retention_days: 30,
    interview_minutes: 25,
    avatar: false,
  });
});

it("takes the days of backups from a newer site alone", () => {
  expect(asConfig({ backup_days: 8 }).backup_days).toBe(8);
  expect(asConfig({ backup_days: "many" }).backup_days).toBeUndefined();
});

it.each([null, [], "text", 7])("can't read %j", (value) => {
  for (const read of [asStartAnswer, asEndAnswer, asRecord, asTranscript, asConfig]) {
    expect(() => read(value)).toThrow(ApiError);
  }
});
