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
}

/** A notice about the microphone, in which the candidate chooses another one, or types. */
export function MicrophoneChoice(props: MicrophoneChoiceProps) {
  const { tone, title, children, media, onOpen, typeLabel, onType } = props;
  const devices = useDevices(media.microphones);
  const [chosen, setChosen] = useState("");
  const [state, setState] = useState<"asking" | "opening" | "failed">("asking");

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
          <Button tone="yellow" pending={state === "opening"} onClick={() => void connect()}>
            Use this microphone
          </Button>
          <Button onClick={onType}>{typeLabel}</Button>
        </>
      }
    >
      {children(state === "failed")}
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
    </Notice>
  );
}
