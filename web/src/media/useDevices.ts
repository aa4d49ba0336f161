import { useEffect, useState } from "react";
import { type Device, watchDevices } from "../audio/devices";

/** The devices that `list` returns; the list changes as they are plugged in and out. `on`: `false` lists none. */
export function useDevices(list: () => Promise<Device[]>, on = true): Device[] {
  const [devices, setDevices] = useState<Device[]>([]);
  useEffect(() => {
    if (!on) return;
    let current = true;
    const show = () => void list().then((found) => current && setDevices(found));
    show();
    const stop = watchDevices(show);
    return () => {
      current = false;
      stop();
    };
  }, [list, on]);
  return devices;
}
