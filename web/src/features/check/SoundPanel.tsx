import { useState } from "react";
import type { MediaAccess } from "../../media/access";
import { LoudspeakerChoice } from "../../media/LoudspeakerChoice";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Sound } from "../../ui/icons";
import styles from "./Check.module.css";
import { chime } from "./chime";
import type { SpeakerControl } from "./useSpeaker";

interface SoundPanelProps {
  speaker: SpeakerControl;
  media: Pick<MediaAccess, "loudspeakers">;
}

/** A test sound, why to use headphones, and where the sound goes. */
export function SoundPanel({ speaker, media }: SoundPanelProps) {
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
        <strong>Use headphones if you can.</strong> With loudspeakers the interviewer may hear itself and stop
        speaking.
      </p>
      <Button onClick={() => void play()}>Play a test sound</Button>
      <p role="status" className={styles.quiet}>
        {played === "yes" &&
          "You should hear three notes. If not, turn the volume up, or choose another device."}
        {played === "failed" &&
          "We can't play sound on this device. The captions show everything the interviewer says."}
      </p>
      {speaker.current && <LoudspeakerChoice speaker={speaker.current} media={media} />}
    </Card>
  );
}
