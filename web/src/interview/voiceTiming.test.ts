import { expect, it } from "vitest";
import { Spans } from "./voiceTiming";

it("counts a turn's sound from the end of the one before", () => {
  const spans = new Spans(0.5);
  // The first sound came before the first caption.
  expect(spans.begin(0)).toBe(true);
  expect(spans.voice(0, 2.5, 1.5)).toEqual({ received: 2, heard: 1, complete: false });
  spans.end(0, 4.5);
  spans.begin(2);
  expect(spans.voice(0, 9, 5)).toEqual({ received: 4, heard: 4, complete: true });
  expect(spans.voice(2, 5.5, 3)).toEqual({ received: 1, heard: 0, complete: false });
  expect(spans.voice(2, 5.5, 5)?.heard).toBe(0.5);
});

it("knows a turn once, and nothing of one it was not told of", () => {
  const spans = new Spans(0);
  spans.begin(1);
  spans.end(1, 3);
  expect(spans.begin(1)).toBe(false);
  expect(spans.voice(1, 8, 8)?.received).toBe(3);
  expect(spans.voice(7, 8, 8)).toBeNull();
});

it("begins anew, after all sound so far", () => {
  const spans = new Spans(0);
  spans.begin(0);
  spans.restart(4);
  expect(spans.voice(0, 4, 1)).toBeNull();
  spans.begin(2);
  expect(spans.voice(2, 6, 3)).toEqual({ received: 2, heard: 0, complete: false });
});
