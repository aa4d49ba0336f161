import type { Finding } from "../../api/types";
import { Card, type Tone } from "../../ui/Card";
import styles from "./Findings.module.css";
import { Quote } from "./Quote";

interface FindingsProps {
  title: string;
  tone: Tone;
  findings: Finding[];
  /** Shown when there are no findings. */
  none: string;
}

/** Points with their quotes; each quote links to its turn in the transcript. */
export function Findings({ title, tone, findings, none }: FindingsProps) {
  const id = `findings-${title.replaceAll(" ", "-").toLowerCase()}`;
  return (
    <Card tone={tone} className={styles.card} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {findings.length === 0 && <p>{none}</p>}
      <ul className={styles.list}>
        {findings.map(({ point, evidence }) => (
          <li key={point} className={styles.finding}>
            <p className={styles.point}>{point}</p>
            {evidence.map(({ turn, quote }) => (
              <Quote key={`${turn} ${quote}`} turn={turn} quote={quote} />
            ))}
          </li>
        ))}
      </ul>
    </Card>
  );
}
