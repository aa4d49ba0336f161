import type { Level } from "../../api/types";
import { Choice } from "../../ui/Choice";
import { LEVEL_CHOICES } from "./choices";
import styles from "./LevelField.module.css";

const TONES = { beginner: "lime", intermediate: "yellow", advanced: "pink" } as const;

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
          <Choice
            key={choice.level}
            group="level"
            value={choice.level}
            name={choice.name}
            means={choice.means}
            tone={TONES[choice.level]}
            checked={choice.level === level}
            onChange={() => onChange(choice.level)}
          />
        ))}
      </div>
    </fieldset>
  );
}
