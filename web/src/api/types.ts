/** The shapes of the HTTP contract, as far as the page uses them: `contract/http.py` says what they are. */

import type * as contract from "../contract/http.gen";
import type { Level, Output, Verdict } from "../contract/terms.gen";

export type { AvatarRoom, Config, Cv, Evidence, Finding } from "../contract/http.gen";
export type { EndedReason, Level, Speaker, Status, TranscriptFormat, Verdict } from "../contract/terms.gen";
export { LEVELS } from "../contract/terms.gen";

/** What the candidate asks for, every field filled in. */
export interface StartRequest {
  skill_topic: string;
  level: Level;
  language: string;
  job_description: string;
  cv: File | null;
  /** The CV's text as the candidate has corrected it; `null`: as it was read. */
  cv_text: string | null;
  /** To see the interviewer, where there are avatars, or to hear it only. */
  output: Output;
  /** The operator's code, where one is needed. */
  start_code?: string;
  /** From the address that an invited candidate has opened. */
  invite?: string;
}

export type StartAnswer = contract.StartAnswer;

/** What the page reads of a summary. */
export type Summary = Omit<contract.Summary, "verdict" | "written_by"> & {
  /** `null`: a word that this page does not know. */
  verdict: Verdict | null;
  written_by: string | null;
};

/** The 200 of `POST …/end`. */
export type EndAnswer = Pick<contract.EndAnswer, "session_id" | "status"> &
  Pick<contract.Interview, "ended_reason" | "duration_seconds"> & { summary: Summary };

/** The 202 of `POST …/end`: over, transcript safe, no summary yet. */
export type SummaryPending = Pick<contract.SummaryPending, "status" | "retry_after_seconds">;

/** What the page reads of `GET /api/interview/{session_id}`. */
export type InterviewRecord = Pick<
  contract.Interview,
  | "session_id"
  | "skill_topic"
  | "level"
  | "language"
  | "status"
  | "created_at"
  | "started_at"
  | "ended_at"
  | "ended_reason"
  | "duration_seconds"
  | "expires_at"
> & {
  summary: Summary | null;
  cv: contract.Cv | null;
  /** How the interviewer was heard, change by change; `null`: by voice only. */
  avatar: { changes: Pick<contract.OutputChange, "at" | "output">[] } | null;
};

export type TranscriptTurn = contract.Turn;

/** What the page reads of `GET …/transcript?format=json`. */
export type Transcript = Pick<contract.Transcript, "turns">;
