import { useEffect, useState } from "react";
import type { Api, Credentials } from "../api/client";
import { ApiError } from "../api/error";

/** What the server says of an interview that this browser doesn't know to be over. */
export type Standing =
  | { is: "asking" }
  /** `remaining`: seconds that its clock had at `at` (milliseconds of the page's clock); `null`: it has not begun. */
  | { is: "open"; remaining: number | null; at: number }
  | { is: "over" }
  /** The server can't be reached: nobody knows. */
  | { is: "unknown" };

/** Asks the server whether an interview is over. It ends nothing. `who` of `null`: there is nothing to ask. */
export function useStanding(api: Api, who: Credentials | null): Standing {
  const [standing, setStanding] = useState<Standing>({ is: "asking" });
  const { session_id = null, session_token = null } = who ?? {};

  useEffect(() => {
    if (session_id === null || session_token === null) return;
    const left = new AbortController();
    api.record({ session_id, session_token }, left.signal).then(
      ({ status, remaining_seconds: remaining }) => {
        const open = status === "ready" || status === "live";
        setStanding(open ? { is: "open", remaining, at: performance.now() } : { is: "over" });
      },
      (error: unknown) => {
        if (left.signal.aborted) return;
        // The results say that it is gone.
        setStanding({ is: error instanceof ApiError && error.status === 404 ? "over" : "unknown" });
      },
    );
    return () => left.abort();
  }, [api, session_id, session_token]);

  return standing;
}
