import type { Finding, TranscriptTurn } from "../../api/types";
import { Card, type Tone } from "../../ui/Card";
import styles from "./Findings.module.css";
import { turnId } from "./turn";

interface FindingsProps {
  title: string;
  tone: Tone;
  findings: Finding[];
  turns: TranscriptTurn[];
  /** Shown when there are no findings. */
  none: string;
}

/** Points with their quotes; each quote links to its turn in the transcript. */
export function Findings({ title, tone, findings, turns, none }: FindingsProps) {
  const id = `findings-${title.replaceAll(" ", "-").toLowerCase()}`;
  const known = new Set(turns.map(({ turn }) => turn));
  return (
    <Card tone={tone} className={styles.card} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {findings.length === 0 && <p>{none}</p>}
      <ul className={styles.list}>
        {findings.map(({ point, evidence }) => (
          <li key={point} className={styles.finding}>
            <p className={styles.point}>{point}</p>
            {evidence.map(({ turn, quote }) => (
              <blockquote key={`${turn} ${quote}`} className={styles.quote}>
                <p>“{quote}”</p>
                {known.has(turn) && (
                  <a href={`#${turnId(turn)}`} aria-label={`Show in the transcript: ${quote}`}>
                    Show in the transcript
                  </a>
                )}
              </blockquote>
            ))}
          </li>
        ))}
      </ul>
    </Card>
  );
}
