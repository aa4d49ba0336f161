import { QUESTION_MINUTES } from "../../contract/limits.gen";
import type { Session } from "../../session/session";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import styles from "./Retake.module.css";

interface RetakeProps {
  /** The question that is practised alone. */
  question: string | null;
  /** The interview that is retaken; `null`: topic or level have changed, or it is gone. */
  earlier: Session | null;
  /** The candidate has chosen another CV. */
  hasCv: boolean;
  onDrop: () => void;
}

/** Says what a retake takes over from the earlier interview. */
export function Retake({ question, earlier, hasCv, onDrop }: RetakeProps) {
  return (
    <Card tone="lime" className={styles.retake} aria-labelledby="retake">
      <h2 id="retake" className={styles.heading}>
        {question ? "Practise one question" : "Practise again"}
      </h2>
      {question && earlier && <p>“{question}”</p>}
      <p role="status">{earlier ? takenOver(earlier, hasCv, question !== null) : CHANGED}</p>
      <Button size="small" onClick={onDrop}>
        Start a new interview instead
      </Button>
    </Card>
  );
}

const CHANGED =
  "This will be a new interview, without a comparison and without your earlier CV: the topic or the level has changed, or this browser no longer has the earlier interview.";

function takenOver({ cv }: Session, hasCv: boolean, oneQuestion: boolean): string {
  const questions = oneQuestion
    ? `The interviewer asks only this question and follows up on your answers, for ${QUESTION_MINUTES} minutes.`
    : "You get different questions on the same topic, at the same level. Your results are compared with those of last time.";
  if (!cv) return questions;
  return hasCv
    ? `${questions} Your new CV replaces ${cv.filename}.`
    : `${questions} The CV from that interview, ${cv.filename}, is used unless you choose another one.`;
}
