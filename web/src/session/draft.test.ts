import { expect, it } from "vitest";
import { pdf, WANTED } from "../testing/samples";
import { clearDraft, EMPTY, loadDraft, saveDraft } from "./draft";

it("keeps the form over a reload, and of a file its name alone", () => {
  saveDraft({ ...WANTED, job_description: "Build turbines", cv: pdf(), cv_text: "Ada Lovelace" });
  expect(JSON.stringify(sessionStorage)).not.toContain("Ada");
  expect(loadDraft()).toEqual({
    ...WANTED,
    job_description: "Build turbines",
    cv: null,
    lost_cv: "cv.pdf",
  });
  saveDraft(loadDraft());
  expect(loadDraft().lost_cv).toBe("cv.pdf");
});

it("keeps the choice between video and voice; the default is video", () => {
  saveDraft({ ...WANTED, output: "voice" });
  expect(loadDraft().output).toBe("voice");
  clearDraft();
  expect(loadDraft().output).toBe("avatar");
});

it("keeps which interview is retaken", () => {
  saveDraft({ ...WANTED, retake_of: "s-1" });
  expect(loadDraft().retake_of).toBe("s-1");
});

it("is empty at first, when cleared and when invalid", () => {
  expect(loadDraft()).toEqual(EMPTY);
  saveDraft(WANTED);
  clearDraft();
  expect(loadDraft()).toEqual(EMPTY);
  sessionStorage.setItem("interviewer.draft", '{"skill_topic":7,"level":"guru"}');
  expect(loadDraft()).toEqual(EMPTY);
});
