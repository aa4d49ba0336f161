import type { KnownNotice } from "../contract/notices.gen";
import type { Caption, Notice } from "../contract/stream.gen";
import type { Doubt, Hearing, Speaker } from "../contract/terms.gen";
import type { Link } from "./connection";
import type { Ending, Holder, ServerMessage } from "./messages";

/** One turn, as far as it is known. */
export interface Turn {
  turn: number;
  speaker: Speaker;
  text: string;
  final: boolean;
  /** The candidate spoke over the interviewer. */
  interrupted: boolean;
  /** It was said on an earlier connection, and sent again on this one. */
  restored: boolean;
  /** Why the words may be wrong. */
  doubt: readonly Doubt[];
}

/** The interview's clock as the relay last sent it; `at` is when, in milliseconds of the page's clock. */
export interface Clock {
  elapsed: number;
  remaining: number;
  at: number;
  /** It stands still: thinking time does not count. */
  paused?: boolean;
}

/** A notice of the relay; `at` as in `Clock`. */
export interface Note {
  code: string;
  message: string;
  at: number;
}

/** A typed answer that the relay has not confirmed yet. */
export interface Unconfirmed {
  id: string;
  text: string;
}

/** Everything the room shows of the interview. */
export interface Interview {
  link: Link;
  /** The relay has sent `ready` once. */
  begun: boolean;
  /** In the order of their numbers, each once. */
  turns: readonly Turn[];
  floor: Holder | null;
  /** What the relay hears of the microphone. */
  hearing: Hearing;
  clock: Clock | null;
  /** The newest of each code, the latest last. */
  notes: readonly Note[];
  /** The typed answers that the relay did not take because they came too fast: they are the candidate's again. */
  refused: readonly string[];
  /** The typed answers that no caption has confirmed yet, in the order in which they were typed. */
  sending: readonly Unconfirmed[];
  /** The number of the interviewer's last question, and about how many there will be. */
  question: { number: number; about: number } | null;
  /** The turns sent again so far on a new connection; `null`: that is over. */
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
  refused: [],
  sending: [],
  question: null,
  restoring: null,
  ending: null,
};

/** The most notes that are kept. */
const NOTES = 4;
const RECORD_INCOMPLETE: KnownNotice = "record_incomplete";
const SLOW_REPLY: KnownNotice = "slow_reply";
const IDLE: KnownNotice = "idle";

