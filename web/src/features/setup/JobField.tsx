import { useState } from "react";
import { Field } from "../../ui/Field";
import { MAX_JOB } from "./choices";
import styles from "./JobField.module.css";
import { count, length } from "./validate";

interface JobFieldProps {
  text: string;
  error: string | undefined;
  onChange: (text: string) => void;
}

/** The job description, folded away at first. */
export function JobField({ text, error, onChange }: JobFieldProps) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className={styles.details}
      open={open || Boolean(error)}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className={styles.summary}>
        <span className={styles.mark} aria-hidden="true" />
        <span>
          Add a job description <span className={styles.note}>{text.trim() ? "added" : "optional"}</span>
        </span>
      </summary>
      <div className={styles.body}>
        <Field
          id="job"
          label="Job description"
          error={error}
          hint={`${count(length(text))} of ${count(MAX_JOB)} characters. The questions will fit this job.`}
        >
          {(wiring) => (
            <textarea
              {...wiring}
              rows={8}
              placeholder="Paste the advert here"
              value={text}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </Field>
      </div>
    </details>
  );
}
