import type { Summary, TranscriptTurn, Verdict } from "../../api/types";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Notice } from "../../ui/Notice";
import { Findings } from "./Findings";
import styles from "./SummaryPart.module.css";
import type { SummaryState } from "./useSummary";

interface SummaryPartProps {
  state: SummaryState;
  turns: TranscriptTurn[];
  /** The practice interviewer of this machine wrote it, also if the record names another model. */
  byRules: boolean;
  onAgain: () => void;
}

/** The summary, or why there is none yet. */
export function SummaryPart({ state, turns, byRules, onAgain }: SummaryPartProps) {
  switch (state.is) {
    case "ready":
      return <Judgement summary={state.answer.summary} turns={turns} byRules={byRules} />;
    case "writing":
      return (
        <Card tone="yellow" className={styles.writing} role="status">
          <h2>{state.ended ? "Still writing your summary" : "Writing your summary"}</h2>
          <p>
            {state.ended
              ? "This takes longer than usual. Your transcript is saved."
              : "We are reading your answers. This takes up to a minute. You can stay on this page."}
          </p>
          <span className={styles.dots} aria-hidden="true">
            <span />
            <span />
            <span />
          </span>
        </Card>
      );
    case "late":
      return (
        <Notice tone="warning" title="No summary yet" actions={<Button onClick={onAgain}>Try again</Button>}>
          <p>We can't write it right now. Your transcript is saved, and you can try again at any time.</p>
        </Notice>
      );
    case "failed":
      return (
        <Notice
          tone="error"
          title={state.problem.title}
          actions={<Button onClick={onAgain}>Try again</Button>}
        >
          <p>{state.problem.text}</p>
        </Notice>
      );
    case "gone":
      return null;
  }
}

const STAMP: Record<Verdict, { label: string; tone: string }> = {
  strong_yes: { label: "Strong yes", tone: "lime" },
  yes: { label: "Yes", tone: "lime" },
  mixed: { label: "Mixed", tone: "yellow" },
  no: { label: "Not yet", tone: "orange" },
  insufficient_evidence: { label: "Not enough to tell", tone: "white" },
};

interface JudgementProps extends Pick<SummaryPartProps, "turns" | "byRules"> {
  summary: Summary;
}

function Judgement({ summary, turns, byRules }: JudgementProps) {
  if (!summary.assessed) {
    return (
      <Card tone="yellow" className={styles.card} aria-labelledby="summary">
        <h2 id="summary">Not enough to assess</h2>
        <p className={styles.text}>
          {summary.performance_summary || "You gave too few answers for an assessment."}
        </p>
        <p>We don't guess. Start another interview and answer a few questions to get an assessment.</p>
      </Card>
    );
  }
  const stamp = summary.verdict && STAMP[summary.verdict];
  return (
    <>
      <Card className={styles.card} aria-labelledby="summary">
        <h2 id="summary">How it went</h2>
        <p className={styles.text}>{summary.performance_summary}</p>
      </Card>
      <div className={styles.findings}>
        <Findings
          tone="lime"
          title="Strengths"
          findings={summary.strengths}
          turns={turns}
          none="None that your answers show."
        />
        <Findings
          tone="orange"
          title="To improve"
          findings={summary.improvements}
          turns={turns}
          none="Nothing stood out."
        />
      </div>
      <Card tone="yellow" className={styles.card} aria-labelledby="recommendation">
        <h2 id="recommendation">Recommendation</h2>
        {stamp && (
          <p className={styles.stamp} data-tone={stamp.tone}>
            {stamp.label}
          </p>
        )}
        <p className={styles.text}>{summary.recommendation}</p>
      </Card>
      <p className={styles.source}>{sourceText(summary, byRules)}</p>
    </>
  );
}

function sourceText({ written_by, quotes_checked, quotes_dropped }: Summary, byRules: boolean): string {
  const author = byRules || written_by === "rules" ? "fixed rules, not by a language model" : written_by;
  const sentences = author ? [`Written by ${author}.`] : [];
  if (quotes_checked > 0) {
    const were = quotes_dropped === 1 ? "was" : "were";
    const dropped =
      quotes_dropped > 0 ? `, and ${quotes_dropped} that could not be found ${were} dropped` : "";
    sentences.push(`Every quote was looked up in your transcript${dropped}.`);
  }
  return sentences.join(" ");
}
