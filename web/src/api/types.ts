/** The shapes of the HTTP contract, as they cross the wire (snake_case). */

import type { Output } from "../stream/messages";

export const LEVELS = ["beginner", "intermediate", "advanced"] as const;
export type Level = (typeof LEVELS)[number];

export type Status = "ready" | "live" | "ended" | "completed" | "abandoned" | "failed";
export type Speaker = "interviewer" | "candidate";
export type EndedReason = "interviewer" | "candidate" | "time_limit" | "failed" | "abandoned";
export type TranscriptFormat = "json" | "txt" | "md" | "vtt" | "docx";

/** What came of reading a CV. */
export interface CvReport {
  filename: string;
  pages: number;
  characters: number;
  truncated: boolean;
  warning: string | null;
  /** Sentences for the candidate: what was cut, hidden or could not be read. */
  warnings?: string[];
  /** Words that people can't see, and that were left out. */
  hidden_words?: number;
  /** The text as the interviewer will have it. */
  text?: string;
}

/** What the candidate asks for. */
export interface StartRequest {
  skill_topic: string;
  level: Level;
  language: string;
  job_description: string;
  cv: File | null;
  /** To see the interviewer, where there are faces to be had, or to hear it only. */
  output: Output;
}

/** The 201 of `POST /api/interview/start`. */
export interface StartAnswer {
  session_id: string;
  session_token: string;
  status: "ready";
  stream_url: string;
  /** One for each region that has a relay, the first of them `stream_url`; absent where there is but one. */
  stream_urls?: string[];
  conversation_url: string | null;
  conversation_token: string | null;
  cv: CvReport | null;
  max_duration_seconds: number;
  expires_at: string;
  warnings?: string[];
}

/** The 200 of `POST …/avatar`: another conversation with the interviewer's face, or none and why. */
export interface AvatarAnswer {
  conversation_url: string | null;
  conversation_token: string | null;
  warnings: string[];
}

/** Words of the transcript that a judgement rests on. */
export interface Evidence {
  turn: number;
  quote: string;
}

export interface Finding {
  point: string;
  evidence: Evidence[];
}

export const VERDICTS = ["strong_yes", "yes", "mixed", "no", "insufficient_evidence"] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Summary {
  performance_summary: string;
  strengths: Finding[];
  improvements: Finding[];
  recommendation: string;
  verdict: Verdict | null;
  /** `false`: the candidate said too little to be judged. */
  assessed: boolean;
  /** A model's name, or `rules`. */
  written_by: string | null;
  /** How many quotes the server looked up in the transcript, and how many it did not find and threw out. */
  quotes_checked: number;
  quotes_dropped: number;
}

/** The 200 of `POST …/end`. */
export interface EndAnswer {
  session_id: string;
  status: "completed";
  ended_reason: EndedReason | null;
  duration_seconds: number | null;
  summary: Summary;
}

/** The 202 of `POST …/end`: over, transcript safe, no summary yet. */
export interface SummaryPending {
  status: "summary_pending";
  retry_after_seconds: number;
}

/** `GET /api/interview/{session_id}`. */
export interface InterviewRecord {
  session_id: string;
  skill_topic: string;
  level: Level;
  language: string;
  status: Status;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  ended_reason: EndedReason | null;
  duration_seconds: number | null;
  summary: Summary | null;
  expires_at: string;
  cv: CvReport | null;
  /** Whether the interviewer was met on video or heard only, change by change; `null`: heard only. */
  avatar: { changes: { at: string; output: Output }[] } | null;
  turn_count?: number;
}

export interface TranscriptTurn {
  turn: number;
  speaker: Speaker;
  text: string;
  started_at: string;
  ended_at: string;
  interrupted: boolean;
  source: "speech" | "text";
}

export interface Transcript {
  session_id?: string;
  started_at?: string | null;
  turns: TranscriptTurn[];
}
