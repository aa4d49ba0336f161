/** The shapes of the HTTP contract, as far as the page uses them: `contract/` says what they are. */

import type * as contract from "../contract/http.gen";
import type { Level, Output, SpeechRate, Verdict } from "../contract/terms.gen";

export type {
  AnswerFacts,
  AvatarRoom,
  Competency,
  Config,
  Cv,
  Evidence,
  Facts,
  Finding,
  NextStep,
  QuestionReview,
} from "../contract/http.gen";
export type {
  EndedReason,
  Level,
  NotAssessed,
  Speaker,
  Status,
  SummaryStep,
  TranscriptFormat,
  Verdict,
} from "../contract/terms.gen";
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
  /** The `session_id` of the interview to practise again; its token is in the session store. */
  retake_of?: string;
  /** The question of that interview that is practised alone, by the interviewer's turn. */
  retake_question?: { turn: number; question: string };
  minutes?: number;
  voice?: string;
  speech_rate?: SpeechRate;
  extra_time?: number;
}

export type StartAnswer = contract.StartAnswer;

/** What the page reads of a summary. A list that an older record lacks is empty. */
export type Summary = Required<
  Omit<contract.Summary, "verdict" | "written_by" | "rubric_version" | "claims_checked">
> & {
  /** `null`: a word that this page does not know. */
  verdict: Verdict | null;
  written_by: string | null;
};

/** The 200 of `POST …/end`. */
export type EndAnswer = Pick<contract.EndAnswer, "session_id" | "status"> &
  Pick<contract.Interview, "ended_reason" | "duration_seconds"> & { summary: Summary };

/** The 202 of `POST …/end`: over, transcript safe, no summary yet. */
export type SummaryPending = Required<Omit<contract.SummaryPending, "session_id">>;

/** What the page reads of `GET /api/interview/{session_id}`. */
export type InterviewRecord = Pick<
  contract.Interview,
  | "session_id"
  | "skill_topic"
  | "level"
  | "language"
  | "job_description"
  | "status"
  | "created_at"
  | "started_at"
  | "ended_at"
  | "ended_reason"
  | "duration_seconds"
  | "expires_at"
> & {
  /** Seconds that the clock of a live interview has left; `null`: it is not live. */
  remaining_seconds: number | null;
  /** When the candidate corrected the transcript, which can be done once; ISO 8601, UTC. */
  corrected_at: string | null;
  /** The `session_id` of the interview that this one retakes. */
  retake_of: string | null;
  summary: Summary | null;
  cv: contract.Cv | null;
  /** How the interviewer was heard, change by change; `null`: by voice only. */
  avatar: { changes: Pick<contract.OutputChange, "at" | "output">[] } | null;
};

export type TranscriptTurn = Required<contract.Turn>;

/** What the candidate says they said in one of their turns. */
export interface Correction {
  turn: number;
  text: string;
}

/** The file types of a report: assessment and transcript in one. */
export type ReportFormat = "docx" | "md" | "json";

/** What the page reads of `GET …/transcript?format=json`. */
export interface Transcript {
  turns: TranscriptTurn[];
}
