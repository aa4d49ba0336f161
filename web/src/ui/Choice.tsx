import { useId } from "react";
import styles from "./Choice.module.css";
import { classes } from "./classes";

interface ChoiceProps {
  /** The name of the group, within which the arrow keys move. */
  group: string;
  value: string;
  name: string;
  /** One line of explanation. */
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