/** The interview after one more message, which came at `at` (milliseconds of the page's clock). */
export function reduce(before: Interview, message: ServerMessage, at: number): Interview {
  const interview = restores(before, message) ? before : restored(before);
  switch (message.type) {
    case "ready": {
      const remaining = Math.max(0, message.max_duration_seconds - message.elapsed_seconds);
      return {
        ...interview,
        begun: true,
        restoring: message.resumed ? [] : null,
        hearing: "quiet",
        // Notices of the last connection are over, except that the record stays incomplete.
        notes: interview.notes.filter(({ code }) => code === RECORD_INCOMPLETE),
        clock: { elapsed: message.elapsed_seconds, remaining, at },
      };
    }
    case "caption":
      return {
        ...interview,
        ...(message.speaker === "interviewer" ? { notes: afterWaiting(interview) } : {}),
        turns: withCaption(interview, message),
        sending: afterCaption(interview, message),
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
      return {
        ...interview,
        floor: message.holder,
        notes: message.holder === "candidate" ? interview.notes : afterWaiting(interview),
      };
    case "time":
      return {
        ...interview,
        clock: {
          elapsed: message.elapsed_seconds,
          remaining: message.remaining_seconds,
          at,
          ...(message.paused && { paused: true }),
        },
      };
    case "notice":
      return {
        ...interview,
        notes: withNote(interview.notes, message, at),
        refused: message.text ? [...interview.refused, message.text] : interview.refused,
        sending: message.text ? withoutAnswer(interview.sending, message) : interview.sending,
      };
    case "question":
      return { ...interview, question: { number: message.number, about: message.about } };
    case "ended":
      return { ...interview, ending: message.reason, floor: null, hearing: "quiet" };
    case "hearing":
      return {
        ...interview,
        hearing: message.state,
        notes: message.state === "quiet" ? interview.notes : afterWaiting(interview),
      };
    case "spoken":
    case "echo":
    case "reconnect":
      return interview;
  }
}

/** The answers that still wait after a caption. */
function afterCaption(interview: Interview, message: Caption): readonly Unconfirmed[] {
  const { sending, restoring } = interview;
  if (message.speaker !== "candidate" || !message.final) return sending;
  return message.id || !restoring ? withoutAnswer(sending, message) : sending;
}

/** The answers without this one. A relay that knows no ids is answered by the text. */
function withoutAnswer(
  sending: readonly Unconfirmed[],
  { id, text }: { id?: string; text?: string },
): readonly Unconfirmed[] {
  const found = sending.find((each) => (id ? each.id === id : each.text === text));
  return found ? sending.filter((each) => each !== found) : sending;
}

/** The notes after one of the two has begun to speak: nobody waits any more. */
function afterWaiting({ restoring, notes }: Interview): readonly Note[] {
  return restoring ? notes : without(notes, SLOW_REPLY, IDLE);
}

/** The same array where nothing is left out. */
function without(notes: readonly Note[], ...codes: KnownNotice[]): readonly Note[] {
  const left = notes.filter(({ code }) => !codes.some((each) => each === code));
  return left.length === notes.length ? notes : left;
}

/** Whether earlier turns are still being sent after this message: `ready` begins that, and final captions follow. */
function restores({ restoring }: Interview, message: ServerMessage): boolean {
  return restoring === null || message.type === "ready" || (message.type === "caption" && message.final);
}

/** All earlier turns have been sent. A turn that was not among them is not in the record, and its number is free again. */
function restored(interview: Interview): Interview {
  const { restoring, turns } = interview;
  return { ...interview, restoring: null, turns: turns.filter(({ turn }) => restoring?.includes(turn)) };
}

function withCaption({ turns, restoring }: Interview, message: Caption): readonly Turn[] {
  const { turn, speaker, text, final, doubt = [] } = message;
  const known = turns.find((each) => each.turn === turn);
  // Final stays final: a late interim caption is older, a late final one may add a word.
  if (known?.final && !final) return turns;
  const next: Turn = {
    turn,
    speaker,
    text,
    final,
    interrupted: known?.interrupted ?? false,
    restored: restoring !== null,
    doubt,
  };
  if (known) return turns.map((each) => (each === known ? next : each));
  const after = turns.findIndex((each) => each.turn > turn);
  return after < 0 ? [...turns, next] : [...turns.slice(0, after), next, ...turns.slice(after)];
}

/** Notices that replace each other. */
const ENDS = new Map<string, KnownNotice>([
  ["avatar_back", "avatar_lost"],
  ["avatar_lost", "avatar_back"],
] satisfies [KnownNotice, KnownNotice][]);

const RESUMED: KnownNotice = "resumed";
const RESUMING: readonly KnownNotice[] = ["resuming", "model_quota", "model_busy"];

/** The relay has lost the language model, and tries to get it back. */
export function isResuming({ code }: Pick<Note, "code">): boolean {
  return RESUMING.some((each) => each === code);
}

/** "resumed" ends the notice that the model was lost, and is not shown itself. */
function withNote(
  notes: readonly Note[],
  { code, message }: Pick<Notice, "code" | "message">,
  at: number,
): readonly Note[] {
  if (code === RESUMED) return without(notes, ...RESUMING);
  const others = notes.filter((note) => note.code !== code && note.code !== ENDS.get(code));
  return [...others, { code, message, at }].slice(-NOTES);
}

/** Whole seconds elapsed and remaining at `now` (milliseconds of the page's clock), counted on from the relay's last time. */
export function timeAt(clock: Clock, now: number): { elapsed: number; remaining: number } {
  const since = clock.paused ? 0 : Math.max(0, (now - clock.at) / 1000);
  return {
    elapsed: Math.floor(clock.elapsed + since),
    remaining: Math.max(0, Math.ceil(clock.remaining - since)),
  };
}
