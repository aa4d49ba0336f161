import { describe, expect, it } from "vitest";
import { MessageError, parseMessage, type ServerMessage } from "./messages";

const WELL_FORMED: ServerMessage[] = [
  {
    type: "ready",
    session_id: "s1",
    resumed: false,
    output: "voice",
    elapsed_seconds: 0,
    max_duration_seconds: 1500,
  },
  { type: "echo", event: { message_type: "conversation", properties: { text: "hello" } } },
  { type: "caption", turn: 0, speaker: "interviewer", text: "", final: false },
  { type: "caption", turn: 1, speaker: "candidate", text: "I did", final: true },
  { type: "floor", holder: "thinking" },
  { type: "interrupted", turn: 2 },
  { type: "spoken", turn: 2 },
  { type: "time", elapsed_seconds: 15.2, remaining_seconds: 1484.8 },
  { type: "notice", code: "degraded", message: "Slow." },
  { type: "reconnect", after_ms: 250 },
  { type: "ended", reason: "time_limit" },
];

describe("parsing", () => {
  it.each(WELL_FORMED)("reads $type", (message) => {
    expect(parseMessage(JSON.stringify(message))).toEqual(message);
  });

  it("leaves out fields it does not know", () => {
    expect(parseMessage('{"type":"spoken","turn":3,"loudness":7}')).toEqual({ type: "spoken", turn: 3 });
  });

  it.each(["later_invention", "toString", "__proto__"])("passes over the unknown type %s", (type) => {
    expect(parseMessage(JSON.stringify({ type }))).toBeNull();
  });

  it.each([
    ["", "no JSON"],
    ["{", "no JSON"],
    ["null", "no type"],
    ["[]", "no type"],
    ['"ready"', "no type"],
    ["{}", "no type"],
    ['{"type":7}', "no type"],
    ['{"type":"caption","turn":-1,"speaker":"candidate","text":"","final":true}', "caption.turn"],
    ['{"type":"caption","turn":0.5,"speaker":"candidate","text":"","final":true}', "caption.turn"],
    ['{"type":"caption","turn":0,"speaker":"somebody","text":"","final":true}', "caption.speaker"],
    ['{"type":"caption","turn":0,"speaker":"candidate","text":null,"final":true}', "caption.text"],
    ['{"type":"caption","turn":0,"speaker":"candidate","text":"","final":"yes"}', "caption.final"],
    ['{"type":"floor"}', "floor.holder"],
    ['{"type":"time","elapsed_seconds":"1","remaining_seconds":2}', "time.elapsed_seconds"],
    ['{"type":"time","elapsed_seconds":1,"remaining_seconds":-2}', "time.remaining_seconds"],
    ['{"type":"time","elapsed_seconds":1e999,"remaining_seconds":2}', "time.elapsed_seconds"],
    ['{"type":"echo","event":[]}', "echo.event"],
    ['{"type":"reconnect","after_ms":null}', "reconnect.after_ms"],
    ['{"type":"ended","reason":"boredom"}', "ended.reason"],
    ['{"type":"ready","session_id":"s","resumed":false,"output":"smoke"}', "ready.output"],
  ])("refuses %s and says what is wrong", (frame, wrong) => {
    expect(() => parseMessage(frame)).toThrow(MessageError);
    expect(() => parseMessage(frame)).toThrow(wrong);
  });

  it("repeats nothing of what was said in an error", () => {
    const frame =
      '{"type":"caption","turn":"my secret","speaker":"candidate","text":"my secret","final":true}';
    expect(() => parseMessage(frame)).toThrow(/^(?!.*secret)/);
  });
});
