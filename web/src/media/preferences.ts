/** Device preferences: which devices this browser's person last used in an interview. */

import { type Microphone, microphoneError } from "../audio/microphone";

const MICROPHONE = "interviewer.microphone";
const LOUDSPEAKER = "interviewer.loudspeaker";
const KINDS = "interviewer.devices";

/** Which kinds of device were open in the last interview. */
export interface DeviceKinds {
  microphone: boolean;
  camera: boolean;
}

/** Opens the preferred microphone, or the browser's choice when that one is not there. */
export async function openPreferred(media: {
  openMicrophone: (deviceId?: string) => Promise<Microphone>;
}): Promise<Microphone> {
  const preferred = preferredMicrophone();
  if (!preferred) return media.openMicrophone();
  try {
    return await media.openMicrophone(preferred);
  } catch (error) {
    if (microphoneError(error).kind !== "missing") throw error;
    return media.openMicrophone();
  }
}

/** The id of the microphone that this person chose or used last; `null`: none yet. */
export function preferredMicrophone(): string | null {
  return read(MICROPHONE);
}

/** The id of the loudspeaker that this person chose; empty: the system's default. */
export function preferredLoudspeaker(): string {
  return read(LOUDSPEAKER) ?? "";
}

export function rememberLoudspeaker(deviceId: string): void {
  write(LOUDSPEAKER, deviceId);
}

export function rememberMicrophone(deviceId: string): void {
  if (deviceId) write(MICROPHONE, deviceId);
}

export function rememberKinds({ microphone, camera }: { microphone: unknown; camera: unknown }): void {
  const kinds: DeviceKinds = { microphone: microphone !== null, camera: camera !== null };
  write(KINDS, JSON.stringify(kinds));
}

/** The kinds of the last interview; a microphone alone where none are stored. */
export function preferredKinds(): DeviceKinds {
  try {
    const { microphone, camera } = JSON.parse(read(KINDS) ?? "{}") as Partial<DeviceKinds>;
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
    // Without storage the person chooses again next time.
  }
}
