import { LEVELS, type StartRequest } from "../api/types";

const KEY = "interviewer.draft";

/** What an untouched setup page holds. */
export const EMPTY: StartRequest = {
  skill_topic: "",
  level: "intermediate",
  language: "en-US",
  job_description: "",
  cv: null,
  cv_text: null,
  output: "avatar",
};

/** Stores the form for this tab. A reload loses the CV: a page can't choose a file by itself, and its text is not stored. */
export function saveDraft({ cv: _, cv_text: __, ...typed }: StartRequest): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(typed));
  } catch {
    // Without storage the draft lasts as long as the page.
  }
}

export function loadDraft(): StartRequest {
  const draft = keptDraft();
  const invite = new URLSearchParams(location.hash.slice(1)).get("invite");
  return invite ? { ...draft, invite } : draft;
}

function keptDraft(): StartRequest {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Partial<StartRequest>;
    return {
      skill_topic: text(kept.skill_topic, EMPTY.skill_topic),
      level: LEVELS.find((level) => level === kept.level) ?? EMPTY.level,
      language: text(kept.language, EMPTY.language),
      job_description: text(kept.job_description, EMPTY.job_description),
      cv: null,
      cv_text: null,
      output: kept.output === "voice" ? "voice" : "avatar",
      ...(typeof kept.start_code === "string" && { start_code: kept.start_code }),
      ...(typeof kept.invite === "string" && { invite: kept.invite }),
      ...(typeof kept.retake_of === "string" && { retake_of: kept.retake_of }),
    };
  } catch {
    return EMPTY;
  }
}

export function clearDraft(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was stored.
  }
}

function text(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
