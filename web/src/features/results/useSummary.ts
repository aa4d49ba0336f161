import { useCallback, useEffect, useState } from "react";
import type { Api, Credentials } from "../../api/client";
import { ApiError } from "../../api/error";
import { type Explanation, explain } from "../../api/explanation";
import type { EndAnswer } from "../../api/types";

export type SummaryState =
  /** A request is under way. `ended`: the server says that the interview is over and its transcript final. */
  | { is: "writing"; ended: boolean }
  | { is: "ready"; answer: EndAnswer }
  /** The interview is over, but there is no summary yet. Asking again may help. */
  | { is: "late" }
  | { is: "failed"; problem: Explanation }
  | { is: "gone" };

/** The number of requests before the candidate has to click. */
const ASKS = 6;
/** The longest pause that is waited for, in seconds: a longer one means that the operator has to act. */
const LONGEST_PAUSE = 60;

/** Ends the interview and asks for the summary, again while the server says that it is being written. */
export function useSummary(api: Api, who: Credentials): { state: SummaryState; again: () => void } {
  const [state, setState] = useState<SummaryState>({ is: "writing", ended: false });
  const [round, setRound] = useState(0);
  const { session_id, session_token } = who;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a click starts a new round
  useEffect(() => {
    const left = new AbortController();
    setState((before) => ({ is: "writing", ended: before.is === "late" }));
    askUntilReady(api, { session_id, session_token }, left.signal, () =>
      setState({ is: "writing", ended: true }),
    )
      .catch(failed)
      .then((next) => {
        if (!left.signal.aborted) setState(next);
      });
    return () => left.abort();
  }, [api, session_id, session_token, round]);

  return { state, again: useCallback(() => setRound((before) => before + 1), []) };
}

async function askUntilReady(
  api: Api,
  who: Credentials,
  signal: AbortSignal,
  onPending: () => void,
): Promise<SummaryState> {
  for (let ask = 1; ; ask += 1) {
    const answer = await api.end(who, signal);
    if (answer.status === "completed") return { is: "ready", answer };
    if (ask === ASKS || answer.retry_after_seconds > LONGEST_PAUSE) return { is: "late" };
    onPending();
    await pause(answer.retry_after_seconds * 1000, signal);
  }
}

function failed(error: unknown): SummaryState {
  if (error instanceof ApiError && error.status === 404) return { is: "gone" };
  return { is: "failed", problem: explain(error) };
}

/** Waits; rejects when the page is left meanwhile. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
