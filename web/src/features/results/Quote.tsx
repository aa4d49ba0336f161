import { use } from "react";
import type { Evidence } from "../../api/types";
import { MomentLink } from "./MomentLink";
import { Moments } from "./moments";
import styles from "./Quote.module.css";

/** The candidate's own words, with a link to their moment in the transcript. */
export function Quote({ turn, quote }: Evidence) {
  const moment = use(Moments).get(turn);
  return (
    <blockquote className={styles.quote}>
      <p className={styles.words} lang={moment?.language} dir="auto">
        “{quote}”
      </p>
      {moment?.corrected && <span className={styles.tag}>corrected by you</span>}
      <MomentLink turn={turn} about={quote} />
    </blockquote>
  );
}
