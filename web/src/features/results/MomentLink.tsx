import { use } from "react";
import { Moments, turnId } from "./moments";
import styles from "./Quote.module.css";

interface MomentLinkProps {
  turn: number;
  /** What is there, for those who hear the link alone. */
  about: string;
}

/** A link to a moment of the transcript; nothing where the transcript has no such turn. */
export function MomentLink({ turn, about }: MomentLinkProps) {
  const moment = use(Moments).get(turn);
  if (!moment) return null;
  return (
    <a className={styles.link} href={`#${turnId(turn)}`} aria-label={`Transcript ${moment.at}: ${about}`}>
      Transcript {moment.at}
    </a>
  );
}
