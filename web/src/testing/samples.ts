import type { StartRequest } from "../api/types";
import type { Session } from "../session/session";

/** An answer of the API, as the contract defines it. */
export const STARTED = {
  session_id: "s-1",
  session_token: "token-1",
  status: "ready",
  stream_url: "ws://127.0.0.1:1/api/interview/s-1/stream",
  conversation_url: null,
  conversation_token: null,
  cv: null,
  max_duration_seconds: 1500,
  expires_at: "2099-12-22T10:00:00Z",
  warnings: [],
};

export const SESSION: Session = {
  session_id: "s-1",
  session_token: "token-1",
  stream_url: STARTED.stream_url,
  conversation_url: null,
  conversation_token: null,
  skill_topic: "Tidal energy",
  level: "advanced",
  language: "en-US",
  cv: null,
  max_duration_seconds: 1500,
  expires_at: STARTED.expires_at,
  warnings: [],
};

export const WANTED: StartRequest = {
  skill_topic: "Tidal energy",
  level: "advanced",
  language: "en-GB",
  job_description: "",
  cv: null,
  cv_text: null,
  output: "voice",
};

export const SUMMARY = {
  performance_summary: "Clear on turbines, thin on costs.",
  strengths: [
    { point: "Explains cavitation.", evidence: [{ turn: 1, quote: "the bubbles collapse on the blade" }] },
  ],
  improvements: [{ point: "Never mentioned maintenance.", evidence: [] }],
  recommendation: "Bring numbers next time.",
  verdict: "mixed",
  assessed: true,
  written_by: "some-model",
  quotes_checked: 2,
  quotes_dropped: 1,
};

/** A summary with everything that a present server sends. */
export const ASSESSMENT = {
  ...SUMMARY,
  claims_checked: 9,
  claims_dropped: 2,
  not_assessed: null,
  missing: [],
  rubric_version: 1,
  competencies: [
    {
      key: "physics",
      name: "Physics of turbines",
      expects: "Explains wear by its causes.",
      low: 3,
      high: 4,
      uncertain: false,
      findings: [
        {
          point: "You name the mechanism.",
          evidence: [{ turn: 1, quote: "the bubbles collapse" }],
          competency: "physics",
        },
      ],
    },
    {
      key: "costs",
      name: "Costs",
      expects: "Knows what a repair costs.",
      low: null,
      high: null,
      uncertain: false,
      findings: [],
    },
    {
      key: "safety",
      name: "Safety",
      expects: "Names the risks.",
      low: 1,
      high: 4,
      uncertain: true,
      findings: [],
    },
  ],
  questions: [
    {
      turn: 0,
      question: "What wears a tidal turbine?",
      answers: [1],
      answered: "You named cavitation.",
      evidence: [{ turn: 1, quote: "Mostly cavitation" }],
      stronger: "How fast it happens.",
    },
    { turn: 2, question: "What does it cost?", answers: [], answered: "", evidence: [], stronger: "" },
  ],
  next_steps: [{ step: "Learn the price of one blade.", point: "Never mentioned maintenance." }],
  facts: {
    interviewer_seconds: 60,
    candidate_seconds: 180,
    words: 1234,
    words_per_minute: 140,
    fillers: [{ word: "like", count: 3 }],
    answers: [
      { turn: 1, offset: 65, seconds: 15, pause: 2, words: 80, source: "speech" },
      { turn: 3, offset: 130, seconds: 0, pause: 9, words: 20, source: "text" },
    ],
  },
  doubtful: [3],
  corrected: [],
  calibrated: false,
};

export const ENDED = {
  session_id: "s-1",
  status: "completed",
  ended_reason: "candidate",
  duration_seconds: 754,
  summary: SUMMARY,
};

export const RECORD = {
  session_id: "s-1",
  skill_topic: "Tidal energy",
  level: "advanced",
  language: "en-US",
  job_description: null,
  cv: null,
  status: "completed",
  created_at: "2026-11-20T09:59:00Z",
  started_at: "2026-11-20T10:00:00Z",
  ended_at: "2026-11-20T10:12:34Z",
  ended_reason: "candidate",
  duration_seconds: 754,
  turn_count: 3,
  avatar: null,
  summary: SUMMARY,
  expires_at: "2099-12-22T10:00:00Z",
};

export const TRANSCRIPT = {
  turns: [
    {
      turn: 0,
      speaker: "interviewer",
      text: "What wears a tidal turbine",
      started_at: "2026-11-20T10:00:00Z",
      ended_at: "2026-11-20T10:00:05Z",
      interrupted: true,
      source: "speech",
      doubt: [],
    },
    {
      turn: 1,
      speaker: "candidate",
      text: "Mostly cavitation: the bubbles collapse on the blade.",
      started_at: "2026-11-20T10:01:05Z",
      ended_at: "2026-11-20T10:01:20Z",
      interrupted: false,
      source: "text",
      doubt: [],
    },
  ],
};

/** A file with the first bytes of a PDF. */
export function pdf(name = "cv.pdf", size = 2000): File {
  return new File(["%PDF-1.7\n", "x".repeat(size)], name, { type: "application/pdf" });
}
