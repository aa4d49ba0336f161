/** A microphone to choose from. */
export interface Device {
  id: string;
  label: string;
}

/** The microphones of this machine. They have labels once the person has allowed one. Empty where the browser can't list them. */
export async function microphones(): Promise<Device[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  return devices
    .filter((device) => device.kind === "audioinput" && device.deviceId !== "")
    .map((device, index) => ({ id: device.deviceId, label: device.label || `Microphone ${index + 1}` }));
}
