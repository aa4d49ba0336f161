import { useCallback, useEffect, useState } from "react";
import type { Api, Credentials } from "../../api/client";
import { type Explanation, explain } from "../../api/explanation";
import type { InterviewRecord, Transcript } from "../../api/types";

interface Loaded {
  record: InterviewRecord | null;
  transcript: Transcript | null;
  failure: Explanation | null;
}

export interface Read extends Loaded {
  /** Loads again after a failure; it does so by itself when the network is back. */
  again: () => void;
}

const NOTHING: Loaded = { record: null, transcript: null, failure: null };

/** Record and transcript. They are loaded again when `version` changes; the old ones are shown meanwhile. */
export function useRecord(api: Api, who: Credentials, version: string): Read {
  const [read, setRead] = useState<Loaded>(NOTHING);
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((before) => before + 1), []);
  const { session_id, session_token } = who;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version or round loads again
  useEffect(() => {
    const left = new AbortController();
    const me = { session_id, session_token };
    Promise.all([api.record(me, left.signal), api.transcript(me, left.signal)]).then(
      ([record, transcript]) => {
        if (!left.signal.aborted) setRead({ record, transcript, failure: null });
      },
      (error: unknown) => {
        if (!left.signal.aborted) setRead((before) => ({ ...before, failure: explain(error) }));
      },
    );
    return () => left.abort();
  }, [api, session_id, session_token, version, round]);

  const failed = read.failure !== null;
  useEffect(() => {
    if (!failed) return;
    window.addEventListener("online", again);
    return () => window.removeEventListener("online", again);
  }, [failed, again]);

  return { ...read, again };
}
