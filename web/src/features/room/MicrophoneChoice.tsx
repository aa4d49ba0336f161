import { type ReactNode, useState } from "react";
import type { MediaAccess } from "../../media/access";
import { useDevices } from "../../media/useDevices";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import styles from "./Room.module.css";

interface MicrophoneChoiceProps {
  tone: "warning" | "error";
  title: string;
  /** What is wrong, and what can be done; `failed`: the microphone that was chosen could not be opened. */
  children: (failed: boolean) => ReactNode;
  media: Pick<MediaAccess, "microphones">;
  /** Opens a microphone; called inside a click. Rejects when it can't be opened. */
  onOpen: (deviceId?: string) => Promise<void>;
  typeLabel: string;
  onType: () => void;
  /** The choice is shown after another click: the notice takes little room. */
  folded?: boolean;
}

/** A notice about the microphone, in which the candidate chooses another one, or types. */
export function MicrophoneChoice(props: MicrophoneChoiceProps) {
  const { tone, title, children, media, onOpen, typeLabel, onType, folded } = props;
  const devices = useDevices(media.microphones);
  const [choosing, setChoosing] = useState(!folded);
  const [chosen, setChosen] = useState("");
  const [state, setState] = useState<"asking" | "opening" | "failed">("asking");

  const size = folded ? "small" : "medium";

  async function connect() {
    setState("opening");
    try {
      await onOpen(chosen || undefined);
      setState("asking");
    } catch {
      setState("failed");
    }
  }

  return (
    <Notice
      tone={tone}
      title={title}
      actions={
        <>
          {choosing ? (
            <Button tone="yellow" size={size} pending={state === "opening"} onClick={() => void connect()}>
              Use this microphone
            </Button>
          ) : (
            <Button tone="yellow" size={size} onClick={() => setChoosing(true)}>
              Choose another one
            </Button>
          )}
          <Button size={size} onClick={onType}>
            {typeLabel}
          </Button>
        </>
      }
    >
      {children(state === "failed")}
      {choosing && (
        <label className={styles.choice}>
          Microphone
          <select value={chosen} onChange={(event) => setChosen(event.target.value)}>
            <option value="">Your system's default</option>
            {devices.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </label>
      )}
    </Notice>
  );
}
