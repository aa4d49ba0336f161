import { useCallback, useEffect, useRef, useState } from "react";
import { type Explanation, explain } from "../../api/explanation";
import type { Session } from "../../session/session";

export type BeginState =
  | { is: "idle" }
  /** `sent`: how much of the request has been sent, from 0 to 1. */
  | { is: "sending"; sent: number }
  | { is: "failed"; problem: Explanation };

/** Creates the session, or returns the existing one. */
export type Prepare = (onProgress: (sent: number) => void, signal: AbortSignal) => Promise<Session>;

export interface Begin {
  state: BeginState;
  begin: () => Promise<void>;
}

/** Starts the interview, once at a time. Leaving the page cancels it. */
export function useBegin(
  prepare: Prepare,
  onPrepared: (session: Session) => Promise<void>,
  onRefused: (problem: Explanation) => void,
): Begin {
  const [state, setState] = useState<BeginState>({ is: "idle" });
  const call = useRef<AbortController | null>(null);
  // When only the devices fail, another attempt uses this session instead of creating a second one.
  const prepared = useRef<Session | null>(null);

  useEffect(
    () => () => {
      call.current?.abort();
      call.current = null;
    },
    [],
  );

  const begin = useCallback(async () => {
    if (call.current) return;
    const controller = new AbortController();
    call.current = controller;
    setState({ is: "sending", sent: 0 });
    try {
      prepared.current ??= await prepare((sent) => setState({ is: "sending", sent }), controller.signal);
      if (!controller.signal.aborted) await onPrepared(prepared.current);
      // Still on this page: the candidate has something to review first.
      if (!controller.signal.aborted) setState({ is: "idle" });
    } catch (error) {
      if (controller.signal.aborted) return;
      const problem = explain(error);
      setState({ is: "failed", problem });
      if (problem.remedy !== "retry") onRefused(problem);
    } finally {
      if (call.current === controller) call.current = null;
    }
  }, [prepare, onPrepared, onRefused]);

  return { state, begin };
}
