import type { InterviewRecord, StartRequest } from "../api/types";
import { EMPTY } from "./draft";
import type { Session } from "./session";
import type { SessionStore } from "./store";

/** A form for the same interview with other questions: same topic, level, language and job, and its CV. */
export function retakeDraft(session: Session, record: InterviewRecord | null): StartRequest {
  const { session_id, skill_topic, level, language, output } = session;
  return {
    ...EMPTY,
    skill_topic,
    level,
    language,
    job_description: record?.job_description ?? "",
    output: output ?? EMPTY.output,
    retake_of: session_id,
  };
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
export function withoutRetake(draft: StartRequest): StartRequest {
  const { retake_of: _, ...rest } = draft;
  return rest;
}
