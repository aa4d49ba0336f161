import { type Device, loudspeakers, microphones } from "../audio/devices";
import { type Microphone, openMicrophone } from "../audio/microphone";
import { openSpeaker, type Speaker } from "../audio/speaker";
import { preferredLoudspeaker } from "./preferences";

/** Access to the person's devices. */
export interface MediaAccess {
  openMicrophone: (deviceId?: string) => Promise<Microphone>;
  microphones: () => Promise<Device[]>;
  loudspeakers: () => Promise<Device[]>;
  openSpeaker: () => Promise<Speaker>;
  openCamera: () => Promise<MediaStream>;
}

/** The open devices of an interview. */
export interface Devices {
  /** `null`: the person types. */
  microphone: Microphone | null;
  speaker: Speaker;
  camera: MediaStream | null;
}

export const browserMedia: MediaAccess = {
  openMicrophone,
  microphones,
  loudspeakers,
  openSpeaker: async () => {
    const speaker = await openSpeaker();
    const preferred = preferredLoudspeaker();
    // It may be left at home: then the sound goes through the system's default.
    if (preferred) await speaker.choose(preferred).catch(() => undefined);
    return speaker;
  },
  openCamera: () =>
    navigator.mediaDevices.getUserMedia({
      video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user" },
    }),
};

/** Closes all devices. */
export function release({ microphone, speaker, camera }: Devices): void {
  microphone?.stop();
  speaker.close();
  stopCamera(camera);
}

export function stopCamera(camera: MediaStream | null): void {
  for (const track of camera?.getTracks() ?? []) track.stop();
}
