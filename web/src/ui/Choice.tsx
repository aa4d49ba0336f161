import { useId } from "react";
import styles from "./Choice.module.css";
import { classes } from "./classes";

interface ChoiceProps {
  /** Of the group: the arrow keys move between all that have the same. */
  group: string;
  value: string;
  name: string;
  /** What it means, in one line. */
  means: string;
  /** Its colour when it is chosen. */
  tone?: "lime" | "yellow" | "pink";
  checked: boolean;
  onChange: () => void;
}

/** A card that is a radio button. */
export function Choice({ group, value, name, means, tone = "yellow", checked, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <label className={classes(styles.choice, styles[tone])}>
      <input
        type="radio"
        name={group}
        value={value}
        checked={checked}
        aria-label={name}
        aria-describedby={id}
        onChange={onChange}
      />
      <span className={styles.name}>{name}</span>
      <span id={id} className={styles.means}>
        {means}
      </span>
    </label>
  );
}
