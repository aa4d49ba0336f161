import type { CvReport, Level, StartAnswer, StartRequest } from "../api/types";

/** What the page keeps of one interview, so that a reload finds it again. The token opens it; it never leaves this browser except to our API. */
export interface Session {
  session_id: string;
  session_token: string;
  /** WebSocket address of the relay. */
  stream_url: string;
  conversation_url: string | null;
  conversation_token: string | null;
  skill_topic: string;
  level: Level;
  language: string;
  cv: CvReport | null;
  max_duration_seconds: number;
  /** ISO 8601, UTC: when everything of the session is deleted. */
  expires_at: string;
  /** What did not work at the start and is done without: no avatar, say. */
  warnings?: string[] | undefined;
}

/** What is kept of a new interview: the answer to its start, and what was asked for. */
export function sessionFrom(answer: StartAnswer, { skill_topic, level, language }: StartRequest): Session {
  const { status: _, ...rest } = answer;
  return { ...rest, skill_topic, level, language };
}
