import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { progressText, progressTitle } from "./progress";
import type { Progress } from "./useSummary";
import styles from "./Waiting.module.css";

const STEPS = ["Interview saved", "Summary written", "Ready to read"];

interface WaitingProps {
  progress: Progress | null;
  /** The last request failed. */
  unreachable: boolean;
  onNow: () => void;
}

/** The summary is being written: how far it is, and that nobody has to wait for it here. */
export function Waiting({ progress, unreachable, onNow }: WaitingProps) {
  const now = progress ? 1 : 0;
  return (
    <Card tone="yellow" className={styles.card} aria-labelledby="summary">
      <h2 id="summary" tabIndex={-1} className={styles.title}>
        {progressTitle(progress)}
      </h2>
      <ol className={styles.steps} aria-label="Progress">
        {STEPS.map((name, index) => (
          <li
            key={name}
            className={styles.step}
            data-state={index < now ? "done" : index === now ? "now" : "next"}
            aria-current={index === now ? "step" : undefined}
          >
            {name}
          </li>
        ))}
      </ol>
      <p className={styles.text}>{progressText(progress)}</p>
      {progress && (
        <p className={styles.text}>You can close this page. Your summary will be here when you come back.</p>
      )}
      {unreachable && (
        <p className={styles.unreachable}>
          We can't reach the server right now. We'll keep trying and continue as soon as your connection is
          back.
        </p>
      )}
      {(unreachable || (progress?.attempts ?? 0) > 0) && <Button onClick={onNow}>Check now</Button>}
    </Card>
  );
}
