import { LEVELS } from "../api/types";
import { type Fields, isAmount, isObject, isText } from "../contract/check";
import type { Session } from "./session";
import type { StoredSession } from "./store";

/** What marks a file of interviews. */
const FORMAT = "interviewer.sessions";
const VERSION = 1;

/** The interviews that are over, as a file for another browser. It has their tokens, and so opens them. */
export function exported(sessions: StoredSession[]): string {
  return JSON.stringify({
    format: FORMAT,
    version: VERSION,
    sessions: sessions.filter(({ ended }) => ended),
  });
}

/**
 * The interviews of such a file; none where it is another file. They count as over: nothing in a file says where a
 * microphone is sent.
 */
export function imported(text: string): StoredSession[] {
  const file = parse(text);
  if (!isObject(file) || file.format !== FORMAT || !Array.isArray(file.sessions)) return [];
  return file.sessions.flatMap((one: unknown) => asStored(one) ?? []);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function asStored(value: unknown): StoredSession | null {
  if (!isObject(value) || !isObject(value.session)) return null;
  const session = asSession(value.session);
  if (!session) return null;
  const { kept_at, name } = value;
  return {
    session,
    kept_at: isText(kept_at) ? kept_at : new Date(0).toISOString(),
    ended: true,
    ...(isText(name) && { name }),
  };
}

function asSession(value: Fields): Session | null {
  const { session_id, session_token, skill_topic, question, language, expires_at, max_duration_seconds } =
    value;
  const level = LEVELS.find((one) => one === value.level);
  const known = isText(session_id) && isText(session_token) && isText(skill_topic) && isText(language);
  if (!known || !level || !isText(expires_at) || Number.isNaN(Date.parse(expires_at))) return null;
  return {
    session_id,
    session_token,
    skill_topic,
    ...(isText(question) && { question }),
    level,
    language,
    expires_at,
    stream_url: "",
    conversation_url: null,
    conversation_token: null,
    cv: null,
    max_duration_seconds: isAmount(max_duration_seconds) ? max_duration_seconds : 0,
  };
}
