/** A microphone or a loudspeaker to choose from. */
export interface Device {
  id: string;
  label: string;
}

/** The microphones of this machine. They have labels once the person has allowed one. Empty where the browser can't list them. */
export function microphones(): Promise<Device[]> {
  return listed("audioinput", "Microphone");
}

/** The loudspeakers and headphones of this machine, without the system's default. Empty where the browser can't list them. */
export async function loudspeakers(): Promise<Device[]> {
  return (await listed("audiooutput", "Loudspeaker")).filter(({ id }) => id !== "default");
}

/** Calls `changed` when a device is plugged in or out; returns a function that stops it. */
export function watchDevices(changed: () => void): () => void {
  const devices = navigator.mediaDevices;
  devices?.addEventListener("devicechange", changed);
  return () => devices?.removeEventListener("devicechange", changed);
}

async function listed(kind: MediaDeviceKind, name: string): Promise<Device[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  return devices
    .filter((device) => device.kind === kind && device.deviceId !== "")
    .map((device, index) => ({ id: device.deviceId, label: device.label || `${name} ${index + 1}` }));
}
