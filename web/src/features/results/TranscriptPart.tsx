import type { Transcript, TranscriptTurn } from "../../api/types";
import { notUnderstood, reasons } from "../../transcript/doubt";
import { classes } from "../../ui/classes";
import { clock } from "../../ui/time";
import styles from "./TranscriptPart.module.css";
import { turnId } from "./turn";

interface TranscriptPartProps {
  transcript: Transcript | null;
  /** When the clock starts, ISO 8601; `null`: at the first turn. */
  startedAt: string | null;
}

/** Who said what, and when. */
export function TranscriptPart({ transcript, startedAt }: TranscriptPartProps) {
  if (!transcript) return null;
  const [opening] = transcript.turns;
  const zero = Date.parse(startedAt ?? opening?.started_at ?? "");
  return (
    <section className={styles.part} aria-labelledby="transcript">
      <h2 id="transcript" className={styles.title}>
        Transcript
      </h2>
      {transcript.turns.length === 0 && <p className={styles.none}>Nothing was said.</p>}
      <ol className={styles.turns}>
        {transcript.turns.map((turn) => (
          <Turn key={turn.turn} turn={turn} zero={zero} />
        ))}
      </ol>
    </section>
  );
}

function Turn({ turn, zero }: { turn: TranscriptTurn; zero: number }) {
  const offset = Math.max(0, (Date.parse(turn.started_at) - zero) / 1000);
  const seconds = (Date.parse(turn.ended_at) - Date.parse(turn.started_at)) / 1000;
  const understood = !turn.doubt.includes("untranscribed") || turn.text !== "";
  const mine = turn.speaker === "candidate";
  return (
    <li id={turnId(turn.turn)} tabIndex={-1} className={styles.turn} data-speaker={turn.speaker}>
      <p className={styles.head}>
        <strong>{mine ? "You" : "Interviewer"}</strong>
        <time dateTime={turn.started_at}>{clock(offset)}</time>
        {turn.source === "text" && <span className={styles.tag}>typed</span>}
        {turn.interrupted && <span className={styles.tag}>{mine ? "broken off" : "interrupted by you"}</span>}
        {reasons(turn.doubt).map((reason) => (
          <span key={reason} className={styles.tag}>
            {reason}
          </span>
        ))}
      </p>
      <p className={classes(styles.text, !understood && styles.unknown)}>
        {understood ? turn.text : notUnderstood(seconds)}
      </p>
    </li>
  );
}
