import { expect, it, vi } from "vitest";
import { withAppCheck } from "./appCheck";
import type { Api } from "./client";
import { explain } from "./explanation";
import type { StartRequest } from "./types";

const KEYS = { app_id: "1:123:web:0a1b", api_key: "a-key", site_key: "a-site" };
const WANTED = { skill_topic: "SQL" } as StartRequest;

function api() {
  const start = vi.fn<Api["start"]>(() => Promise.resolve({} as never));
  return { start, api: { start } as unknown as Api };
}

it("sends a new token with each start", async () => {
  const { start, api: plain } = api();
  let number = 0;
  const checked = withAppCheck(plain, KEYS, async (keys) => `${keys.app_id} ${++number}`);
  const onProgress = () => undefined;
  await checked.start(WANTED, { onProgress });
  await checked.start(WANTED);
  expect(start.mock.calls).toEqual([
    [WANTED, { onProgress, appCheck: "1:123:web:0a1b 1" }],
    [WANTED, { appCheck: "1:123:web:0a1b 2" }],
  ]);
});

it("starts nothing without a token, and says what helps", async () => {
  const { start, api: plain } = api();
  const checked = withAppCheck(plain, KEYS, () => Promise.reject(new Error("blocked")));
  const failed = await checked.start(WANTED).catch((error: unknown) => error);
  expect(explain(failed)).toMatchObject({ title: "We can't check your browser", remedy: "retry" });
  expect(explain(failed).text).toContain("reCAPTCHA");
  expect(start).not.toHaveBeenCalled();
});

it("does not wait for a token without end", async () => {
  vi.useFakeTimers();
  try {
    const checked = withAppCheck(api().api, KEYS, () => new Promise(() => undefined));
    const failed = checked.start(WANTED).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await failed).toMatchObject({ code: "app_check" });
  } finally {
    vi.useRealTimers();
  }
});
