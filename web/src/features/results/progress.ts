import type { ErrorCode } from "../../contract/errors.gen";
import type { Progress } from "./useSummary";

/** What failed at the last attempt, by error code. */
const FAILURES: Partial<Record<ErrorCode, string>> = {
  model_blocked: "The AI service declined to judge this conversation. The next attempt often succeeds.",
  model_silent: "The AI service took too long to answer.",
  model_busy: "The AI service is very busy.",
  model_unavailable: "The AI service isn't available right now.",
  model_quota: "The AI service has reached its limit for now.",
  model_key: "The AI service rejects our requests. The operator of this site has to fix that.",
  model_refused: "The AI service rejects our requests. The operator of this site has to fix that.",
  model_name: "The AI service rejects our requests. The operator of this site has to fix that.",
  model_setup: "The AI service rejects our requests. The operator of this site has to fix that.",
};

/** A heading for how far the summary is. */
export function progressTitle(progress: Progress | null): string {
  switch (progress?.step) {
    case "waiting":
      return "Your summary is next in line";
    case "retrying":
      return "Trying again to write your summary";
    default:
      return "Writing your summary";
  }
}

/** What has happened so far, in sentences. */
export function progressText(progress: Progress | null): string {
  if (!progress) return "We're checking how far it is.";
  const { step, attempts, code } = progress;
  if (attempts === 0) {
    return step === "waiting"
      ? "Your transcript is saved. Writing starts in a moment."
      : "Your transcript is saved. We are reading your answers and checking every quote.";
  }
  const reason = FAILURES[code as ErrorCode] ?? "The last attempt failed.";
  const count = attempts === 1 ? "1 attempt has failed so far." : `${attempts} attempts have failed so far.`;
  return `Your transcript is saved. ${reason} ${count} We'll keep trying for a day.`;
}
