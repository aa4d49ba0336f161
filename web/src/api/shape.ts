/**
 * Answers of the API as the page takes them. What a field may hold, the contract's checks say; what stands in for a field
 * that is missing or that a newer API has changed, the page says here. Without what can't be done without, an answer is
 * unreadable.
 */

import { type Checks, type Fields, isAmount, isObject } from "../contract/check";
import {
  AVATAR_ROOM,
  type AvatarRoom,
  CONFIG,
  type Config,
  CV,
  type Cv,
  END_ANSWER,
  EVIDENCE,
  type Evidence,
  FINDING,
  type Finding,
  INTERVIEW,
  OUTPUT_CHANGE,
  START_ANSWER,
  SUMMARY,
  SUMMARY_PENDING,
  TURN,
} from "../contract/http.gen";
import { DEFAULT_LANGUAGE, DEFAULT_LEVEL, isDoubt } from "../contract/terms.gen";
import { ApiError } from "./error";
import type {
  EndAnswer,
  InterviewRecord,
  StartAnswer,
  Summary,
  SummaryPending,
  Transcript,
  TranscriptTurn,
} from "./types";

export type { Config } from "../contract/http.gen";

/** What was deleted where, and how many of it. */
export interface Receipt {
  deleted: { what: string; amount: number }[];
  /** What is left, somewhere out of our hands. */
  not_deleted: { what: string; amount: number }[];
  /** Until then the operator could restore it from backups; `null` where there are none. ISO 8601, UTC. */
  backups_until: string | null;
}

export function asConfig(value: unknown): Config {
  const given = fields(value);
  const config = take(CONFIG, given, {
    interviewer: "gemini",
    retention_days: 30,
    interview_minutes: 25,
    avatar: false,
  });
  return {
    ...config,
    ...sent(CONFIG, given, "backup_days", "sentry_dsn", "start_code", "page_name", "page_colour"),
  };
}

export function asStartAnswer(value: unknown): StartAnswer {
  const given = fields(value);
  const { stream_urls, ...answer } = take(START_ANSWER, given, {
    session_id: REQUIRED,
    session_token: REQUIRED,
    status: "ready",
    stream_url: REQUIRED,
    stream_urls: [],
    max_duration_seconds: 25 * 60,
    expires_at: REQUIRED,
  });
  const urls = stream_urls?.length ? { stream_urls } : {};
  return { ...answer, ...urls, ...asAvatarRoom(given), cv: asCv(given.cv) };
}

export function asCvAnswer(value: unknown): Cv {
  return asCv(fields(value).cv) ?? unreadable();
}

export function asAvatarRoom(value: unknown): AvatarRoom {
  const given = fields(value);
  const room = take(AVATAR_ROOM, given, { conversation_url: null, conversation_token: null });
  return { ...room, warnings: list(given.warnings).filter((item) => typeof item === "string") };
}

export function asEndAnswer(value: unknown): EndAnswer | SummaryPending {
  const given = fields(value);
  if (SUMMARY_PENDING.status(given.status)) {
    const { retry_after_seconds: wait } = given;
    return { status: "summary_pending", retry_after_seconds: isAmount(wait) ? wait : 5 };
  }
  return {
    ...take(END_ANSWER, given, { session_id: REQUIRED, status: "completed" }),
    ...take(INTERVIEW, given, { ended_reason: null, duration_seconds: null }),
    summary: asSummary(given.summary) ?? unreadable(),
  };
}

function asSummary(value: unknown): Summary | null {
  if (!isObject(value)) return null;
  return {
    ...take(SUMMARY, value, {
      performance_summary: "",
      recommendation: "",
      assessed: true,
      quotes_checked: 0,
      quotes_dropped: 0,
    }),
    strengths: list(value.strengths).map(asFinding),
    improvements: list(value.improvements).map(asFinding),
    verdict: SUMMARY.verdict(value.verdict) ? value.verdict : null,
    written_by: SUMMARY.written_by(value.written_by) ? value.written_by : null,
  };
}

