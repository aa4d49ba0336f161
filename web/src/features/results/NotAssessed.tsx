import type { Summary, NotAssessed as Why } from "../../api/types";
import { Card } from "../../ui/Card";
import styles from "./Verdict.module.css";

interface Reason {
  title: string;
  /** None: the summary's own words. */
  text?: string;
  /** What can be done about it; none: nothing has to be done. */
  next?: (byRules: boolean) => string;
}

/** Fixed rules describe answers and assess none, so no assessment is promised. */
const more = (byRules: boolean) =>
  byRules
    ? "Start another interview and answer a few questions to see how your answers are built."
    : "We don't guess. Start another interview and answer a few questions to get an assessment.";

const REASONS: Record<Why, Reason> = {
  no_answer: {
    title: "Not enough to assess",
    text: "You gave no answer.",
    next: more,
  },
  too_little: {
    title: "Not enough to assess",
    text: "You said too little in this interview.",
    next: more,
  },
  declined: {
    title: "We could not assess this interview",
    text: "The AI service declined to judge this conversation every time we asked.",
    next: () => "That says nothing about your answers. Your transcript is saved below.",
  },
  rules: { title: "How it went" },
};

interface NotAssessedProps {
  summary: Summary;
  /** Fixed rules write the summaries, and assess nothing. */
  byRules: boolean;
}

/** Why there is no verdict, and what was missing for one. */
export function NotAssessed({ summary, byRules }: NotAssessedProps) {
  const { title, text, next } = REASONS[summary.not_assessed ?? "too_little"];
  const { performance_summary, missing } = summary;
  return (
    <Card tone="yellow" className={styles.card} aria-labelledby="summary">
      <h2 id="summary" tabIndex={-1}>
        {title}
      </h2>
      {/* What was missing is in the summary's own words too: here it is a list. */}
      <p className={styles.text}>
        {(missing.length === 0 && performance_summary) || text || performance_summary}
      </p>
      {missing.length > 0 && (
        <>
          <h3>What was missing</h3>
          <ul className={styles.missing}>
            {missing.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </>
      )}
      {next && <p>{next(byRules)}</p>}
    </Card>
  );
}
