import type { Competency } from "../../api/types";
import styles from "./Range.module.css";

/** The scores of two passes; `null`: not enough evidence. */
export type Scores = Pick<Competency, "low" | "high" | "uncertain">;

const STEPS = [1, 2, 3, 4, 5];

/** A range of scores as a scale of five steps; the filled ones are in the range. Readable without colour. */
export function Range({ scores }: { scores: Scores }) {
  const { low, high, uncertain } = scores;
  const look = low === null || high === null ? "none" : uncertain ? "uncertain" : "known";
  const within = (step: number) => low !== null && high !== null && low <= step && step <= high;
  return (
    <div className={styles.range} data-look={look} role="img" aria-label={rangeText(scores)}>
      {STEPS.map((step) => (
        <span key={step} className={styles.step} data-in={within(step) || undefined}>
          {step}
        </span>
      ))}
    </div>
  );
}

/** The same as text: `3 to 4 of 5`. */
export function rangeText({ low, high, uncertain }: Scores): string {
  if (low === null || high === null) return "Not enough evidence";
  const range = low === high ? `${low} of 5` : `${low} to ${high} of 5`;
  return uncertain ? `${range}, uncertain` : range;
}