export function asRecord(value: unknown): InterviewRecord {
  const given = fields(value);
  return {
    ...take(INTERVIEW, given, {
      session_id: REQUIRED,
      skill_topic: "",
      level: DEFAULT_LEVEL,
      language: DEFAULT_LANGUAGE,
      status: "ended",
      created_at: "",
      started_at: null,
      ended_at: null,
      ended_reason: null,
      duration_seconds: null,
      expires_at: "",
    }),
    summary: asSummary(given.summary),
    cv: asCv(given.cv),
    avatar: asAvatar(given.avatar),
  };
}

function asAvatar(value: unknown): InterviewRecord["avatar"] {
  if (!isObject(value)) return null;
  return {
    changes: list(value.changes).map((item) =>
      take(OUTPUT_CHANGE, fields(item), { at: "", output: "voice" }),
    ),
  };
}

export function asTranscript(value: unknown): Transcript {
  return { turns: list(fields(value).turns).map(asTurn) };
}

function asTurn(value: unknown): TranscriptTurn {
  const given = fields(value);
  const turn = take(TURN, given, {
    turn: 0,
    speaker: "interviewer",
    text: "",
    started_at: "",
    ended_at: "",
    interrupted: false,
    source: "speech",
  });
  return { ...turn, doubt: list(given.doubt).filter((item) => isDoubt(item)) };
}

export function asReceipt(value: unknown): Receipt {
  const given = fields(value);
  const listed = (places: unknown) =>
    Object.entries(fields(places ?? {})).flatMap(([place, what]) => lines(place, what));
  const until = given.backups_until ?? null;
  return {
    deleted: listed(given.deleted),
    not_deleted: listed(given.not_deleted).filter(({ amount }) => amount > 0),
    backups_until: typeof until === "string" ? until : null,
  };
}

/** One line for each thing that was deleted, for any place that the API names. */
function lines(name: string, value: unknown): Receipt["deleted"] {
  const what = name.replaceAll("_", " ");
  if (Array.isArray(value)) return [{ what, amount: value.length }];
  if (typeof value === "number") return [{ what, amount: value }];
  if (typeof value !== "object" || value === null) return value ? [{ what, amount: 1 }] : [];
  return Object.entries(value).flatMap(([inner, item]) => lines(`${name}: ${inner}`, item));
}

function asFinding(value: unknown): Finding {
  const given = fields(value);
  return { ...take(FINDING, given, { point: "" }), evidence: list(given.evidence).map(asEvidence) };
}

function asEvidence(value: unknown): Evidence {
  return take(EVIDENCE, fields(value), { turn: -1, quote: "" });
}

function asCv(value: unknown): Cv | null {
  if (!isObject(value)) return null;
  const cv = take(CV, value, { filename: "CV", pages: 0, characters: 0, truncated: false, warning: null });
  return { ...cv, ...sent(CV, value, "warnings", "hidden_words", "text") };
}

/** Those of the optional fields that `value` has as the contract has them. */
function sent<T, K extends keyof T & string>(
  checks: Checks<T>,
  value: Fields,
  ...names: K[]
): Partial<Pick<T, K>> {
  const found = names.filter((name) => value[name] !== undefined && checks[name](value[name]));
  return Object.fromEntries(found.map((name) => [name, value[name]])) as Partial<Pick<T, K>>;
}

/** Stands for a field without which an answer is unreadable. */
const REQUIRED = Symbol("required");

/** The fields of `value` that are named in `otherwise`, each as the contract has it, or else what stands there. */
function take<T, K extends keyof T & string>(
  checks: Checks<T>,
  value: Fields,
  otherwise: { [N in K]-?: T[N] | typeof REQUIRED },
): Pick<T, K> {
  const found = Object.entries<unknown>(otherwise).map(([name, other]) => {
    const field = value[name];
    if (field !== undefined && checks[name as K](field)) return [name, field];
    return [name, other === REQUIRED ? unreadable() : other];
  });
  return Object.fromEntries(found) as Pick<T, K>;
}

function fields(value: unknown): Fields {
  return isObject(value) ? value : unreadable();
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function unreadable(): never {
  throw new ApiError("unreadable_answer", "An answer we can't read", "", 200);
}
