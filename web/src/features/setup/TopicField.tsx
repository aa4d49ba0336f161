import { useRef } from "react";
import { Field } from "../../ui/Field";
import { EXAMPLES, MAX_TOPIC } from "./choices";
import styles from "./TopicField.module.css";
import { length } from "./validate";

interface TopicFieldProps {
  topic: string;
  error: string | undefined;
  onChange: (topic: string) => void;
}

/** The topic of the interview, with a few examples. */
export function TopicField({ topic, error, onChange }: TopicFieldProps) {
  const input = useRef<HTMLTextAreaElement>(null);

  function fillIn(example: string): void {
    onChange(example);
    input.current?.focus();
  }

  return (
    <div className={styles.topic}>
      <Field
        id="topic"
        label="What should we talk about?"
        error={error}
        hint={<span className={styles.count}>{`${length(topic)} of ${MAX_TOPIC} characters`}</span>}
      >
        {(wiring) => (
          <textarea
            {...wiring}
            ref={input}
            rows={2}
            required
            className={styles.input}
            placeholder="A skill, a role, a subject"
            value={topic}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
      <ul className={styles.chips} aria-label="Examples">
        {EXAMPLES.map((example) => (
          <li key={example}>
            <button
              type="button"
              className={styles.chip}
              aria-label={`Fill in: ${example}`}
              onClick={() => fillIn(example)}
            >
              {example}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
