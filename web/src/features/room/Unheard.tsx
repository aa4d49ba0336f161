import type { MediaAccess } from "../../media/access";
import { MicrophoneChoice } from "./MicrophoneChoice";
import type { Unheard as Cause } from "./useUnheard";

interface UnheardProps {
  cause: Cause;
  media: Pick<MediaAccess, "microphones">;
  onOpen: (deviceId?: string) => Promise<void>;
  onType: () => void;
}

/** Nothing is heard of the candidate on their turn. It goes away when a sound comes. */
export function Unheard({ cause: { why, device }, media, onOpen, onType }: UnheardProps) {
  return (
    <MicrophoneChoice
      tone="warning"
      title="We can't hear you. Is your microphone muted?"
      typeLabel="Type an answer"
      folded
      {...{ media, onOpen, onType }}
    >
      {(failed) => (
        <p>
          {failed && "That one can't be used. "}
          {device ? (
            <>
              We're listening to <strong>“{device}”</strong>.{" "}
            </>
          ) : null}
          {why === "withheld"
            ? "Your device or your system has muted it."
            : "Check its mute button and your system's sound settings."}
        </p>
      )}
    </MicrophoneChoice>
  );
}
