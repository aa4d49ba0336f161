import { type Devices, type MediaAccess, stopCamera } from "./access";
import { type DeviceKinds, openPreferred } from "./preferences";

/**
 * Opens the devices of last time, all at once: only what starts inside the click may play sound. Without a camera it goes
 * on. Rejects when there is no sound or no microphone, and releases the other devices.
 */
export async function reopen(media: MediaAccess, kinds: DeviceKinds): Promise<Devices> {
  const opening = {
    speaker: media.openSpeaker(),
    microphone: kinds.microphone ? openPreferred(media) : Promise.resolve(null),
    camera: kinds.camera ? media.openCamera().catch(() => null) : Promise.resolve(null),
  };
  try {
    const [speaker, microphone, camera] = await Promise.all([
      opening.speaker,
      opening.microphone,
      opening.camera,
    ]);
    return { speaker, microphone, camera };
  } catch (error) {
    const ignore = () => undefined;
    void opening.speaker.then((speaker) => speaker.close(), ignore);
    void opening.microphone.then((microphone) => microphone?.stop(), ignore);
    void opening.camera.then(stopCamera, ignore);
    throw error;
  }
}
