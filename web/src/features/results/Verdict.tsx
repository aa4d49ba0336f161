import type { Level, Summary, Verdict as Word } from "../../api/types";
import { Card } from "../../ui/Card";
import styles from "./Verdict.module.css";

const STAMP: Record<Word, { label: string; tone: string }> = {
  strong_yes: { label: "Strong yes", tone: "lime" },
  yes: { label: "Yes", tone: "lime" },
  mixed: { label: "Mixed", tone: "yellow" },
  no: { label: "Not yet", tone: "orange" },
  insufficient_evidence: { label: "Not enough to tell", tone: "white" },
};

/** The verdict, and why. */
export function Verdict({ summary, level }: { summary: Summary; level: Level }) {
  const stamp = summary.verdict && STAMP[summary.verdict];
  return (
    <Card className={styles.card} aria-labelledby="summary">
      <h2 id="summary" tabIndex={-1}>
        How it went
      </h2>
      {stamp && (
        <div className={styles.line}>
          <p>Are you ready for a job at {level} level?</p>
          <p className={styles.stamp} data-tone={stamp.tone}>
            {stamp.label}
          </p>
          {!summary.calibrated && <a href="#made">Not calibrated</a>}
        </div>
      )}
      <p className={styles.text}>{summary.performance_summary}</p>
      {summary.recommendation && (
        <>
          <h3>Recommendation</h3>
          <p className={styles.text}>{summary.recommendation}</p>
        </>
      )}
    </Card>
  );
}
