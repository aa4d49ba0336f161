import type { Cv } from "../api/types";
import { MAX_CV_TEXT } from "../contract/limits.gen";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Fold } from "../ui/Fold";
import { Notice } from "../ui/Notice";
import styles from "./CvText.module.css";
import { size } from "./text";

interface CvTextProps {
  cv: Cv;
  /** The text as the candidate has it now. */
  text: string;
  error: string | undefined;
  onChange: (text: string) => void;
}

/** The CV's text as the interviewer will have it, folded away, with its warnings. It can be corrected or shortened. */
export function CvText({ cv, text, error, onChange }: CvTextProps) {
  const warnings = cv.warnings ?? (cv.warning ? [cv.warning] : []);
  const changed = text !== cv.text;
  return (
    <div className={styles.text}>
      {warnings.length > 0 && (
        <Notice tone="warning" title="Please look at this">
          <ul className={styles.warnings}>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      )}
      {(cv.text || changed) && (
        <Fold
          title="Read it, correct it or shorten it"
          note={changed ? "changed" : pages(cv.pages)}
          held={Boolean(error)}
        >
          <Field
            id="cv_text"
            label={`Text of ${cv.filename}`}
            error={error}
            hint={`${count(size(text))} of ${count(MAX_CV_TEXT)} characters. The interviewer will have exactly this text.`}
          >
            {(wiring) => (
              <textarea
                {...wiring}
                rows={14}
                className={styles.paper}
                value={text}
                spellCheck={false}
                onChange={(event) => onChange(event.target.value)}
              />
            )}
          </Field>
          {changed && (
            <Button size="small" className={styles.undo} onClick={() => onChange(cv.text ?? "")}>
              Undo my changes
            </Button>
          )}
        </Fold>
      )}
    </div>
  );
}

function pages(number: number): string {
  return number === 1 ? "1 page" : `${number} pages`;
}

/** `12,000` */
function count(value: number): string {
  return value.toLocaleString("en-US");
}
