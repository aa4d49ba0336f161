import { expect, it } from "vitest";
import { VoiceTiming } from "./voiceTiming";

it("counts a turn's sound from the end of the one before", () => {
  const timing = new VoiceTiming(0.5);
  // The first sound came before the first caption.
  expect(timing.begin(0)).toBe(true);
  expect(timing.progress(0, 2.5, 1.5)).toEqual({ received: 2, played: 1, complete: false });
  timing.end(0, 4.5);
  timing.begin(2);
  expect(timing.progress(0, 9, 5)).toEqual({ received: 4, played: 4, complete: true });
  expect(timing.progress(2, 5.5, 3)).toEqual({ received: 1, played: 0, complete: false });
  expect(timing.progress(2, 5.5, 5)?.played).toBe(0.5);
});

it("begins a turn once, and has no progress for an unknown one", () => {
  const timing = new VoiceTiming(0);
  timing.begin(1);
  timing.end(1, 3);
  expect(timing.begin(1)).toBe(false);
  expect(timing.progress(1, 8, 8)?.received).toBe(3);
  expect(timing.progress(7, 8, 8)).toBeNull();
});

it("restarts after all sound so far", () => {
  const timing = new VoiceTiming(0);
  timing.begin(0);
  timing.restart(4);
  expect(timing.progress(0, 4, 1)).toBeNull();
  timing.begin(2);
  expect(timing.progress(2, 6, 3)).toEqual({ received: 2, played: 0, complete: false });
});
