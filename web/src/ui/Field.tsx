import { type ReactNode, useId } from "react";
import styles from "./Field.module.css";

interface Wiring {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

interface FieldProps {
  label: string;
  /** Shown beside the label, such as "optional". */
  note?: string;
  hint?: ReactNode;
  error?: string | undefined;
  id?: string;
  /** Renders the control with the attributes that connect it to label, hint and error. */
  children: (wiring: Wiring) => ReactNode;
}

/** A labelled control with its hint and its error. */
export function Field({ label, note, hint, error, id, children }: FieldProps) {
  const made = useId();
  const control = id ?? made;
  const described = [hint && `${control}-hint`, error && `${control}-error`].filter(Boolean).join(" ");
  return (
    <div className={styles.field}>
      <label htmlFor={control} className={styles.label}>
        {label} {note && <span className={styles.note}>{note}</span>}
      </label>
      {children({
        id: control,
        "aria-describedby": described || undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {hint && (
        <div id={`${control}-hint`} className={styles.hint}>
          {hint}
        </div>
      )}
      <FieldError id={`${control}-error`} message={error} />
    </div>
  );
}

/** An error at its control. The live region exists before the message, so that screen readers announce it. */
export function FieldError({ id, message }: { id: string; message: string | undefined }) {
  return (
    <p id={id} role="alert" className={styles.error} hidden={!message}>
      {message}
    </p>
  );
}
