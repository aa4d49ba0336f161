import type { Cv } from "../../api/types";
import { MAX_CV_TEXT } from "../../contract/limits.gen";
import { Card } from "../../ui/Card";
import { Field } from "../../ui/Field";
import { Notice } from "../../ui/Notice";
import styles from "./CvReview.module.css";

interface CvReviewProps {
  cv: Cv;
  text: string;
  /** Why the server refused the text. */
  error: string | undefined;
  onChange: (text: string) => void;
}

/** The CV's text as the interviewer will have it, which the candidate may correct or shorten. */
export function CvReview({ cv, text, error, onChange }: CvReviewProps) {
  const warnings = cv.warnings ?? (cv.warning ? [cv.warning] : []);
  return (
    <Card tone="white" className={styles.review} aria-labelledby="cv-read">
      <h2 id="cv-read" className={styles.heading}>
        Your CV, as the interviewer will have it
      </h2>
      {warnings.length > 0 && (
        <Notice tone="warning" title="Please look at this">
          <ul>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      )}
      <details open={error ? true : undefined}>
        <summary className={styles.summary}>Read it, correct it or shorten it</summary>
        <Field
          id="cv-text"
          label={`Text of ${cv.filename}`}
          error={error}
          hint={`${number([...text.trim()].length)} of ${number(MAX_CV_TEXT)} characters. What you change is sent when you begin.`}
        >
          {(wiring) => (
            <textarea
              {...wiring}
              rows={16}
              value={text}
              spellCheck={false}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </Field>
      </details>
    </Card>
  );
}

/** `12,000` */
function number(value: number): string {
  return value.toLocaleString("en-US");
}
