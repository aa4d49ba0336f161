import { useCallback, useEffect, useState } from "react";
import type { Api, Credentials } from "../../api/client";
import { ApiError } from "../../api/error";
import type { EndAnswer } from "../../api/types";
import { type Words, words } from "../../api/words";

export type SummaryState =
  /** A call is under way. `ended`: the server said that the interview is over and its transcript final. */
  | { is: "writing"; ended: boolean }
  | { is: "ready"; answer: EndAnswer }
  /** Over, but there is no summary for now; asking again may help. */
  | { is: "late" }
  | { is: "failed"; words: Words }
  | { is: "gone" };

/** How often a summary is asked for before the person has to. */
const ASKS = 6;
/** A longer pause than this (seconds) is not waited for: somebody has to mend something first. */
const LONGEST_PAUSE = 60;

/** Ends the interview into its summary, and asks again while the server says that it is being written. */
export function useSummary(api: Api, who: Credentials): { state: SummaryState; again: () => void } {
  const [state, setState] = useState<SummaryState>({ is: "writing", ended: false });
  const [round, setRound] = useState(0);
  const { session_id, session_token } = who;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is asked for by hand
  useEffect(() => {
    const left = new AbortController();
    setState((before) => ({ is: "writing", ended: before.is === "late" }));
    askUntilThere(api, { session_id, session_token }, left.signal, () =>
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

async function askUntilThere(
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
  return { is: "failed", words: words(error) };
}

/** Waits, and throws when the page is left meanwhile. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
