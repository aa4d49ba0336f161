import type { Output } from "../../stream/messages";
import styles from "./Check.module.css";

const CHOICES: { output: Output; name: string; means: string }[] = [
  {
    output: "avatar",
    name: "With video",
    means: "A lifelike face speaks with you. Needs a good connection.",
  },
  { output: "voice", name: "Voice only", means: "The same voice and a drawn face." },
];

export interface OutputChoiceProps {
  output: Output;
  onChange: (output: Output) => void;
}

/** How the interviewer is to be met. Offered only where there are faces to be had. */
export function OutputChoice({ output, onChange }: OutputChoiceProps) {
  return (
    <fieldset className={styles.choice} aria-describedby="face">
      <legend className={styles.legend}>Meet your interviewer</legend>
      <div className={styles.tiles}>
        {CHOICES.map((choice) => (
          <label key={choice.output} className={styles.tile}>
            <input
              type="radio"
              name="output"
              value={choice.output}
              checked={choice.output === output}
              aria-label={choice.name}
              aria-describedby={`means-${choice.output}`}
              onChange={() => onChange(choice.output)}
            />
            <span className={styles.name}>{choice.name}</span>
            <span id={`means-${choice.output}`} className={styles.means}>
              {choice.means}
            </span>
          </label>
        ))}
      </div>
      <p id="face" className={styles.aside}>
        You can change it at any time. The video comes from Tavus; your own voice and picture don't go there.
      </p>
    </fieldset>
  );
}
