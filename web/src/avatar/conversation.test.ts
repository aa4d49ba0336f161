import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Conversation, type Renewal } from "./conversation";

const PLACE = { url: "https://tavus.daily.co/c1", token: "t1" };
const OTHER = { url: "https://tavus.daily.co/c2", token: "t2" };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function hold(renew: () => Promise<Renewal>, place: typeof PLACE | null = PLACE) {
  return new Conversation({ place, renew, left: 60_000 });
}

const none = async (): Promise<Renewal> => ({ place: null, word: "None to be had.", again: true });

describe("a conversation", () => {
  it("is worth going into until it is over", () => {
    const conversation = hold(none);
    expect([conversation.place, conversation.open]).toEqual([PLACE, true]);
    conversation.end();
    expect([conversation.place, conversation.open]).toEqual([PLACE, false]);
  });

  it("that there is not is not worth going into", () => {
    expect(hold(none, null).open).toBe(false);
  });

  it("may have closed when its room was left a minute ago", () => {
    const conversation = hold(none);
    vi.advanceTimersByTime(600_000);
    conversation.left();
    vi.advanceTimersByTime(60_000);
    expect(conversation.open).toBe(true);
    vi.advanceTimersByTime(1);
    expect(conversation.open).toBe(false);
  });
});

describe("another one", () => {
  it("takes its place, with nothing of it left", async () => {
    const conversation = hold(async () => ({ place: OTHER }));
    conversation.left();
    conversation.end();
    vi.advanceTimersByTime(600_000);
    expect(await conversation.renew()).toEqual({ place: OTHER });
    expect([conversation.place, conversation.open]).toEqual([OTHER, true]);
  });

  it("that can't be had changes nothing", async () => {
    const conversation = hold(none);
    conversation.end();
    expect(await conversation.renew()).toEqual({ place: null, word: "None to be had.", again: true });
    expect([conversation.place, conversation.open]).toEqual([PLACE, false]);
  });

  it("is asked for once while it is on its way, and again after that", async () => {
    let come = (_: Renewal) => {};
    const renew = vi.fn(() => new Promise<Renewal>((resolve) => (come = resolve)));
    const conversation = hold(renew, null);
    const both = Promise.all([conversation.renew(), conversation.renew()]);
    expect(renew).toHaveBeenCalledOnce();
    come({ place: OTHER });
    expect(await both).toEqual([{ place: OTHER }, { place: OTHER }]);
    void conversation.renew();
    expect(renew).toHaveBeenCalledTimes(2);
  });
});
