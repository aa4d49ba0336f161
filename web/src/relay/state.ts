import type { KnownNotice } from "../contract/notices.gen";
import type { Caption, Notice } from "../contract/stream.gen";
import type { Hearing, Speaker } from "../contract/terms.gen";
import type { Link } from "./connection";
import type { Ending, Holder, ServerMessage } from "./messages";

/** What one of the two says, as far as it is known. */
export interface Turn {
  turn: number;
  speaker: Speaker;
  text: string;
  final: boolean;
  /** The interviewer was spoken over. */
  interrupted: boolean;
  /** It was said over an earlier connection, and is told again for the record. */
  restored: boolean;
}

/** Time as the relay last told it; `at` is when, in milliseconds of the page's clock. */
export interface Clock {
  elapsed: number;
  remaining: number;
  at: number;
}

/** Something the relay wants known; `at` as in `Clock`. */
export interface Note {
  code: string;
  message: string;
  at: number;
}

/** Everything the room shows of the interview. */
export interface Interview {
  link: Link;
  /** The relay has said `ready` once. */
  begun: boolean;
  /** In the order of their numbers, each once. */
  turns: readonly Turn[];
  floor: Holder | null;
  /** What the relay hears of the microphone. */
  hearing: Hearing;
  clock: Clock | null;
  /** The newest of each code, the latest last. */
  notes: readonly Note[];
  /** The turns told again so far on a new connection; `null` when that is over. */
  restoring: readonly number[] | null;
  ending: Ending | null;
}

export const BEFORE: Interview = {
  link: { state: "connecting" },
  begun: false,
  turns: [],
  floor: null,
  hearing: "quiet",
  clock: null,
  notes: [],
  restoring: null,
  ending: null,
};

/** The most notes that are kept. */
const NOTES = 4;
const RECORD_INCOMPLETE: KnownNotice = "record_incomplete";

/** The interview after one more message, which came at `at` (milliseconds of the page's clock). */
export function reduce(before: Interview, message: ServerMessage, at: number): Interview {
  const interview = tells(before, message) ? before : restored(before);
  switch (message.type) {
    case "ready": {
      const remaining = Math.max(0, message.max_duration_seconds - message.elapsed_seconds);
      return {
        ...interview,
        begun: true,
        restoring: message.resumed ? [] : null,
        // What was wrong with the last connection is over; what the record lacks it goes on lacking.
        notes: interview.notes.filter(({ code }) => code === RECORD_INCOMPLETE),
        clock: { elapsed: message.elapsed_seconds, remaining, at },
      };
    }
    case "caption":
      return {
        ...interview,
        turns: withCaption(interview, message),
        restoring: interview.restoring && [...interview.restoring, message.turn],
      };
    case "interrupted":
      return {
        ...interview,
        turns: interview.turns.map((turn) =>
          turn.turn === message.turn && turn.speaker === "interviewer"
            ? { ...turn, interrupted: true }
            : turn,
        ),
      };
    case "floor":
      return { ...interview, floor: message.holder };
    case "time":
      return {
        ...interview,
        clock: { elapsed: message.elapsed_seconds, remaining: message.remaining_seconds, at },
      };
    case "notice":
      return { ...interview, notes: withNote(interview.notes, message, at) };
    case "ended":
      return { ...interview, ending: message.reason, floor: null };
    case "hearing":
      return { ...interview, hearing: message.state };
    case "spoken":
    case "echo":
    case "reconnect":
      return interview;
  }
}

/** Whether a message leaves the telling of earlier turns under way: `ready` begins it, final captions are it. */
function tells({ restoring }: Interview, message: ServerMessage): boolean {
  return restoring === null || message.type === "ready" || (message.type === "caption" && message.final);
}

/** All earlier turns have been told. What was not among them is not in the record, and its number may be given anew. */
function restored(interview: Interview): Interview {
  const { restoring, turns } = interview;
  return { ...interview, restoring: null, turns: turns.filter(({ turn }) => restoring?.includes(turn)) };
}

function withCaption({ turns, restoring }: Interview, message: Caption): readonly Turn[] {
  const { turn, speaker, text, final } = message;
  const known = turns.find((each) => each.turn === turn);
  // Final stays final: a late interim says nothing new, a late final may add a word.
  if (known?.final && !final) return turns;
  const next: Turn = {
    turn,
    speaker,
    text,
    final,
    interrupted: known?.interrupted ?? false,
    restored: restoring !== null,
  };
  if (known) return turns.map((each) => (each === known ? next : each));
  const after = turns.findIndex((each) => each.turn > turn);
  return after < 0 ? [...turns, next] : [...turns.slice(0, after), next, ...turns.slice(after)];
}

/** What ends what: the face that is back, the loss of it. */
const ENDS = new Map<string, KnownNotice>([
  ["avatar_back", "avatar_lost"],
  ["avatar_lost", "avatar_back"],
] satisfies [KnownNotice, KnownNotice][]);

const RESUMING: KnownNotice = "resuming";
const RESUMED: KnownNotice = "resumed";

/** "resumed" ends "resuming", and is no news of its own. */
function withNote(
  notes: readonly Note[],
  { code, message }: Pick<Notice, "code" | "message">,
  at: number,
): readonly Note[] {
  if (code === RESUMED) return notes.filter((note) => note.code !== RESUMING);
  const others = notes.filter((note) => note.code !== code && note.code !== ENDS.get(code));
  return [...others, { code, message, at }].slice(-NOTES);
}

/** Whole seconds gone and left at `now` (milliseconds of the page's clock), counted on from what the relay last said. */
export function timeAt(clock: Clock, now: number): { elapsed: number; remaining: number } {
  const since = Math.max(0, (now - clock.at) / 1000);
  return {
    elapsed: Math.floor(clock.elapsed + since),
    remaining: Math.max(0, Math.ceil(clock.remaining - since)),
  };
}
