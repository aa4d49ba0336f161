import { type Device, microphones } from "../audio/devices";
import { type Microphone, openMicrophone } from "../audio/microphone";
import { openSpeaker, type Speaker } from "../audio/speaker";

/** The ways to the person's devices. */
export interface Doors {
  openMicrophone: (deviceId?: string) => Promise<Microphone>;
  microphones: () => Promise<Device[]>;
  openSpeaker: () => Promise<Speaker>;
  openCamera: () => Promise<MediaStream>;
}

/** What the device check hands on to the room. */
export interface Devices {
  /** None: the person types. */
  microphone: Microphone | null;
  speaker: Speaker;
  camera: MediaStream | null;
}

export const browserDoors: Doors = {
  openMicrophone,
  microphones,
  openSpeaker: () => openSpeaker(),
  openCamera: () =>
    navigator.mediaDevices.getUserMedia({
      video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user" },
    }),
};

/** Lets go of all of them; the lamps go out. */
export function release({ microphone, speaker, camera }: Devices): void {
  microphone?.stop();
  speaker.close();
  stopCamera(camera);
}

export function stopCamera(camera: MediaStream | null): void {
  for (const track of camera?.getTracks() ?? []) track.stop();
}
