import { useEffect, useState } from "react";
import { watchDevices } from "../audio/devices";
import type { Speaker } from "../audio/speaker";
import { Field } from "../ui/Field";
import type { MediaAccess } from "./access";
import { rememberLoudspeaker } from "./preferences";
import { useDevices } from "./useDevices";

interface LoudspeakerChoiceProps {
  speaker: Pick<Speaker, "choosable" | "device" | "choose" | "ondevice">;
  media: Pick<MediaAccess, "loudspeakers">;
  /** The interviewer on video has a sound element of its own, which plays through the same device. */
  onChosen?: (device: string) => void;
}

/**
 * The choice of the loudspeaker or the headphones. Nothing is shown where the browser doesn't let the page choose, or lists
 * no device: then the system's own settings do (docs/decisions/0061-hearing.md).
 */
export function LoudspeakerChoice({ speaker, media, onChosen }: LoudspeakerChoiceProps) {
  const devices = useDevices(media.loudspeakers, speaker.choosable);
  const [chosen, setChosen] = useState(speaker.device);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const changed = () => {
      setChosen(speaker.device);
      onChosen?.(speaker.device);
    };
    speaker.ondevice = changed;
    changed();
    return () => {
      speaker.ondevice = null;
    };
  }, [speaker, onChosen]);

  useEffect(() => watchDevices(() => setFailed(false)), []);

  if (!speaker.choosable || devices.length === 0) return null;

  async function choose(device: string): Promise<void> {
    setFailed(false);
    try {
      await speaker.choose(device);
      rememberLoudspeaker(device);
    } catch {
      setFailed(true);
    }
  }

  return (
    <Field
      label="Play the sound through"
      error={failed ? "That one can't be used right now. The sound stays where it was." : undefined}
    >
      {(wiring) => (
        <select {...wiring} value={chosen} onChange={(event) => void choose(event.target.value)}>
          <option value="">Your system's default</option>
          {devices.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
