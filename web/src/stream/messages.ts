/** The stream's messages, both ways, as the contract has them. What comes in is checked, not believed. */

/** How the interviewer is heard: as sound from the page, or through an avatar's video. */
export type Output = "voice" | "avatar";

/** Who is meant to speak; `thinking`: the candidate has asked to think, and holds the floor. */
export type Holder = "interviewer" | "candidate" | "thinking";

/** Why an interview ended. */
export type Ending = "interviewer" | "candidate" | "time_limit" | "failed";

/**
 * Why the face is gone: the line to the room, or the meeting, was lost (`room`); whoever keeps it ended it (`shutdown`);
 * the replica left, did not come or does not do as it is told (`replica`); the picture stands still (`frozen`); the
 * browser plays nothing unasked (`autoplay`); the network is too slow for video (`bandwidth`).
 */
export type Loss = "room" | "shutdown" | "replica" | "frozen" | "autoplay" | "bandwidth";

export type ClientMessage =
  | { type: "hello"; token: string; output: Output }
  | { type: "text"; text: string }
  | { type: "output"; mode: Output }
  | { type: "avatar"; state: "ready"; max_message_bytes: number }
  | { type: "avatar"; state: "lost"; reason: Loss }
  | { type: "avatar"; state: "speaking" | "silent" }
  | { type: "played" }
  | { type: "hold"; on: boolean }
  | { type: "mute"; on: boolean }
  | { type: "end" };

export type ServerMessage =
  | {
      type: "ready";
      session_id: string;
      resumed: boolean;
      output: Output;
      elapsed_seconds: number;
      max_duration_seconds: number;
    }
  | { type: "echo"; event: Record<string, unknown> }
  | { type: "caption"; turn: number; speaker: "interviewer" | "candidate"; text: string; final: boolean }
  | { type: "floor"; holder: Holder }
  | { type: "interrupted"; turn: number }
  | { type: "spoken"; turn: number }
  | { type: "time"; elapsed_seconds: number; remaining_seconds: number }
  | { type: "notice"; code: string; message: string }
  | { type: "reconnect"; after_ms: number }
  | { type: "ended"; reason: Ending };

/** A frame that is not what the contract says. The message names the field, never what was in it. */
export class MessageError extends Error {
  override readonly name = "MessageError";
}

type Fields = Record<string, unknown>;
type Check<T> = (value: unknown) => value is T;

const isText: Check<string> = (value) => typeof value === "string";
const isFlag: Check<boolean> = (value) => typeof value === "boolean";
const isAmount: Check<number> = (value): value is number =>
  typeof value === "number" && Number.isFinite(value) && value >= 0;
const isTurn: Check<number> = (value): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;
const isObject: Check<Fields> = (value): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isOneOf<const T extends string>(...allowed: T[]): Check<T> {
  return (value): value is T => (allowed as unknown[]).includes(value);
}

const isOutput = isOneOf("voice", "avatar");

/** Reads one field, or throws with its name. */
type Reader = <T>(name: string, check: Check<T>) => T;

const READERS: { [T in ServerMessage["type"]]: (read: Reader) => Extract<ServerMessage, { type: T }> } = {
  ready: (read) => ({
    type: "ready",
    session_id: read("session_id", isText),
    resumed: read("resumed", isFlag),
    output: read("output", isOutput),
    elapsed_seconds: read("elapsed_seconds", isAmount),
    max_duration_seconds: read("max_duration_seconds", isAmount),
  }),
  echo: (read) => ({ type: "echo", event: read("event", isObject) }),
  caption: (read) => ({
    type: "caption",
    turn: read("turn", isTurn),
    speaker: read("speaker", isOneOf("interviewer", "candidate")),
    text: read("text", isText),
    final: read("final", isFlag),
  }),
  floor: (read) => ({
    type: "floor",
    holder: read("holder", isOneOf("interviewer", "candidate", "thinking")),
  }),
  interrupted: (read) => ({ type: "interrupted", turn: read("turn", isTurn) }),
  spoken: (read) => ({ type: "spoken", turn: read("turn", isTurn) }),
  time: (read) => ({
    type: "time",
    elapsed_seconds: read("elapsed_seconds", isAmount),
    remaining_seconds: read("remaining_seconds", isAmount),
  }),
  notice: (read) => ({ type: "notice", code: read("code", isText), message: read("message", isText) }),
  reconnect: (read) => ({ type: "reconnect", after_ms: read("after_ms", isAmount) }),
  ended: (read) => ({
    type: "ended",
    reason: read("reason", isOneOf("interviewer", "candidate", "time_limit", "failed")),
  }),
};

function isKnown(type: string): type is ServerMessage["type"] {
  return Object.hasOwn(READERS, type);
}

/**
 * A text frame as a message; `null` for a type this page does not know, which a newer relay may send. Throws
 * `MessageError` for anything malformed.
 */
export function parseMessage(frame: string): ServerMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    throw new MessageError("a frame is no JSON");
  }
  if (!isObject(value) || !isText(value.type)) throw new MessageError("a frame has no type");
  const { type, ...fields } = value as Fields & { type: string };
  if (!isKnown(type)) return null;
  return READERS[type]((name, check) => {
    const field = fields[name];
    if (!check(field)) throw new MessageError(`${type}.${name} is missing or wrong`);
    return field;
  });
}
