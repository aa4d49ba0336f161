import { Field } from "../../ui/Field";
import { Fold } from "../../ui/Fold";
import { MAX_JOB } from "./choices";
import { count, length } from "./validate";

interface JobFieldProps {
  text: string;
  error: string | undefined;
  onChange: (text: string) => void;
}

/** The job description, folded away at first. */
export function JobField({ text, error, onChange }: JobFieldProps) {
  return (
    <Fold title="Add a job description" note={text.trim() ? "added" : "optional"} held={Boolean(error)}>
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
    </Fold>
  );
}
