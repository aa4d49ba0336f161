import type { Api, Credentials } from "../../api/client";
import type { Level, Summary } from "../../api/types";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { Comparison } from "./Comparison";
import { Competencies } from "./Competencies";
import { Findings } from "./Findings";
import { Made } from "./Made";
import { Measures } from "./Measures";
import { NextSteps } from "./NextSteps";
import { NotAssessed } from "./NotAssessed";
import { Questions } from "./Questions";
import styles from "./SummaryPart.module.css";
import type { Earlier } from "./useEarlier";
import type { SummaryState } from "./useSummary";
import { Verdict } from "./Verdict";
import { Waiting } from "./Waiting";

interface SummaryPartProps extends Omit<AssessmentProps, "summary"> {
  state: SummaryState;
  onAgain: () => void;
}

/** The assessment, or why there is none yet. */
export function SummaryPart({ state, onAgain, ...rest }: SummaryPartProps) {
  switch (state.is) {
    case "ready":
      return <Assessment summary={state.answer.summary} {...rest} />;
    case "pending":
      return <Waiting progress={state.progress} unreachable={state.unreachable} onNow={onAgain} />;
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

interface AssessmentProps {
  api: Api;
  who: Credentials;
  summary: Summary;
  level: Level;
  /** The practice interviewer of this machine wrote it, also if the record names another model. */
  byRules: boolean;
  earlier: Earlier;
  onRetake: () => void;
}

/** Verdict and reasons first; facts and how it was made last. */
function Assessment({ api, who, summary, level, byRules, earlier, onRetake }: AssessmentProps) {
  const { strengths, improvements, assessed } = summary;
  return (
    <>
      {assessed ? (
        <Verdict summary={summary} level={level} />
      ) : (
        <NotAssessed summary={summary} byRules={byRules} />
      )}
      {(assessed || strengths.length + improvements.length > 0) && (
        <div className={styles.findings}>
          <Findings tone="lime" title="Strengths" findings={strengths} none="Your answers don't show any." />
          <Findings tone="orange" title="To improve" findings={improvements} none="Nothing stood out." />
        </div>
      )}
      <Comparison earlier={earlier} summary={summary} />
      <Competencies
        competencies={summary.competencies}
        level={level}
        shown={new Set([...strengths, ...improvements].map(({ point }) => point))}
      />
      <NextSteps steps={summary.next_steps} compared={!byRules} onRetake={onRetake} />
      <Questions api={api} who={who} questions={summary.questions} sketches={!byRules} />
      {summary.facts && <Measures facts={summary.facts} />}
      <Made summary={summary} byRules={byRules} />
    </>
  );
}
