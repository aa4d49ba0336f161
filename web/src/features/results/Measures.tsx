import type { Facts } from "../../api/types";
import { Card } from "../../ui/Card";
import { classes } from "../../ui/classes";
import { duration } from "../../ui/time";
import { AnswerChart } from "./AnswerChart";
import styles from "./Measures.module.css";

/**
 * Answers, pauses and words, and of spoken answers talk time, pace and fillers. None of it counts in a score. Without an
 * answer there is nothing to measure.
 */
export function Measures({ facts }: { facts: Facts }) {
  if (facts.answers.length === 0) return null;
  const spoken = facts.answers.some(({ source }) => source === "speech");
  return (
    <Card className={styles.card} aria-labelledby="measures">
      <div>
        <h2 id="measures">The interview in numbers</h2>
        <p>These are plain facts. None of them counts in a score.</p>
      </div>
      {spoken && <TalkTime {...facts} />}
      {facts.answers.length > 1 && <AnswerChart answers={facts.answers} />}
      <dl className={styles.facts}>
        {(spoken ? [...written(facts), ...voiced(facts)] : written(facts)).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function TalkTime({ candidate_seconds: you, interviewer_seconds: other }: Facts) {
  const total = you + other;
  if (total === 0) return null;
  const share = (seconds: number) => Math.round((100 * seconds) / total);
  const yours = `You ${share(you)}%, ${duration(you)}`;
  const theirs = `Interviewer ${100 - share(you)}%, ${duration(other)}`;
  return (
    <div className={styles.part}>
      <h3>Talk time</h3>
      <div className={styles.talk} role="img" aria-label={`Talk time: ${yours}; ${theirs}.`}>
        <span className={styles.you} style={{ flexGrow: you, flexBasis: 0 }} />
        <span className={styles.other} style={{ flexGrow: other, flexBasis: 0 }} />
      </div>
      <ul className={styles.key} aria-hidden="true">
        <li>
          <span className={classes(styles.swatch, styles.you)} /> {yours}
        </li>
        <li>
          <span className={classes(styles.swatch, styles.other)} /> {theirs}
        </li>
      </ul>
    </div>
  );
}

function written({ words, answers }: Facts): [string, string][] {
  return [
    ["Answers", String(answers.length)],
    ["Words you used", words.toLocaleString("en-US")],
  ];
}

function voiced({ words_per_minute, fillers }: Facts): [string, string][] {
  const said = fillers.map(({ word, count }) => `“${word}” ${count}×`).join(", ");
  return [
    ["Pace", words_per_minute === null ? "too little speech" : `${words_per_minute} words a minute`],
    ["Filler words", said || "none counted"],
  ];
}
