import type { MediaAccess } from "../../media/access";
import { MicrophoneChoice } from "./MicrophoneChoice";

interface MicrophoneLostProps {
  media: Pick<MediaAccess, "microphones">;
  /** Opens a microphone; called inside a click. Rejects when it can't be opened. */
  onOpen: (deviceId?: string) => Promise<void>;
  /** The candidate types from now on. */
  onType: () => void;
}

/** The microphone was unplugged or withdrawn, and no other one took its place: the candidate chooses another one, or types. */
export function MicrophoneLost({ media, onOpen, onType }: MicrophoneLostProps) {
  return (
    <MicrophoneChoice
      tone="error"
      title="Your microphone was disconnected"
      typeLabel="Type instead"
      {...{ media, onOpen, onType }}
    >
      {(failed) => (
        <p>
          {failed
            ? "That one doesn't work either. Choose another, plug yours back in, or type your answers."
            : "It was unplugged, or another app is using it. The interview continues: choose another one, or type your answers."}
        </p>
      )}
    </MicrophoneChoice>
  );
}
