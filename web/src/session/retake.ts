import type { InterviewRecord, StartRequest } from "../api/types";
import { type Draft, EMPTY, emptyDraft } from "./draft";
import type { Session } from "./session";
import type { SessionStore } from "./store";

/** A form for the same interview with other questions: same topic, level, language and job, and its CV. */
export function retakeDraft(session: Session, record: InterviewRecord | null): Draft {
  const { session_id, skill_topic, level, language, output } = session;
  return {
    ...emptyDraft(),
    skill_topic,
    level,
    language,
    job_description: record?.job_description ?? "",
    output: output ?? EMPTY.output,
    retake_of: session_id,
  };
}

/** A form to practise one question of that interview alone: the interviewer's question in this turn. */
export function questionDraft(session: Session, turn: number, question: string): Draft {
  return { ...retakeDraft(session, null), retake_question: { turn, question } };
}

/**
 * The interview that the form retakes. `null`: none; or this browser has it no longer; or topic or level have changed
 * since, so that the same competencies no longer fit.
 */
export function retakenBy(draft: StartRequest, sessions: SessionStore): Session | null {
  const earlier = draft.retake_of ? (sessions.find(draft.retake_of)?.session ?? null) : null;
  const same = earlier?.skill_topic.trim() === draft.skill_topic.trim() && earlier.level === draft.level;
  return same ? earlier : null;
}

/** The form as one for a new interview. */
export function withoutRetake<T extends StartRequest>(draft: T): Omit<T, "retake_of" | "retake_question"> {
  const { retake_of: _, retake_question: __, ...rest } = draft;
  return rest;
}
