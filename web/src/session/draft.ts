import { LEVELS, type StartRequest } from "../api/types";
import { isCount, isObject, isText } from "../contract/check";
import { loadChoices } from "./choices";

const KEY = "interviewer.draft";

/** What the form holds: the request, and what became of the CV. */
export interface Draft extends StartRequest {
  /** The name of the CV that was chosen before the page was reloaded. */
  lost_cv?: string;
}

/** What an untouched setup page holds, but for the choices that the browser remembers. */
export const EMPTY: Draft = {
  skill_topic: "",
  level: "intermediate",
  language: "en-US",
  job_description: "",
  cv: null,
  cv_text: null,
  output: "avatar",
};

/**
 * Stores the form for this tab. A reload loses the CV: a page can't choose a file by itself, and its text is not stored.
 * The name of the file is, so that the page can say which one to choose again.
 */
export function saveDraft({ cv, cv_text: _, lost_cv, ...typed }: Draft): void {
  const name = cv?.name ?? lost_cv;
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...typed, ...(name && { lost_cv: name }) }));
  } catch {
    // Without storage the draft lasts as long as the page.
  }
}

export function loadDraft(): Draft {
  const draft = keptDraft();
  const invite = new URLSearchParams(location.hash.slice(1)).get("invite");
  return invite ? { ...draft, invite } : draft;
}

/** A form in which nothing has been typed, with the choices that the browser remembers. */
export function emptyDraft(): Draft {
  return { ...EMPTY, ...loadChoices() };
}

function keptDraft(): Draft {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Partial<Draft>;
    return {
      ...loadChoices(),
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
      ...question(kept.retake_question),
      ...(isText(kept.lost_cv) && { lost_cv: kept.lost_cv }),
    };
  } catch {
    return emptyDraft();
  }
}

function question(kept: unknown): Pick<Draft, "retake_question"> {
  if (!isObject(kept) || !isCount(kept.turn) || !isText(kept.question)) return {};
  return { retake_question: { turn: kept.turn, question: kept.question } };
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
