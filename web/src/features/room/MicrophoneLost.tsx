import { useEffect, useState } from "react";
import { type Device, microphones } from "../../audio/devices";
import { type Microphone, openMicrophone } from "../../audio/microphone";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import styles from "./Room.module.css";

interface MicrophoneLostProps {
  /** Opens a microphone; called inside a click. Rejects when it can't be opened. */
  open?: (deviceId?: string) => Promise<Microphone>;
  onOpened: (microphone: Microphone) => void;
  /** The candidate types from now on. */
  onType: () => void;
}

/** The microphone was unplugged: the candidate chooses another one, or types. */
export function MicrophoneLost({ open = openMicrophone, onOpened, onType }: MicrophoneLostProps) {
  const devices = useDevices();
  const [chosen, setChosen] = useState("");
  const [state, setState] = useState<"asking" | "opening" | "failed">("asking");

  async function connect() {
    setState("opening");
    try {
      onOpened(await open(chosen || undefined));
    } catch {
      setState("failed");
    }
  }

  return (
    <Notice
      tone="error"
      title="Your microphone was disconnected"
      actions={
        <>
          <Button tone="yellow" pending={state === "opening"} onClick={() => void connect()}>
            Use this microphone
          </Button>
          <Button onClick={onType}>Type instead</Button>
        </>
      }
    >
      <p>
        {state === "failed"
          ? "That one doesn't work either. Choose another one, plug yours in again, or type your answers."
          : "It was unplugged, or another app is using it. The interview goes on: choose another one, or type your answers."}
      </p>
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

/** The microphones of this machine; the list changes as they are plugged in and out. */
function useDevices(): Device[] {
  const [devices, setDevices] = useState<Device[]>([]);
  useEffect(() => {
    let here = true;
    const list = () => void microphones().then((found) => here && setDevices(found));
    list();
    navigator.mediaDevices?.addEventListener("devicechange", list);
    return () => {
      here = false;
      navigator.mediaDevices?.removeEventListener("devicechange", list);
    };
  }, []);
  return devices;
}
