import type { NextStep } from "../../api/types";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Arrow } from "../../ui/icons";
import styles from "./NextSteps.module.css";

interface NextStepsProps {
  steps: NextStep[];
  /** Two interviews are scored, and so can be compared. */
  compared: boolean;
  onRetake: () => void;
}

/** What to do next, each step with the finding that it follows from, and the way to another interview. */
export function NextSteps({ steps, compared, onRetake }: NextStepsProps) {
  return (
    <Card tone="violet" className={styles.card} aria-labelledby="next">
      <h2 id="next">{steps.length > 0 ? "Next steps" : "Practise again"}</h2>
      {steps.length > 0 && (
        <ol className={styles.steps}>
          {steps.map(({ step, point }) => (
            <li key={step} className={styles.step}>
              <p className={styles.what}>{step}</p>
              <p className={styles.why}>Because of this: {point}</p>
            </li>
          ))}
        </ol>
      )}
      <p>
        {steps.length > 0 ? "Practise again: the" : "The"} same topic, level, job description and CV, with
        other questions.{compared && " Your new results are then compared with these."}
      </p>
      <Button tone="yellow" onClick={onRetake}>
        <span className={styles.label}>
          Practise again <Arrow />
        </span>
      </Button>
    </Card>
  );
}
