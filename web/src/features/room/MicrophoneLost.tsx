import { useEffect, useState } from "react";
import { type Device, microphones } from "../../audio/devices";
import { type Microphone, openMicrophone } from "../../audio/microphone";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import styles from "./Room.module.css";

interface RewireProps {
  /** Opened in a click; throws when it can't be had. */
  open?: (deviceId?: string) => Promise<Microphone>;
  onOpened: (microphone: Microphone) => void;
  /** Rather type. */
  onType: () => void;
}

/** The microphone was unplugged: choose another one, or type. */
export function Rewire({ open = openMicrophone, onOpened, onType }: RewireProps) {
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
      title="Your microphone is gone"
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
          ? "That one does not work either. Choose another, plug yours in again, or type your answers."
          : "It was unplugged or taken away. The interview goes on: choose another, or type your answers."}
      </p>
      <label className={styles.choice}>
        Microphone
        <select value={chosen} onChange={(event) => setChosen(event.target.value)}>
          <option value="">The system's own choice</option>
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

/** The microphones there are, kept up as they come and go. */
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
