import { useEffect, useState } from "react";
import type { Api } from "../../api/client";
import { ApiError } from "../../api/error";
import type { InterviewRecord } from "../../api/types";
import type { Session } from "../../session/session";

export type Earlier =
  /** The interview is no retake, or the earlier one is being loaded. */
  | { is: "none" }
  | { is: "found"; record: InterviewRecord }
  /** Deleted or expired, or held in another browser. */
  | { is: "gone" }
  | { is: "failed" };

/** The record of the interview that this one retakes, by the token that this browser has of it. */
export function useEarlier(
  api: Api,
  findSession: (sessionId: string) => Session | null,
  retakeOf: string | null,
): Earlier {
  const [earlier, setEarlier] = useState<Earlier>({ is: "none" });

  useEffect(() => {
    if (!retakeOf) return;
    const session = findSession(retakeOf);
    if (!session) return setEarlier({ is: "gone" });
    const left = new AbortController();
    const tell = (next: Earlier) => {
      if (!left.signal.aborted) setEarlier(next);
    };
    api.record(session, left.signal).then(
      (record) => tell({ is: "found", record }),
      (error: unknown) => tell({ is: error instanceof ApiError && error.status === 404 ? "gone" : "failed" }),
    );
    return () => left.abort();
  }, [api, findSession, retakeOf]);

  return earlier;
}
