import type { Cv, Level, StartAnswer, StartRequest } from "../api/types";
import type { Output } from "../relay/messages";

/** What the page stores of an interview, for a reload. The token gives access to it, and is sent to our API and relay alone. */
export interface Session {
  session_id: string;
  session_token: string;
  /** WebSocket address of the relay; of the nearest one where there are several. */
  stream_url: string;
  /** The addresses of all relays, where there are several. */
  stream_urls?: string[];
  conversation_url: string | null;
  conversation_token: string | null;
  /** Whether the candidate last chose video or voice. */
  output?: Output | undefined;
  skill_topic: string;
  /** The one question that is practised; none: a whole interview. */
  question?: string;
  level: Level;
  language: string;
  cv: Cv | null;
  max_duration_seconds: number;
  /** When all data of the session is deleted; ISO 8601, UTC. */
  expires_at: string;
  /** What did not work at the start, such as the avatar. */
  warnings?: string[] | undefined;
}

/** The session without the CV's text, which the browser does not store. */
export function withoutCvText(session: Session): Session {
  if (!session.cv) return session;
  const { text: _, ...cv } = session.cv;
  return { ...session, cv };
}

/** The session of a new interview: the answer to the start request, and the request. */
export function sessionFrom(answer: StartAnswer, wanted: StartRequest): Session {
  const { status: _, ...rest } = answer;
  const { skill_topic, level, language, output, retake_question } = wanted;
  return {
    ...rest,
    skill_topic,
    ...(retake_question && { question: retake_question.question }),
    level,
    language,
    output,
  };
}
