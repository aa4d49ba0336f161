import { beforeEach, describe, expect, it } from "vitest";
import { AvatarTiming } from "./avatarTiming";
import { reveal } from "./caption";

const TEXT =
  "Could you tell me about a service you have run in production, and what you were responsible for?";

let timing: AvatarTiming;

beforeEach(() => {
  timing = new AvatarTiming();
});

/** How much of the text is shown at this time. */
const shown = (turn: number, now: number, before = 0) => {
  const voice = timing.progress(turn, now);
  return voice && reveal(TEXT, voice, before);
};

it("counts from when the avatar starts to speak", () => {
  timing.begin(0, 1000);
  expect(timing.progress(0, 1500)).toMatchObject({ received: null, played: 0, silentFor: 0 });
  timing.speaking(true, 2000);
  expect(timing.progress(0, 4000)).toMatchObject({ played: 2, complete: false, silentFor: 0 });
});

it("counts while it speaks, and is complete when it stops", () => {
  timing.begin(0, 0);
  timing.speaking(true, 1000);
  const early = shown(0, 2000) ?? 0;
  const later = shown(0, 4000) ?? 0;
  expect(early).toBeGreaterThan(15);
  expect(later).toBeGreaterThan(early + 20);
  expect(later).toBeLessThan(TEXT.length);
  timing.end(0);
  expect(shown(0, 4100)).toBeLessThan(TEXT.length);
  timing.speaking(false, 4200);
  expect(shown(0, 4200)).toBe(TEXT.length);
});

describe("the silence counts", () => {
  it("when the avatar does not start", () => {
    timing.begin(0, 0);
    expect(shown(0, 3900)).toBeLessThan(TEXT.length);
    expect(shown(0, 4000)).toBe(TEXT.length);
  });

  it("when it stops before the end", () => {
    timing.begin(0, 0);
    timing.speaking(true, 0);
    timing.speaking(false, 1000);
    expect(shown(0, 2400)).toBeLessThan(TEXT.length);
    expect(shown(0, 2500)).toBe(TEXT.length);
  });

  it("not for an unknown turn", () => {
    expect(timing.progress(7, 0)).toBeNull();
    timing.begin(0, 0);
    timing.restart();
    expect(timing.progress(0, 0)).toBeNull();
  });
});

it("adds up speech with pauses", () => {
  timing.begin(0, 0);
  timing.speaking(true, 0);
  timing.speaking(false, 1000);
  timing.speaking(true, 1200);
  expect(timing.progress(0, 2200)).toMatchObject({ played: 2, silentFor: 0 });
});

it("assigns speech that started before its caption to the next turn", () => {
  timing.speaking(true, 0);
  timing.begin(0, 500);
  expect(timing.progress(0, 1000)?.played).toBe(1);
});

it("accepts a turn while the one before is still spoken", () => {
  timing.begin(0, 0);
  timing.speaking(true, 0);
  timing.end(0);
  timing.begin(2, 1000);
  timing.speaking(false, 2000);
  timing.speaking(true, 3000);
  expect(timing.progress(0, 4000)).toMatchObject({ played: 2, complete: true });
  expect(timing.progress(2, 4000)).toMatchObject({ played: 1, complete: false });
});

it("assigns speech after a complete turn to the next one", () => {
  timing.begin(0, 0);
  timing.speaking(true, 0);
  timing.end(0);
  timing.speaking(false, 1000);
  timing.speaking(true, 5000);
  timing.begin(1, 5100);
  expect(timing.progress(0, 6000)?.played).toBe(1);
  expect(timing.progress(1, 6000)?.played).toBe(1);
});
