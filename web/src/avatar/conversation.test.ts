import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AvatarConversation, type Renewal } from "./conversation";

const ADDRESS = { url: "https://tavus.daily.co/c1", token: "t1" };
const OTHER = { url: "https://tavus.daily.co/c2", token: "t2" };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function hold(renew: () => Promise<Renewal>, address: typeof ADDRESS | null = ADDRESS) {
  return new AvatarConversation({ address, renew, left: 60_000 });
}

const none = async (): Promise<Renewal> => ({ address: null, message: "None to be had.", retryable: true });

describe("a conversation", () => {
  it("is open until it ends", () => {
    const conversation = hold(none);
    expect([conversation.address, conversation.open]).toEqual([ADDRESS, true]);
    conversation.end();
    expect([conversation.address, conversation.open]).toEqual([ADDRESS, false]);
  });

  it("without an address is not open", () => {
    expect(hold(none, null).open).toBe(false);
  });

  it("counts as closed when its room was left more than a minute ago", () => {
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
  it("replaces the one before and is open", async () => {
    const conversation = hold(async () => ({ address: OTHER }));
    conversation.left();
    conversation.end();
    vi.advanceTimersByTime(600_000);
    expect(await conversation.renew()).toEqual({ address: OTHER });
    expect([conversation.address, conversation.open]).toEqual([OTHER, true]);
  });

  it("that is refused changes nothing", async () => {
    const conversation = hold(none);
    conversation.end();
    expect(await conversation.renew()).toEqual({
      address: null,
      message: "None to be had.",
      retryable: true,
    });
    expect([conversation.address, conversation.open]).toEqual([ADDRESS, false]);
  });

  it("is asked for once while a request is under way, and again after that", async () => {
    let come = (_: Renewal) => {};
    const renew = vi.fn(() => new Promise<Renewal>((resolve) => (come = resolve)));
    const conversation = hold(renew, null);
    const both = Promise.all([conversation.renew(), conversation.renew()]);
    expect(renew).toHaveBeenCalledOnce();
    come({ address: OTHER });
    expect(await both).toEqual([{ address: OTHER }, { address: OTHER }]);
    void conversation.renew();
    expect(renew).toHaveBeenCalledTimes(2);
  });
});
