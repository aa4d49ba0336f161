import { useCallback, useEffect, useState } from "react";
import type { Api, Credentials } from "../../api/client";
import { type Explanation, explain } from "../../api/explanation";
import type { InterviewRecord, Transcript } from "../../api/types";
import { Backoff } from "../../retry/backoff";
import { isTransient, pause } from "./useSummary";

interface Loaded {
  record: InterviewRecord | null;
  transcript: Transcript | null;
  failure: Explanation | null;
}

export interface Read extends Loaded {
  /** Loads again after a failure; it does so by itself after a pause, and when the network is back. */
  again: () => void;
}

const NOTHING: Loaded = { record: null, transcript: null, failure: null };
/** Pauses after requests that failed, in milliseconds. */
const PAUSES = { first: 2_000, longest: 60_000 };

/** Record and transcript. They are loaded again when `version` changes; the old ones are shown meanwhile. */
export function useRecord(api: Api, who: Credentials, version: string): Read {
  const [read, setRead] = useState<Loaded>(NOTHING);
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((before) => before + 1), []);
  const { session_id, session_token } = who;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version or round loads again
  useEffect(() => {
    const left = new AbortController();
    const { signal } = left;
    const me = { session_id, session_token };
    const show = (part: Partial<Loaded>) => {
      if (!signal.aborted) setRead((before) => ({ ...before, ...part }));
    };
    const fail = (error: unknown) => show({ failure: explain(error) });
    const parts = [
      load(
        () => api.record(me, signal),
        (record) => show({ record }),
        fail,
        signal,
      ),
      load(
        () => api.transcript(me, signal),
        (transcript) => show({ transcript }),
        fail,
        signal,
      ),
    ];
    void Promise.all(parts).then((loaded) => {
      if (loaded.every(Boolean)) show({ failure: null });
    });
    return () => left.abort();
  }, [api, session_id, session_token, version, round]);

  return { ...read, again };
}

/** Asks until there is an answer; a refusal that does not pass by itself ends it. Returns whether it was loaded. */
async function load<T>(
  ask: () => Promise<T>,
  show: (answer: T) => void,
  fail: (error: unknown) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const backoff = new Backoff(PAUSES);
  for (let failed = 1; !signal.aborted; failed++) {
    try {
      show(await ask());
      return true;
    } catch (error) {
      fail(error);
      if (!isTransient(error)) return false;
    }
    await pause(backoff.pause(failed), signal);
  }
  return false;
}
