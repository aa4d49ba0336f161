import { type Devices, type MediaAccess, stopCamera } from "./access";
import { type DeviceKinds, openPreferred } from "./preferences";

/**
 * Opens what was open before, all of it at once, because only what begins inside the click may sound. A camera that
 * can't be had is done without. Throws when there is no sound or no microphone, and lets go of the rest.
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
