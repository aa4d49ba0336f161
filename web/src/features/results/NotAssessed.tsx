import type { Summary, NotAssessed as Why } from "../../api/types";
import { Card } from "../../ui/Card";
import styles from "./Verdict.module.css";

interface Reason {
  title: string;
  /** Where the summary itself says nothing. */
  text: string;
  next: string;
}

const REASONS: Record<Why, Reason> = {
  no_answer: {
    title: "Not enough to assess",
    text: "You gave no answer.",
    next: "We don't guess. Start another interview and answer a few questions to get an assessment.",
  },
  too_little: {
    title: "Not enough to assess",
    text: "You gave too few answers for an assessment.",
    next: "We don't guess. Start another interview and answer a few questions to get an assessment.",
  },
  declined: {
    title: "We could not assess this interview",
    text: "The AI service declined to judge this conversation every time we asked.",
    next: "That says nothing about your answers. Your transcript is saved below.",
  },
  rules: {
    title: "How it went",
    text: "",
    next: "Fixed rules wrote this. They describe your answers, but they can't tell whether an answer is right. That is why there is no verdict.",
  },
};

/** Why there is no verdict, and what was missing for one. */
export function NotAssessed({ summary }: { summary: Summary }) {
  const { title, text, next } = REASONS[summary.not_assessed ?? "too_little"];
  const { performance_summary, recommendation, missing } = summary;
  return (
    <Card tone="yellow" className={styles.card} aria-labelledby="summary">
      <h2 id="summary" tabIndex={-1}>
        {title}
      </h2>
      <p className={styles.text}>{performance_summary || text}</p>
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
      {summary.not_assessed === "rules" && recommendation && <p className={styles.text}>{recommendation}</p>}
      <p>{next}</p>
    </Card>
  );
}
