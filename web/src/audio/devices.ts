/** A microphone to choose from. */
export interface Device {
  id: string;
  label: string;
}

/** The microphones at hand; they have names only once one of them was allowed. Empty where the browser can't tell. */
export async function microphones(): Promise<Device[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  return devices
    .filter((device) => device.kind === "audioinput" && device.deviceId !== "")
    .map((device, index) => ({ id: device.deviceId, label: device.label || `Microphone ${index + 1}` }));
}
