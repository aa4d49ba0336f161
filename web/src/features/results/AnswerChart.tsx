import type { ReactNode } from "react";
import type { AnswerFacts } from "../../api/types";
import { Fold } from "../../ui/Fold";
import { clock, duration } from "../../ui/time";
import styles from "./AnswerChart.module.css";
import { MomentLink } from "./MomentLink";

/** Lengths of at least two answers and the pauses before them, along the interview: as a chart, a sentence and a table. */
export function AnswerChart({ answers }: { answers: AnswerFacts[] }) {
  const longest = Math.max(...answers.map(({ words }) => words), 1);
  const slowest = Math.max(...answers.map(({ pause }) => pause), 1);
  const typed = answers.some(({ source }) => source === "text");
  const spoken = answers.some(({ source }) => source === "speech");
  return (
    <div className={styles.part}>
      <h3>Your answers along the interview</h3>
      <figure className={styles.figure}>
        <div className={styles.chart} aria-hidden="true">
          {answers.map(({ turn, words, pause, source }) => (
            <span key={turn} className={styles.column}>
              <span className={styles.above}>
                <span
                  className={styles.bar}
                  data-source={source}
                  style={{ height: `${(100 * words) / longest}%` }}
                />
              </span>
              <span className={styles.below}>
                <span className={styles.pause} style={{ height: `${(100 * pause) / slowest}%` }} />
              </span>
            </span>
          ))}
        </div>
        <figcaption className={styles.caption}>
          <p>{inWords(answers)}</p>
          <ul className={styles.key}>
            {spoken && <Key of="speech">Spoken answer, by its words</Key>}
            {typed && <Key of="text">Typed answer, by its words</Key>}
            <Key of="pause">Pause before it</Key>
          </ul>
        </figcaption>
      </figure>
      <div className={styles.folded}>
        <Fold title="The same as a table">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <section className={styles.scroll} tabIndex={0} aria-label="Your answers as a table">
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">Began at</th>
                  <th scope="col">Words</th>
                  <th scope="col">Length</th>
                  <th scope="col">Pause before</th>
                  <th scope="col">How</th>
                  <th scope="col">Moment</th>
                </tr>
              </thead>
              <tbody>
                {answers.map(({ turn, offset, words, seconds, pause, source }) => (
                  <tr key={turn}>
                    <th scope="row">{clock(offset)}</th>
                    <td>{words}</td>
                    <td>{duration(seconds)}</td>
                    <td>{duration(pause)}</td>
                    <td>{source === "text" ? "typed" : "spoken"}</td>
                    <td>
                      <MomentLink turn={turn} about={`the answer at ${clock(offset)}`} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </Fold>
      </div>
    </div>
  );
}

function Key({ of, children }: { of: "speech" | "text" | "pause"; children: ReactNode }) {
  return (
    <li>
      <span className={styles.swatch} data-of={of} aria-hidden="true" /> <span>{children}</span>
    </li>
  );
}

function inWords(answers: AnswerFacts[]): string {
  const words = answers.map((answer) => answer.words);
  const pauses = answers.map(({ pause }) => pause);
  const [least, most] = [Math.min(...words), Math.max(...words)];
  const lengths = least === most ? `${most} words` : `${least} to ${most} words`;
  return `${answers.length} answers of ${lengths}. The longest pause before one was ${duration(Math.max(...pauses))}.`;
}
