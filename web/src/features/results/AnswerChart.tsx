import type { ReactNode } from "react";
import type { AnswerFacts } from "../../api/types";
import { Fold } from "../../ui/Fold";
import { clock, duration } from "../../ui/time";
import styles from "./AnswerChart.module.css";
import { MomentLink } from "./MomentLink";

/**
 * Lengths of at least two answers and the pauses before them, along the interview: as a chart, a sentence and a table. A
 * typed answer has no length in time, and the pause before it is the time that it took.
 */
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
          <p>{inWords(answers, spoken)}</p>
          <ul className={styles.key}>
            {spoken && <Key of="speech">Spoken answer, by its words</Key>}
            {typed && <Key of="text">Typed answer, by its words</Key>}
            <Key of="pause">{spoken ? "Pause before it" : "Time that it took"}</Key>
          </ul>
        </figcaption>
      </figure>
      <div className={styles.folded}>
        <Fold title="Show as a table">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <section className={styles.scroll} tabIndex={0} aria-label="Your answers as a table">
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">{spoken ? "Began at" : "Sent at"}</th>
                  <th scope="col">Words</th>
                  {spoken && <th scope="col">Length</th>}
                  <th scope="col">{spoken ? "Pause before" : "Time taken"}</th>
                  {spoken && <th scope="col">How</th>}
                  <th scope="col">Moment</th>
                </tr>
              </thead>
              <tbody>
                {answers.map(({ turn, offset, words, seconds, pause, source }) => (
                  <tr key={turn}>
                    <th scope="row">{clock(offset)}</th>
                    <td>{words}</td>
                    {spoken && <td>{source === "text" ? "–" : duration(seconds)}</td>}
                    <td>{duration(pause)}</td>
                    {spoken && <td>{source === "text" ? "typed" : "spoken"}</td>}
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

function inWords(answers: AnswerFacts[], spoken: boolean): string {
  const words = answers.map((answer) => answer.words);
  const pauses = answers.map(({ pause }) => pause);
  const [least, most] = [Math.min(...words), Math.max(...words)];
  const lengths = least === most ? `${most} ${most === 1 ? "word" : "words"}` : `${least} to ${most} words`;
  const longest = duration(Math.max(...pauses));
  const time = spoken ? `The longest pause before one was ${longest}.` : `The slowest took ${longest}.`;
  return `${answers.length} answers of ${lengths}. ${time}`;
}
