import type { CvReport, Level, StartAnswer, StartRequest } from "../api/types";
import type { Output } from "../stream/messages";

/** What the page keeps of one interview, so that a reload finds it again. The token opens it; it never leaves this browser except to our API. */
export interface Session {
  session_id: string;
  session_token: string;
  /** WebSocket address of the relay: where there are several, of the one that was the nearest. */
  stream_url: string;
  /** Those of all relays, where there are several. */
  stream_urls?: string[];
  conversation_url: string | null;
  conversation_token: string | null;
  /** What the candidate last chose: to see the interviewer or not. */
  output?: Output | undefined;
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

/** The session without the CV's words, which are nothing to keep in a browser. */
export function withoutCvText(session: Session): Session {
  if (!session.cv) return session;
  const { text: _, ...cv } = session.cv;
  return { ...session, cv };
}

/** What is kept of a new interview: the answer to its start, and what was asked for. */
export function sessionFrom(answer: StartAnswer, wanted: StartRequest): Session {
  const { status: _, ...rest } = answer;
  const { skill_topic, level, language, output } = wanted;
  return { ...rest, skill_topic, level, language, output };
}
