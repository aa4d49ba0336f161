import { useCallback, useEffect, useRef, useState } from "react";
import { type Explanation, explain } from "../../api/explanation";
import type { Cv } from "../../api/types";

/** Has the server read a CV, without keeping it. */
export type ReadCv = (
  file: File,
  options: { onProgress: (sent: number) => void; signal: AbortSignal },
) => Promise<Cv>;

/** What is known of the chosen CV. */
export type CvReading =
  | { is: "none" }
  /** `sent`: how much of the file has been sent, from 0 to 1. */
  | { is: "reading"; sent: number }
  | { is: "read"; cv: Cv }
  /** It is not the file's fault; the file stays chosen. */
  | { is: "failed"; problem: Explanation };

export interface CvReadingControl {
  reading: CvReading;
  /** Tries again after a failure. */
  again: () => void;
}

/** What comes out of a reading. */
interface Outcome {
  onRead: (file: File, cv: Cv) => void;
  /** The file can't be a CV, in the server's words. */
  onRefused: (file: File, why: string) => void;
}

/**
 * Has a CV read as soon as it is chosen. `known` is what was read of it before. Another file, or leaving the page, cancels
 * the reading.
 */
export function useCvReading(
  read: ReadCv,
  file: File | null,
  known: Cv | null,
  outcome: Outcome,
): CvReadingControl {
  const [state, setState] = useState<{ file: File; reading: CvReading } | null>(null);
  const [attempt, setAttempt] = useState(0);
  const latest = useRef(outcome);
  latest.current = outcome;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is another reading.
  useEffect(() => {
    if (!file || known) return;
    const call = new AbortController();
    const show = (reading: CvReading) => {
      if (!call.signal.aborted) setState({ file, reading });
    };
    show({ is: "reading", sent: 0 });
    read(file, { onProgress: (sent) => show({ is: "reading", sent }), signal: call.signal }).then(
      (cv) => {
        if (!call.signal.aborted) latest.current.onRead(file, cv);
      },
      (error: unknown) => {
        if (call.signal.aborted) return;
        const problem = explain(error);
        if (problem.remedy === "cv") latest.current.onRefused(file, problem.text);
        else show({ is: "failed", problem });
      },
    );
    return () => call.abort();
  }, [read, file, known, attempt]);

  const again = useCallback(() => setAttempt((before) => before + 1), []);
  return { reading: readingOf(file, known, state), again };
}

function readingOf(
  file: File | null,
  known: Cv | null,
  state: { file: File; reading: CvReading } | null,
): CvReading {
  if (!file) return { is: "none" };
  if (known) return { is: "read", cv: known };
  return state?.file === file ? state.reading : { is: "reading", sent: 0 };
}
