import type { Output } from "../../relay/messages";
import { Choice } from "../../ui/Choice";
import styles from "./Check.module.css";

const CHOICES: { output: Output; name: string; means: string }[] = [
  {
    output: "avatar",
    name: "With video",
    means: "You see the interviewer on video. Needs a good connection.",
  },
  { output: "voice", name: "Voice only", means: "The same voice, with a drawn interviewer." },
];

export interface OutputChoiceProps {
  output: Output;
  onChange: (output: Output) => void;
}

/** The choice between video and voice. Shown only where the site offers video. */
export function OutputChoice({ output, onChange }: OutputChoiceProps) {
  return (
    <fieldset className={styles.choice} aria-describedby="video">
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
      <p id="video" className={styles.aside}>
        You can change this at any time. The video comes from Tavus. Your own voice and picture are not sent
        there.
      </p>
    </fieldset>
  );
}
