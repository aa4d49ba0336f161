import { beforeEach, describe, expect, it } from "vitest";
import { Speeches } from "./avatarTiming";
import { reveal } from "./caption";

const TEXT =
  "Could you tell me about a service you have run in production, and what you were responsible for?";

let speeches: Speeches;

beforeEach(() => {
  speeches = new Speeches();
});

/** How much of the text is shown at this time. */
const shown = (turn: number, now: number, before = 0) => {
  const voice = speeches.voice(turn, now);
  return voice && reveal(TEXT, voice, before);
};

it("counts from when the avatar begins to speak", () => {
  speeches.begin(0, 1000);
  expect(speeches.voice(0, 1500)).toMatchObject({ received: null, heard: 0, still: 0 });
  speeches.speaking(true, 2000);
  expect(speeches.voice(0, 4000)).toMatchObject({ heard: 2, complete: false, still: 0 });
});

it("shows words at the pace of speech, and all of them when it falls silent", () => {
  speeches.begin(0, 0);
  speeches.speaking(true, 1000);
  const early = shown(0, 2000) ?? 0;
  const later = shown(0, 4000) ?? 0;
  expect(early).toBeGreaterThan(15);
  expect(later).toBeGreaterThan(early + 20);
  expect(later).toBeLessThan(TEXT.length);
  speeches.end(0);
  expect(shown(0, 4100)).toBeLessThan(TEXT.length);
  speeches.speaking(false, 4200);
  expect(shown(0, 4200)).toBe(TEXT.length);
});

describe("nobody waits for the text", () => {
  it("when the avatar does not begin", () => {
    speeches.begin(0, 0);
    expect(shown(0, 3900)).toBeLessThan(TEXT.length);
    expect(shown(0, 4000)).toBe(TEXT.length);
  });

  it("when it stops in the middle", () => {
    speeches.begin(0, 0);
    speeches.speaking(true, 0);
    speeches.speaking(false, 1000);
    expect(shown(0, 2400)).toBeLessThan(TEXT.length);
    expect(shown(0, 2500)).toBe(TEXT.length);
  });

  it("that nothing is known of", () => {
    expect(speeches.voice(7, 0)).toBeNull();
    speeches.begin(0, 0);
    speeches.restart();
    expect(speeches.voice(0, 0)).toBeNull();
  });
});

it("adds up what was spoken with pauses", () => {
  speeches.begin(0, 0);
  speeches.speaking(true, 0);
  speeches.speaking(false, 1000);
  speeches.speaking(true, 1200);
  expect(speeches.voice(0, 2200)).toMatchObject({ heard: 2, still: 0 });
});

it("takes what was begun before its words came for the turn that comes then", () => {
  speeches.speaking(true, 0);
  speeches.begin(0, 500);
  expect(speeches.voice(0, 1000)?.heard).toBe(1);
});

it("knows a turn that is known while the one before is still spoken", () => {
  speeches.begin(0, 0);
  speeches.speaking(true, 0);
  speeches.end(0);
  speeches.begin(2, 1000);
  speeches.speaking(false, 2000);
  speeches.speaking(true, 3000);
  expect(speeches.voice(0, 4000)).toMatchObject({ heard: 2, complete: true });
  expect(speeches.voice(2, 4000)).toMatchObject({ heard: 1, complete: false });
});

it("leaves what follows a turn that is over to the next", () => {
  speeches.begin(0, 0);
  speeches.speaking(true, 0);
  speeches.end(0);
  speeches.speaking(false, 1000);
  speeches.speaking(true, 5000);
  speeches.begin(1, 5100);
  expect(speeches.voice(0, 6000)?.heard).toBe(1);
  expect(speeches.voice(1, 6000)?.heard).toBe(1);
});
