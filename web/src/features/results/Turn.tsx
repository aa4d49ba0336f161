import type { TranscriptTurn } from "../../api/types";
import { MAX_ANSWER } from "../../contract/limits.gen";
import { notUnderstood, reasons } from "../../transcript/doubt";
import { classes } from "../../ui/classes";
import { Field } from "../../ui/Field";
import { clock } from "../../ui/time";
import { turnId } from "./moments";
import styles from "./TranscriptPart.module.css";

interface TurnProps {
  turn: TranscriptTurn;
  /** When the clock starts, in milliseconds. */
  zero: number;
  /** Of the words, as a BCP-47 tag. */
  language: string;
  /** The candidate ended the interview during this turn. */
  ended?: boolean;
  /** The candidate corrects it; none: it is shown only. */
  correction?: { text: string; onChange: (text: string) => void } | null;
}

/** One turn. A corrected one shows both texts; the candidate's counts. */
export function Turn({ turn, zero, language, ended = false, correction = null }: TurnProps) {
  const offset = Math.max(0, (Date.parse(turn.started_at) - zero) / 1000);
  const mine = turn.speaker === "candidate";
  const corrected = turn.corrected_text !== null;
  return (
    <li id={turnId(turn.turn)} tabIndex={-1} className={styles.turn} data-speaker={turn.speaker}>
      <p className={styles.head}>
        <strong>{mine ? "You" : "Interviewer"}</strong>
        <time dateTime={turn.started_at}>{clock(offset)}</time>
        {turn.source === "text" && <span className={styles.tag}>typed</span>}
        {turn.interrupted && <span className={styles.tag}>{cut(mine, ended)}</span>}
        {turn.broken_off && <span className={styles.tag}>broken off</span>}
        {corrected && <span className={styles.tag}>corrected by you</span>}
        {!corrected &&
          reasons(turn.doubt).map((reason) => (
            <span key={reason} className={styles.tag}>
              {reason}
            </span>
          ))}
      </p>
      {corrected ? (
        <dl className={styles.both}>
          <dt>I said</dt>
          <dd className={styles.text} lang={language} dir="auto">
            {turn.corrected_text}
          </dd>
          <dt>Heard</dt>
          <dd>
            <Words turn={turn} language={language} />
          </dd>
        </dl>
      ) : (
        <Words turn={turn} language={language} />
      )}
      {correction && (
        <div className={styles.form}>
          <Field label="I said:" note={`at ${clock(offset)}`}>
            {(wiring) => (
              <textarea
                {...wiring}
                lang={language}
                dir="auto"
                rows={Math.min(8, 1 + Math.ceil(correction.text.length / 60))}
                maxLength={MAX_ANSWER}
                value={correction.text}
                onChange={(event) => correction.onChange(event.target.value)}
              />
            )}
          </Field>
        </div>
      )}
    </li>
  );
}

/** Why a turn that was interrupted stops where it does. */
function cut(mine: boolean, ended: boolean): string {
  if (mine) return "broken off";
  return ended ? "ended here" : "interrupted by you";
}

function Words({ turn, language }: Pick<TurnProps, "turn" | "language">) {
  const seconds = (Date.parse(turn.ended_at) - Date.parse(turn.started_at)) / 1000;
  const understood = !turn.doubt.includes("untranscribed") || turn.text !== "";
  if (!understood) return <p className={classes(styles.text, styles.unknown)}>{notUnderstood(seconds)}</p>;
  return (
    <p className={styles.text} lang={language} dir="auto">
      {turn.text}
    </p>
  );
}
