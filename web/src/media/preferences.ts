import { type Microphone, microphoneError } from "../audio/microphone";
import type { Devices, Doors } from "./access";

/** What this browser's person entered a room with last time. */
const MICROPHONE = "interviewer.microphone";
const KINDS = "interviewer.devices";

/** Which kinds of device were taken into the room. */
export interface Kinds {
  microphone: boolean;
  camera: boolean;
}

/** The microphone of last time, or the browser's own choice when that one is not there today. */
export async function openUsual(doors: Pick<Doors, "openMicrophone">): Promise<Microphone> {
  const usual = read(MICROPHONE);
  if (!usual) return doors.openMicrophone();
  try {
    return await doors.openMicrophone(usual);
  } catch (error) {
    if (microphoneError(error).kind !== "missing") throw error;
    return doors.openMicrophone();
  }
}

export function rememberMicrophone(deviceId: string): void {
  if (deviceId) write(MICROPHONE, deviceId);
}

export function rememberKinds({ microphone, camera }: Devices): void {
  const kinds: Kinds = { microphone: microphone !== null, camera: camera !== null };
  write(KINDS, JSON.stringify(kinds));
}

/** The kinds of last time; a microphone alone where nothing is known. */
export function usualKinds(): Kinds {
  try {
    const { microphone, camera } = JSON.parse(read(KINDS) ?? "{}") as Partial<Kinds>;
    return { microphone: microphone !== false, camera: camera === true };
  } catch {
    return { microphone: true, camera: false };
  }
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Then it is chosen anew next time.
  }
}
