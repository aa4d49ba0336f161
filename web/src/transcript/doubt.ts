import type { Doubt } from "../contract/terms.gen";
import { duration } from "../ui/time";

/** Why the words of a turn may be wrong, for the reader. */
const REASONS: Record<Exclude<Doubt, "untranscribed">, string> = {
  echo: "may be the interviewer's own voice",
  language: "not in the interview's language",
  repeated: "heard twice, kept once",
  unclear: "may be wrong",
};

/** The reasons to show beside a turn's words. A turn without words shows `notUnderstood` in their place. */
export function reasons(doubts: readonly Doubt[]): string[] {
  return doubts.flatMap((doubt) => (doubt === "untranscribed" ? [] : [REASONS[doubt]]));
}

/** What stands for the words of a turn that was heard and not transcribed. `seconds`: how long it was, where known. */
export function notUnderstood(seconds?: number): string {
  const known = seconds !== undefined && Number.isFinite(seconds) && seconds > 0;
  return known ? `[not understood, ${duration(Math.max(1, seconds))}]` : "[not understood]";
}
