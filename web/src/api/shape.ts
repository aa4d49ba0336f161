/**
 * Answers of the API as the page takes them. What a field may hold, the contract's checks say; what stands in for a field
 * that is missing or that a newer API has changed, the page says here. Without what can't be done without, an answer is
 * unreadable.
 */

import { isAmount, isCount, isObject, isText } from "../contract/check";
import {
  AVATAR_ROOM,
  type AvatarRoom,
  CONFIG,
  type Config,
  CV,
  type Cv,
  END_ANSWER,
  INTERVIEW,
  OUTPUT_CHANGE,
  START_ANSWER,
  SUMMARY_PENDING,
  TURN,
} from "../contract/http.gen";
import { DEFAULT_LANGUAGE, DEFAULT_LEVEL, isDoubt, isSummaryStep } from "../contract/terms.gen";
import { asSummary } from "./summary";
import { fields, list, REQUIRED, sent, take, unreadable } from "./take";
import type {
  EndAnswer,
  InterviewRecord,
  StartAnswer,
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
    ...sent(
      CONFIG,
      given,
      "app_check",
      "backup_days",
      "sentry_dsn",
      "start_code",
      "page_name",
      "page_colour",
      "page_contact",
      "second_ear",
      "stand_in",
      "languages",
      "voice",
      "live_model",
      "text_model",
    ),
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
    const { retry_after_seconds: wait, step, attempts, code } = given;
    return {
      status: "summary_pending",
      retry_after_seconds: isAmount(wait) ? wait : 5,
      step: isSummaryStep(step) ? step : "writing",
      attempts: isCount(attempts) ? attempts : 0,
      code: isText(code) ? code : null,
    };
  }
  return {
    ...take(END_ANSWER, given, { session_id: REQUIRED, status: "completed" }),
    ...take(INTERVIEW, given, { ended_reason: null, duration_seconds: null }),
    summary: asSummary(given.summary) ?? unreadable(),
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
      job_description: null,
      status: "ended",
      created_at: "",
      started_at: null,
      ended_at: null,
      ended_reason: null,
      duration_seconds: null,
      expires_at: "",
    }),
    remaining_seconds: isAmount(given.remaining_seconds) ? given.remaining_seconds : null,
    corrected_at: isText(given.corrected_at) ? given.corrected_at : null,
    retake_of: isText(given.retake_of) ? given.retake_of : null,
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
  return {
    ...turn,
    broken_off: given.broken_off === true,
    doubt: list(given.doubt).filter((item) => isDoubt(item)),
    corrected_text: isText(given.corrected_text) ? given.corrected_text : null,
  };
}

/** The sketch of a good answer. */
export function asSketch(value: unknown): string {
  const { sketch } = fields(value);
  return isText(sketch) ? sketch : unreadable();
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

function asCv(value: unknown): Cv | null {
  if (!isObject(value)) return null;
  const cv = take(CV, value, { filename: "CV", pages: 0, characters: 0, truncated: false, warning: null });
  return { ...cv, ...sent(CV, value, "warnings", "hidden_words", "text") };
}
