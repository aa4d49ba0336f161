import { expect, it } from "vitest";
import type { ServerMessage } from "../contract/stream.gen";
import { BEFORE, reduce, timeAt } from "./state";

function after(...messages: ServerMessage[]) {
  return messages.reduce((interview, message, index) => reduce(interview, message, index * 1000), BEFORE);
}

it("stops counting while the relay says that the clock stands still, and goes on after that", () => {
  const time = { type: "time", elapsed_seconds: 60, remaining_seconds: 840 } as const;
  const paused = after({ ...time, paused: true }).clock;
  expect(paused && timeAt(paused, 120_000)).toEqual({ elapsed: 60, remaining: 840 });
  const going = after({ ...time, paused: true }, time).clock;
  expect(going && timeAt(going, 11_000)).toEqual({ elapsed: 70, remaining: 830 });
});
