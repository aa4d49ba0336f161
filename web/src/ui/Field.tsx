import { type ReactNode, useId } from "react";
import styles from "./Field.module.css";

interface Wiring {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

interface FieldProps {
  label: string;
  /** Said beside the label: "optional". */
  note?: string;
  hint?: ReactNode;
  error?: string | undefined;
  id?: string;
  /** Renders the control with what ties it to label, hint and error. */
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

/** An error at its control; the live region is there before the words are, so that they are read out. */
export function FieldError({ id, message }: { id: string; message: string | undefined }) {
  return (
    <p id={id} role="alert" className={styles.error} hidden={!message}>
      {message}
    </p>
  );
}
