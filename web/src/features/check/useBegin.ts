import { useCallback, useEffect, useRef, useState } from "react";
import { type Words, words } from "../../api/words";
import type { Session } from "../../session/session";

export type BeginState =
  | { is: "resting" }
  /** `sent` from 0 to 1: how much of the request has left. */
  | { is: "sending"; sent: number }
  | { is: "failed"; words: Words };

/** Makes the session, or finds the one that is there. */
export type Prepare = (onProgress: (sent: number) => void, signal: AbortSignal) => Promise<Session>;

export interface Begin {
  state: BeginState;
  begin: () => Promise<void>;
}

/** One beginning at a time. Leaving the page calls it off. */
export function useBegin(
  prepare: Prepare,
  onPrepared: (session: Session) => Promise<void>,
  onRefused: (words: Words) => void,
): Begin {
  const [state, setState] = useState<BeginState>({ is: "resting" });
  const call = useRef<AbortController | null>(null);
  // Should only the way in fail, another try finds this session again instead of making a second one.
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
      // Still here: there is something to be looked at first.
      if (!controller.signal.aborted) setState({ is: "resting" });
    } catch (error) {
      if (controller.signal.aborted) return;
      const said = words(error);
      setState({ is: "failed", words: said });
      if (said.way !== "retry") onRefused(said);
    } finally {
      if (call.current === controller) call.current = null;
    }
  }, [prepare, onPrepared, onRefused]);

  return { state, begin };
}
