import { type ReactNode, useState } from "react";
import styles from "./Fold.module.css";

interface FoldProps {
  title: ReactNode;
  /** Shown beside the title, such as "optional". */
  note?: ReactNode;
  /** Keeps it open, for example while something in it has an error. */
  held?: boolean;
  children: ReactNode;
}

/** A part of a form that is folded away until its title is clicked. */
export function Fold({ title, note, held = false, children }: FoldProps) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className={styles.details}
      open={open || held}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className={styles.summary}>
        <span className={styles.mark} aria-hidden="true" />
        <span>
          {title} {note && <span className={styles.note}>{note}</span>}
        </span>
      </summary>
      <div className={styles.body}>{children}</div>
    </details>
  );
}
