import type { Config } from "../../api/shape";
import { Field } from "../../ui/Field";
import { languageName, offeredLanguages } from "./choices";
import styles from "./LanguageField.module.css";

interface LanguageFieldProps {
  language: string;
  config: Config | null;
  onChange: (language: string) => void;
}

/** The language of the interview: a choice, or the only one. */
export function LanguageField({ language, config, onChange }: LanguageFieldProps) {
  const offered = offeredLanguages(config?.languages);
  const hint = config?.interviewer === "embedded" && "The practice interviewer speaks English only.";
  if (offered.length === 1) {
    return (
      <div className={styles.only}>
        <h2 className={styles.label}>Language</h2>
        <p>{languageName(language)}</p>
        {hint && <p className={styles.hint}>{hint}</p>}
      </div>
    );
  }
  return (
    <Field label="Language" hint={hint}>
      {(wiring) => (
        <select {...wiring} value={language} onChange={(event) => onChange(event.target.value)}>
          {offered.map(({ tag, name }) => (
            <option key={tag} value={tag}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
