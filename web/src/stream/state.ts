import type { Link } from "./connection";
import type { Ending, Holder, ServerMessage } from "./messages";

/** What one of the two says, as far as it is known. */
export interface Turn {
  turn: number;
  speaker: "interviewer" | "candidate";
  text: string;
  final: boolean;
  /** The interviewer was spoken over. */
  interrupted: boolean;
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
  clock: Clock | null;
  note: Note | null;
  ending: Ending | null;
}

export const BEFORE: Interview = {
  link: { state: "connecting" },
  begun: false,
  turns: [],
  floor: null,
  clock: null,
  note: null,
  ending: null,
};

/** The interview after one more message, which came at `at` (milliseconds of the page's clock). */
export function reduce(interview: Interview, message: ServerMessage, at: number): Interview {
  switch (message.type) {
    case "ready": {
      const remaining = Math.max(0, message.max_duration_seconds - message.elapsed_seconds);
      // What was wrong with the last connection is over.
      return {
        ...interview,
        begun: true,
        note: null,
        clock: { elapsed: message.elapsed_seconds, remaining, at },
      };
    }
    case "caption":
      return { ...interview, turns: withCaption(interview.turns, message) };
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
      return { ...interview, note: { code: message.code, message: message.message, at } };
    case "ended":
      return { ...interview, ending: message.reason, floor: null };
    case "spoken":
    case "echo":
    case "reconnect":
      return interview;
  }
}

type Caption = Extract<ServerMessage, { type: "caption" }>;

function withCaption(turns: readonly Turn[], { turn, speaker, text, final }: Caption): readonly Turn[] {
  const known = turns.find((each) => each.turn === turn);
  // Final stays final: a late interim says nothing new, a late final may add a word.
  if (known?.final && !final) return turns;
  const next: Turn = { turn, speaker, text, final, interrupted: known?.interrupted ?? false };
  if (known) return turns.map((each) => (each === known ? next : each));
  const after = turns.findIndex((each) => each.turn > turn);
  return after < 0 ? [...turns, next] : [...turns.slice(0, after), next, ...turns.slice(after)];
}

/** Whole seconds gone and left at `now` (milliseconds of the page's clock), counted on from what the relay last said. */
export function timeAt(clock: Clock, now: number): { elapsed: number; remaining: number } {
  const since = Math.max(0, (now - clock.at) / 1000);
  return {
    elapsed: Math.floor(clock.elapsed + since),
    remaining: Math.max(0, Math.ceil(clock.remaining - since)),
  };
}
