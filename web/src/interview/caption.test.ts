import { describe, expect, it } from "vitest";
import { reveal, type VoiceProgress } from "./caption";

const TEXT =
  "Could you tell me about a service you have run in production, and what you were responsible for?";

function voice(more: Partial<VoiceProgress>): VoiceProgress {
  return { received: 0, played: 0, complete: false, silentFor: 0, ...more };
}

describe("revealing a caption", () => {
  it("shows a few words before the voice begins, and never half a word", () => {
    const shown = reveal(TEXT, voice({}), 0);
    expect(shown).toBeGreaterThan(0);
    expect(shown).toBeLessThan(30);
    expect(TEXT[shown]).toBe(" ");
  });

  it("follows the voice, not the text", () => {
    const early = reveal(TEXT, voice({ received: 6, played: 1, complete: true }), 0);
    const later = reveal(TEXT, voice({ received: 6, played: 3, complete: true }), early);
    expect(early).toBeLessThan(TEXT.length * 0.5);
    expect(later).toBeGreaterThan(early + 20);
    expect(later).toBeLessThan(TEXT.length * 0.8);
  });

  it("does not run ahead when all the text arrives with the first piece of sound", () => {
    expect(reveal(TEXT, voice({ received: 0.1, played: 0.1 }), 0)).toBeLessThan(35);
  });

  it("goes at the average pace of speech where the sound does not pass through the page", () => {
    const shown = (played: number) => reveal(TEXT, voice({ received: null, played }), 0);
    expect(shown(0)).toBeLessThan(30);
    expect(shown(3) - shown(1)).toBeGreaterThan(20);
    expect(shown(3) - shown(1)).toBeLessThan(45);
    expect(reveal(TEXT, voice({ received: null, played: 1, complete: true }), 0)).toBe(TEXT.length);
  });

  it("never hides what was shown", () => {
    expect(reveal(TEXT, voice({ received: 6, played: 0.2, complete: true }), 60)).toBeGreaterThanOrEqual(60);
  });

  it("is complete when the voice has been played", () => {
    expect(reveal(TEXT, voice({ received: 6, played: 6, complete: true }), 10)).toBe(TEXT.length);
  });

  it("is complete when no sound comes at all", () => {
    expect(reveal(TEXT, voice({ received: 6, played: 1, silentFor: 1.4 }), 10)).toBeLessThan(TEXT.length);
    expect(reveal(TEXT, voice({ received: 6, played: 1, silentFor: 1.5 }), 10)).toBe(TEXT.length);
  });
});
