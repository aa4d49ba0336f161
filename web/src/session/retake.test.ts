import { beforeEach, expect, it } from "vitest";
import { asRecord } from "../api/shape";
import { RECORD, SESSION } from "../testing/samples";
import { retakeDraft, retakenBy, withoutRetake } from "./retake";
import { createSessionStore, type SessionStore } from "./store";

let sessions: SessionStore;

beforeEach(() => {
  sessions = createSessionStore(localStorage);
  sessions.save(SESSION);
});

const draft = () => retakeDraft(SESSION, asRecord({ ...RECORD, job_description: "Build turbines" }));

it("fills the form in as it was, without the token", () => {
  expect(draft()).toMatchObject({
    skill_topic: "Tidal energy",
    level: "advanced",
    language: "en-US",
    job_description: "Build turbines",
    cv: null,
    retake_of: "s-1",
  });
  expect(JSON.stringify(draft())).not.toContain("token-1");
});

it("finds the interview that is retaken", () => {
  expect(retakenBy({ ...draft(), skill_topic: " Tidal energy " }, sessions)?.session_token).toBe("token-1");
});

it("is no retake after another topic or level was chosen, or when the interview is gone", () => {
  expect(retakenBy({ ...draft(), skill_topic: "Wind" }, sessions)).toBeNull();
  expect(retakenBy({ ...draft(), level: "beginner" }, sessions)).toBeNull();
  expect(retakenBy(withoutRetake(draft()), sessions)).toBeNull();
  sessions.remove("s-1");
  expect(retakenBy(draft(), sessions)).toBeNull();
});
