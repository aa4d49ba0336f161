import { expect, it } from "vitest";
import { type AvatarEvent, type AvatarState, next } from "./state";

const EVENTS: AvatarEvent[] = ["connect", "join", "lose", "fail", "turn_off"];
const FAILED: AvatarState = { is: "failed", message: null, retryable: true };

it.each<[AvatarState, AvatarState["is"][]]>([
  // after:            connect        join          lose            fail      turn_off
  [{ is: "none" }, ["none", "none", "none", "none", "none"]],
  [{ is: "off" }, ["connecting", "off", "off", "off", "off"]],
  [{ is: "connecting" }, ["connecting", "connected", "connecting", "failed", "off"]],
  [{ is: "connected" }, ["connected", "connected", "reconnecting", "failed", "off"]],
  [{ is: "reconnecting" }, ["reconnecting", "connected", "reconnecting", "failed", "off"]],
  [FAILED, ["connecting", "failed", "failed", "failed", "off"]],
])("from %j each event leads to the state that the table names", (state, expected) => {
  expect(EVENTS.map((event) => next(state, event).is)).toEqual(expected);
});

it("a failure says why, and whether the candidate may ask again", () => {
  const failure = { message: "No video is available.", retryable: false };
  expect(next({ is: "connecting" }, "fail", failure)).toEqual({ is: "failed", ...failure });
  expect(next({ is: "connected" }, "fail")).toEqual(FAILED);
});

it("an event that changes nothing returns the same object", () => {
  const state: AvatarState = { is: "connecting" };
  expect(next(state, "lose")).toBe(state);
});
