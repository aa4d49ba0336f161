import { useState } from "react";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Sound } from "../../ui/icons";
import styles from "./Check.module.css";
import { chime } from "./chime";
import type { SpeakerControl } from "./useSpeaker";

/** Can the person hear the interviewer, and why headphones. */
export function SoundPanel({ speaker }: { speaker: SpeakerControl }) {
  const [played, setPlayed] = useState<"no" | "yes" | "failed">("no");

  async function play(): Promise<void> {
    try {
      setPlayed((await speaker.open()).push(chime()) ? "yes" : "failed");
    } catch {
      setPlayed("failed");
    }
  }

  return (
    <Card tone="sky" className={styles.panel} aria-labelledby="sound">
      <h2 id="sound" className={styles.heading}>
        <Sound /> Sound
      </h2>
      <p>
        <strong>Headphones help.</strong> Through loudspeakers the interviewer may hear itself and stop in
        mid-sentence.
      </p>
      <Button onClick={() => void play()}>Play a test sound</Button>
      <p role="status" className={styles.quiet}>
        {played === "yes" && "Three notes. Heard nothing? Turn the volume up."}
        {played === "failed" &&
          "This device gives no sound. The captions show everything the interviewer says."}
      </p>
    </Card>
  );
}
