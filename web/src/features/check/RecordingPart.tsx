import type { Microphone } from "../../audio/microphone";
import { Button } from "../../ui/Button";
import styles from "./Check.module.css";
import { type RecordingState, useRecording } from "./useRecording";
import type { SpeakerControl } from "./useSpeaker";

const SAID: Record<RecordingState, string> = {
  none: "Record yourself and listen. The recording stays in this page and is not sent anywhere.",
  recording: "Recording. Say something.",
  playing: "Playing your recording.",
  played:
    "That is how the interviewer hears you. If it is too quiet, move closer or choose another microphone.",
  nothing: "Nothing was recorded. Is the microphone muted?",
  failed: "This device can't play the recording.",
};

interface RecordingPartProps {
  microphone: Microphone;
  speaker: Pick<SpeakerControl, "open">;
}

/** Records three seconds and plays them, so that the candidate hears what the interviewer will hear. */
export function RecordingPart({ microphone, speaker }: RecordingPartProps) {
  const { state, make, play } = useRecording(microphone, speaker);
  const again = state === "playing" || state === "played";
  return (
    <div className={styles.recording}>
      <div className={styles.buttons}>
        <Button pending={state === "recording"} onClick={() => void make()}>
          {again ? "Record again" : "Record three seconds"}
        </Button>
        {again && <Button onClick={() => void play()}>Hear it again</Button>}
      </div>
      <p role="status" className={styles.aside}>
        {SAID[state]}
      </p>
    </div>
  );
}
