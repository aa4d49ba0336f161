import { use } from "react";
import type { Evidence } from "../../api/types";
import { MomentLink } from "./MomentLink";
import { Moments } from "./moments";
import styles from "./Quote.module.css";

/** The candidate's own words, with a link to their moment in the transcript. */
export function Quote({ turn, quote }: Evidence) {
  const corrected = use(Moments).get(turn)?.corrected ?? false;
  return (
    <blockquote className={styles.quote}>
      <p className={styles.words}>“{quote}”</p>
      {corrected && <span className={styles.tag}>corrected by you</span>}
      <MomentLink turn={turn} about={quote} />
    </blockquote>
  );
}
