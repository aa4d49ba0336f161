import { useCallback, useEffect, useState } from "react";
import type { Api, Credentials } from "../../api/client";
import { ApiError } from "../../api/error";
import { type Explanation, explain } from "../../api/explanation";
import type { EndAnswer, SummaryStep } from "../../api/types";
import { Backoff } from "../../retry/backoff";

/** How far the summary is, as the server says. */
export interface Progress {
  step: SummaryStep;
  /** Attempts to write it that have failed. */
  attempts: number;
  /** The error code of the last failed attempt. */
  code: string | null;
}

export type SummaryState =
  /**
   * The page asks until it is written. `progress`: the server's last word; `null`: it has not answered yet. `unreachable`:
   * the last request failed.
   */
  | { is: "pending"; progress: Progress | null; unreachable: boolean }
  | { is: "ready"; answer: EndAnswer }
  | { is: "failed"; problem: Explanation }
  | { is: "gone" };

/** Seconds between two requests, where the server asks for less or more. */
const LEAST_SECONDS = 1;
const MOST_SECONDS = 60;
/** Pauses after requests that failed, in milliseconds. */
const PAUSES = { first: 2_000, longest: 60_000 };
/** Answers of a server, or of what stands before it, that pass by themselves. */
const TRANSIENT = [408, 425, 429, 502, 503, 504];

const UNASKED: SummaryState = { is: "pending", progress: null, unreachable: false };

/**
 * Ends the interview and asks for the summary until it is there, for as long as the page is open. It asks at once when the
 * network is back or the page is shown again. `again` starts over.
 */
export function useSummary(api: Api, who: Credentials): { state: SummaryState; again: () => void } {
  const [state, setState] = useState<SummaryState>(UNASKED);
  const [round, setRound] = useState(0);
  const { session_id, session_token } = who;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round starts over
  useEffect(() => {
    const left = new AbortController();
    setState((before) => (before.is === "pending" ? before : UNASKED));
    void poll(api, { session_id, session_token }, left.signal, (next) => {
      if (!left.signal.aborted) setState(next);
    });
    return () => left.abort();
  }, [api, session_id, session_token, round]);

  return { state, again: useCallback(() => setRound((before) => before + 1), []) };
}

async function poll(
  api: Api,
  who: Credentials,
  signal: AbortSignal,
  tell: (state: SummaryState) => void,
): Promise<void> {
  const backoff = new Backoff(PAUSES);
  let progress: Progress | null = null;
  for (let failed = 0; !signal.aborted; ) {
    let milliseconds: number;
    try {
      const answer = await api.end(who, signal);
      if (answer.status === "completed") return tell({ is: "ready", answer });
      failed = 0;
      progress = { step: answer.step, attempts: answer.attempts, code: answer.code };
      tell({ is: "pending", progress, unreachable: false });
      milliseconds = 1000 * Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, answer.retry_after_seconds));
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return tell({ is: "gone" });
      if (!isTransient(error)) return tell({ is: "failed", problem: explain(error) });
      failed += 1;
      tell({ is: "pending", progress, unreachable: true });
      milliseconds = backoff.pause(failed);
    }
    await pause(milliseconds, signal);
  }
}

export function isTransient(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || TRANSIENT.includes(error.status));
}

/** Waits; not after the page was left, has its network back or is shown again. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      document.removeEventListener("visibilitychange", shown);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const shown = () => {
      if (document.visibilityState === "visible") end();
    };
    const timer = setTimeout(end, milliseconds);
    window.addEventListener("online", end);
    document.addEventListener("visibilitychange", shown);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
