import { useCallback, useEffect, useRef, useState } from "react";
import type { Device } from "../../audio/devices";
import { type Microphone, microphoneError } from "../../audio/microphone";
import type { MediaAccess } from "../../media/access";
import { openPreferred, rememberMicrophone } from "../../media/preferences";
import { useDevices } from "../../media/useDevices";
import type { Trouble } from "./advice";

export type MicrophoneState =
  | { is: "off" }
  | { is: "asking" }
  | { is: "on"; microphone: Microphone }
  | { is: "trouble"; trouble: Trouble };

export interface MicrophoneControl {
  state: MicrophoneState;
  /** The microphones to choose from; known once the person has allowed one. */
  devices: Device[];
  /** Opens this device, or the preferred one. Call it inside a click. */
  open: (deviceId?: string) => Promise<void>;
  close: () => void;
  /** Hands over the open microphone: it stays open when this page is left. */
  handOver: () => Microphone | null;
}

/** One microphone at a time, closed when the page is left. */
export function useMicrophone(media: MediaAccess): MicrophoneControl {
  const [state, setState] = useState<MicrophoneState>({ is: "off" });
  const devices = useDevices(media.microphones, state.is === "on");
  const held = useRef<Microphone | null>(null);
  // A microphone that opens after a newer request, or after the page was left, is closed at once.
  const requests = useRef(0);

  const drop = useCallback(() => {
    requests.current += 1;
    held.current?.stop();
    held.current = null;
  }, []);

  useEffect(() => drop, [drop]);

  const open = useCallback(
    async (deviceId?: string) => {
      drop();
      const request = requests.current;
      setState({ is: "asking" });
      let next: MicrophoneState;
      try {
        const microphone = await (deviceId ? media.openMicrophone(deviceId) : openPreferred(media));
        if (request !== requests.current) return microphone.stop();
        held.current = microphone;
        microphone.onended = () => {
          drop();
          setState({ is: "trouble", trouble: "lost" });
        };
        rememberMicrophone(microphone.deviceId);
        next = { is: "on", microphone };
      } catch (error) {
        next = { is: "trouble", trouble: microphoneError(error).kind };
      }
      if (request === requests.current) setState(next);
    },
    [media, drop],
  );

  const close = useCallback(() => {
    drop();
    setState({ is: "off" });
  }, [drop]);

  const handOver = useCallback(() => {
    const microphone = held.current;
    held.current = null;
    if (microphone) microphone.onended = null;
    return microphone;
  }, []);

  return { state, devices, open, close, handOver };
}
