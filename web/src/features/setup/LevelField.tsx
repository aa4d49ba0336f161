import type { Level } from "../../api/types";
import { LEVEL_CHOICES } from "./choices";
import styles from "./LevelField.module.css";

interface LevelFieldProps {
  level: Level;
  onChange: (level: Level) => void;
}

/** Three radio tiles; the arrow keys move between them as in any radio group. */
export function LevelField({ level, onChange }: LevelFieldProps) {
  return (
    <fieldset>
      <legend className={styles.legend}>Your level</legend>
      <div className={styles.tiles}>
        {LEVEL_CHOICES.map((choice) => (
          <label key={choice.level} className={styles.tile} data-level={choice.level}>
            <input
              type="radio"
              name="level"
              value={choice.level}
              checked={choice.level === level}
              aria-describedby={`means-${choice.level}`}
              aria-label={choice.name}
              onChange={() => onChange(choice.level)}
            />
            <span className={styles.name}>{choice.name}</span>
            <span id={`means-${choice.level}`} className={styles.means}>
              {choice.means}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
