import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { PageTitle } from "../../ui/PageTitle";
import styles from "./Rejoin.module.css";
import { Remaining } from "./Remaining";

interface StillRunningProps {
  topic: string;
  /** Seconds that its clock had at `at` (milliseconds of the page's clock); `null`: it has not begun, or nobody knows. */
  remaining: number | null;
  at: number;
  onReturn: () => void;
  /** Ends the interview. */
  onEnd: () => void;
}

/** The results of an interview that is not over: they end it, so the candidate is asked first. */
export function StillRunning({ topic, remaining, at, onReturn, onEnd }: StillRunningProps) {
  return (
    <div className={styles.page}>
      <Card tone="violet" className={styles.card}>
        <PageTitle arrives tab="Interview not over" className={styles.title}>
          This interview isn't over
        </PageTitle>
        <p className={styles.text}>
          Your interview on <strong>{topic}</strong> has no results yet.{" "}
          {remaining !== null && <Remaining seconds={remaining} at={at} />}
        </p>
        <div className={styles.buttons}>
          <Button tone="yellow" size="large" onClick={onReturn}>
            Go to the interview
          </Button>
          <Button tone="red" size="large" onClick={onEnd}>
            End it and see the results
          </Button>
        </div>
        <p>You can't return to an interview that you have ended.</p>
      </Card>
    </div>
  );
}
