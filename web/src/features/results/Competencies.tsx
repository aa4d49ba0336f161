import type { Competency, Level } from "../../api/types";
import { Card } from "../../ui/Card";
import styles from "./Competencies.module.css";
import { MomentLink } from "./MomentLink";
import { Quote } from "./Quote";
import { Range, rangeText } from "./Range";

interface CompetenciesProps {
  competencies: Competency[];
  level: Level;
  /** Points whose quotes are shown above; they are linked only. */
  shown: ReadonlySet<string>;
}

/** Each competency with its range, what the level expects, and what the range rests on. */
export function Competencies({ competencies, level, shown }: CompetenciesProps) {
  if (competencies.length === 0) return null;
  return (
    <Card className={styles.card} data-long aria-labelledby="competencies">
      <h2 id="competencies">Your competencies</h2>
      <p className={styles.lead}>
        3 is what the {level} level expects, 1 is far below it and 5 far above. Each competency was scored
        twice, independently. Where the two scores differ, you see a range.
      </p>
      <p className={styles.lead}>{coverage(competencies)}</p>
      <ul className={styles.list}>
        {competencies.map((competency) => (
          <li key={competency.key} className={styles.competency}>
            <div className={styles.head}>
              <h3>{competency.name}</h3>
              <Range scores={competency} />
              <p className={styles.score} aria-hidden="true">
                {rangeText(competency)}
              </p>
            </div>
            <div className={styles.what}>
              <p className={styles.expects}>
                <strong>Expected at {level} level:</strong> {competency.expects}
              </p>
              {competency.low === null && (
                <p className={styles.note}>Your answers don't show enough of this to score it.</p>
              )}
              {competency.uncertain && (
                <p className={styles.note}>
                  The two scores differ by more than one point. Treat this one with caution.
                </p>
              )}
              {competency.findings.length > 0 && (
                <ul className={styles.points}>
                  {competency.findings.map(({ point, evidence }) => (
                    <li key={point} className={styles.point}>
                      <p>{point}</p>
                      {evidence.map(({ turn, quote }) =>
                        shown.has(point) ? (
                          <MomentLink key={`${turn} ${quote}`} turn={turn} about={quote} />
                        ) : (
                          <Quote key={`${turn} ${quote}`} turn={turn} quote={quote} />
                        ),
                      )}
                    </li>
                  ))}
                </ul>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** How many competencies have a score. */
function coverage(competencies: Competency[]): string {
  const scored = competencies.filter(({ low }) => low !== null).length;
  return scored === competencies.length
    ? `Your answers covered all ${scored} competencies.`
    : `Your answers covered ${scored} of ${competencies.length} competencies.`;
}
