import { useCallback, useRef, useState } from "react";
import { ApiError } from "../../api/error";
import type { Cv } from "../../api/types";
import type { Session } from "../../session/session";

/** Sends a corrected text of a session's CV; returns the new CV. */
export type SendCvText = (session: Session, text: string) => Promise<Cv>;

/** The review of a CV's text: what the candidate has not seen is shown once before the interview, and sent if the candidate changed it. */
export interface CvReviewControl {
  /** `null`: nothing to review yet. */
  cv: Cv | null;
  text: string;
  error: string | undefined;
  change: (text: string) => void;
  /** True when the interview may begin: the text was shown, and the server has every change. */
  pass: (session: Session) => Promise<boolean>;
}

export function useCvReview(
  send: SendCvText | undefined,
  seen: (text: string) => boolean = () => false,
): CvReviewControl {
  const [cv, setCv] = useState<Cv | null>(null);
  const [text, setText] = useState("");
  const [error, setError] = useState<string>();
  const kept = useRef<string | null>(null);
  const written = useRef("");

  const change = useCallback((next: string) => {
    written.current = next;
    setText(next);
    setError(undefined);
  }, []);

  const pass = useCallback(
    async (session: Session) => {
      const read = session.cv?.text;
      if (!send || !session.cv || read === undefined) return true;
      if (kept.current === null) {
        if (seen(read)) return true;
        kept.current = read;
        change(read);
        setCv(session.cv);
        return false;
      }
      if (written.current === kept.current) return true;
      try {
        const corrected = await send(session, written.current);
        kept.current = written.current;
        setCv(corrected);
        return true;
      } catch (failure) {
        if (!(failure instanceof ApiError) || (failure.status !== 422 && failure.status !== 413))
          throw failure;
        setError(failure.detail);
        return false;
      }
    },
    [send, seen, change],
  );

  return { cv, text, error, change, pass };
}
