import type { Output } from "../../stream/messages";
import { Choice } from "../../ui/Choice";
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
          <Choice
            key={choice.output}
            group="output"
            value={choice.output}
            name={choice.name}
            means={choice.means}
            checked={choice.output === output}
            onChange={() => onChange(choice.output)}
          />
        ))}
      </div>
      <p id="face" className={styles.aside}>
        You can change it at any time. The video comes from Tavus; your own voice and picture don't go there.
      </p>
    </fieldset>
  );
}
