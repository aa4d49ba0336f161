import { describe, expect, it } from "vitest";
import { reveal, type Voice } from "./caption";

const TEXT =
  "Could you tell me about a service you have run in production, and what you were responsible for?";

function voice(more: Partial<Voice>): Voice {
  return { received: 0, heard: 0, complete: false, still: 0, ...more };
}

describe("revealing a caption", () => {
  it("shows a few words before the voice begins, and never half a word", () => {
    const shown = reveal(TEXT, voice({}), 0);
    expect(shown).toBeGreaterThan(0);
    expect(shown).toBeLessThan(30);
    expect(TEXT[shown]).toBe(" ");
  });

  it("follows the voice, not the text", () => {
    const early = reveal(TEXT, voice({ received: 6, heard: 1, complete: true }), 0);
    const later = reveal(TEXT, voice({ received: 6, heard: 3, complete: true }), early);
    expect(early).toBeLessThan(TEXT.length * 0.5);
    expect(later).toBeGreaterThan(early + 20);
    expect(later).toBeLessThan(TEXT.length * 0.8);
  });

  it("does not run ahead when all the text comes with the first scrap of sound", () => {
    expect(reveal(TEXT, voice({ received: 0.1, heard: 0.1 }), 0)).toBeLessThan(35);
  });

  it("goes by the usual pace of speech where the sound passes the page by", () => {
    const shown = (heard: number) => reveal(TEXT, voice({ received: null, heard }), 0);
    expect(shown(0)).toBeLessThan(30);
    expect(shown(3) - shown(1)).toBeGreaterThan(20);
    expect(shown(3) - shown(1)).toBeLessThan(45);
    expect(reveal(TEXT, voice({ received: null, heard: 1, complete: true }), 0)).toBe(TEXT.length);
  });

  it("takes nothing back", () => {
    expect(reveal(TEXT, voice({ received: 6, heard: 0.2, complete: true }), 60)).toBeGreaterThanOrEqual(60);
  });

  it("is complete when the voice is through", () => {
    expect(reveal(TEXT, voice({ received: 6, heard: 6, complete: true }), 10)).toBe(TEXT.length);
  });

  it("is complete when no sound comes at all: nobody waits for a loudspeaker that is off", () => {
    expect(reveal(TEXT, voice({ received: 6, heard: 1, still: 1.4 }), 10)).toBeLessThan(TEXT.length);
    expect(reveal(TEXT, voice({ received: 6, heard: 1, still: 1.5 }), 10)).toBe(TEXT.length);
  });
});
