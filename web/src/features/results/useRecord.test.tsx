import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Api } from "../../api/client";
import { ApiError } from "../../api/error";
import { RECORD, TRANSCRIPT } from "../../testing/samples";
import { useRecord } from "./useRecord";

const WHO = { session_id: "s-1", session_token: "t" };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets requests come back and pauses pass. */
const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

function failing(error: ApiError) {
  const record = vi.fn().mockResolvedValue(RECORD);
  const transcript = vi.fn().mockRejectedValueOnce(error).mockResolvedValue(TRANSCRIPT);
  const api = { record, transcript } as unknown as Api;
  const { result } = renderHook(() => useRecord(api, WHO, "1"));
  return { result, record, transcript };
}

it("asks again for what is missing alone, after a pause", async () => {
  const { result, record, transcript } = failing(new ApiError("offline", "", "", 0));
  await pass(0);
  expect(result.current.record).toEqual(RECORD);
  expect(result.current.failure).not.toBeNull();
  await pass(3000);
  expect(result.current.transcript).toEqual(TRANSCRIPT);
  expect(result.current.failure).toBeNull();
  expect(record).toHaveBeenCalledTimes(1);
  expect(transcript).toHaveBeenCalledTimes(2);
});

it("does not ask again after a refusal", async () => {
  const { result, transcript } = failing(new ApiError("not_found", "", "", 404));
  await pass(120_000);
  expect(result.current.failure).not.toBeNull();
  expect(transcript).toHaveBeenCalledTimes(1);
});
