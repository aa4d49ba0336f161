import { ApiError } from "./error";
import {
  type AvatarAnswer,
  type CvReport,
  type EndAnswer,
  type EndedReason,
  type Finding,
  type InterviewRecord,
  LEVELS,
  type Level,
  type StartAnswer,
  type Status,
  type Summary,
  type SummaryPending,
  type Transcript,
  VERDICTS,
} from "./types";

/** What the host says about itself in `/config.json`. */
export interface Config {
  /** Who answers: Gemini, or the rule-based practice interviewer of this machine. */
  interviewer: "gemini" | "embedded";
  retention_days: number;
  interview_minutes: number;
  /** The interviewer can be had on video. */
  avatar: boolean;
}

/** What was deleted where, and how many of it. */
export interface Receipt {
  deleted: { what: string; amount: number }[];
  /** What is left, somewhere out of our hands. */
  not_deleted: { what: string; amount: number }[];
}

type Fields = Record<string, unknown>;

export function asConfig(value: unknown): Config {
  const given = fields(value);
  return {
    interviewer: given.interviewer === "embedded" ? "embedded" : "gemini",
    retention_days: number(given.retention_days) ?? 30,
    interview_minutes: number(given.interview_minutes) ?? 25,
    avatar: given.avatar === true,
  };
}

export function asStartAnswer(value: unknown): StartAnswer {
  const given = fields(value);
  return {
    session_id: required(given, "session_id"),
    session_token: required(given, "session_token"),
    status: "ready",
    stream_url: required(given, "stream_url"),
    ...(given.stream_urls === undefined ? {} : { stream_urls: texts(given.stream_urls) }),
    conversation_url: string(given.conversation_url),
    conversation_token: string(given.conversation_token),
    cv: asCv(given.cv),
    max_duration_seconds: number(given.max_duration_seconds) ?? 25 * 60,
    expires_at: required(given, "expires_at"),
    warnings: texts(given.warnings),
  };
}

export function asCvAnswer(value: unknown): CvReport {
  return asCv(fields(value).cv) ?? unreadable();
}

export function asAvatarAnswer(value: unknown): AvatarAnswer {
  const given = fields(value);
  return {
    conversation_url: string(given.conversation_url),
    conversation_token: string(given.conversation_token),
    warnings: texts(given.warnings),
  };
}

export function asEndAnswer(value: unknown): EndAnswer | SummaryPending {
  const given = fields(value);
  if (given.status === "summary_pending") {
    return { status: "summary_pending", retry_after_seconds: number(given.retry_after_seconds) ?? 5 };
  }
  return {
    session_id: required(given, "session_id"),
    status: "completed",
    ended_reason: string(given.ended_reason) as EndedReason | null,
    duration_seconds: number(given.duration_seconds),
    summary: asSummary(given.summary) ?? unreadable(),
  };
}

function asSummary(value: unknown): Summary | null {
  if (typeof value !== "object" || value === null) return null;
  const given = fields(value);
  return {
    performance_summary: string(given.performance_summary) ?? "",
    strengths: list(given.strengths).map(asFinding),
    improvements: list(given.improvements).map(asFinding),
    recommendation: string(given.recommendation) ?? "",
    verdict: VERDICTS.find((verdict) => verdict === given.verdict) ?? null,
    assessed: given.assessed !== false,
    written_by: string(given.written_by),
    quotes_checked: number(given.quotes_checked) ?? 0,
    quotes_dropped: number(given.quotes_dropped) ?? 0,
  };
}

export function asRecord(value: unknown): InterviewRecord {
  const given = fields(value);
  const level = given.level;
  return {
    session_id: required(given, "session_id"),
    skill_topic: string(given.skill_topic) ?? "",
    level: LEVELS.includes(level as Level) ? (level as Level) : "intermediate",
    language: string(given.language) ?? "en-US",
    status: (string(given.status) ?? "ended") as Status,
    created_at: string(given.created_at) ?? "",
    started_at: string(given.started_at),
    ended_at: string(given.ended_at),
    ended_reason: string(given.ended_reason) as EndedReason | null,
    duration_seconds: number(given.duration_seconds),
    summary: asSummary(given.summary),
    expires_at: string(given.expires_at) ?? "",
    cv: asCv(given.cv),
    avatar: asAvatar(given.avatar),
  };
}

function asAvatar(value: unknown): InterviewRecord["avatar"] {
  if (typeof value !== "object" || value === null) return null;
  const changes = list(fields(value).changes).map((item) => {
    const change = fields(item);
    return { at: string(change.at) ?? "", output: change.output === "avatar" ? "avatar" : "voice" } as const;
  });
  return { changes };
}

export function asTranscript(value: unknown): Transcript {
  return {
    turns: list(fields(value).turns).map((item) => {
      const turn = fields(item);
      return {
        turn: number(turn.turn) ?? 0,
        speaker: turn.speaker === "candidate" ? "candidate" : "interviewer",
        text: string(turn.text) ?? "",
        started_at: string(turn.started_at) ?? "",
        ended_at: string(turn.ended_at) ?? "",
        interrupted: turn.interrupted === true,
        source: turn.source === "text" ? "text" : "speech",
      };
    }),
  };
}

export function asReceipt(value: unknown): Receipt {
  const given = fields(value);
  const listed = (places: unknown) =>
    Object.entries(fields(places ?? {})).flatMap(([place, what]) => lines(place, what));
  return {
    deleted: listed(given.deleted),
    not_deleted: listed(given.not_deleted).filter(({ amount }) => amount > 0),
  };
}

/** One line for each thing that went, whatever places the API names. */
function lines(name: string, value: unknown): Receipt["deleted"] {
  const what = name.replaceAll("_", " ");
  if (Array.isArray(value)) return [{ what, amount: value.length }];
  if (typeof value === "number") return [{ what, amount: value }];
  if (typeof value !== "object" || value === null) return value ? [{ what, amount: 1 }] : [];
  return Object.entries(value).flatMap(([inner, item]) => lines(`${name}: ${inner}`, item));
}

function asFinding(value: unknown): Finding {
  const given = fields(value);
  return {
    point: string(given.point) ?? "",
    evidence: list(given.evidence).map((item) => {
      const evidence = fields(item);
      return { turn: number(evidence.turn) ?? -1, quote: string(evidence.quote) ?? "" };
    }),
  };
}

function asCv(value: unknown): CvReport | null {
  if (typeof value !== "object" || value === null) return null;
  const given = fields(value);
  return {
    filename: string(given.filename) ?? "CV",
    pages: number(given.pages) ?? 0,
    characters: number(given.characters) ?? 0,
    truncated: given.truncated === true,
    warning: string(given.warning),
    ...(given.warnings === undefined ? {} : { warnings: texts(given.warnings) }),
    ...(typeof given.hidden_words === "number" ? { hidden_words: given.hidden_words } : {}),
    ...(typeof given.text === "string" ? { text: given.text } : {}),
  };
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : unreadable();
}

function required(given: Fields, name: string): string {
  return string(given[name]) ?? unreadable();
}

function string(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function texts(value: unknown): string[] {
  return list(value).filter((item) => typeof item === "string");
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function unreadable(): never {
  throw new ApiError("unreadable_answer", "An answer we can't read", "", 200);
}
