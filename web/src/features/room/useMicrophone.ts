import { useCallback, useEffect, useRef, useState } from "react";
import type { Microphone } from "../../audio/microphone";
import type { InterviewController } from "../../interview/controller";
import type { Scene } from "../../interview/scene";
import type { MediaAccess } from "../../media/access";
import { type Change, MicrophoneKeeper } from "../../media/keeper";
import { rememberMicrophone } from "../../media/preferences";

/** How long a change of the microphone is shown, in milliseconds. */
const CHANGE_MS = 12_000;

export interface MicrophoneUse {
  /** The microphone is gone, and the candidate has to choose another one or type. */
  lost: boolean;
  /** Another microphone took its place without the candidate's doing; for a while. */
  change: Change | null;
  /** Opens a microphone and uses it. Call it inside a click. Rejects when it can't be opened. */
  open: (deviceId?: string) => Promise<void>;
  /** The candidate types from now on. */
  type: () => void;
}

/**
 * The microphone in the room: replaced when it is unplugged, and closed when it is replaced. One that was opened in the room
 * is closed when the room is left.
 */
export function useMicrophone(
  interview: InterviewController,
  scene: Scene,
  media: Pick<MediaAccess, "openMicrophone" | "microphones">,
): MicrophoneUse {
  const current = useRef(interview.microphone);
  const opened = useRef<Microphone | null>(null);
  const keeper = useRef<MicrophoneKeeper | null>(null);
  const [lost, setLost] = useState(false);
  const [change, setChange] = useState<Change | null>(null);
  const gone = scene.microphone === "gone";
  const over = scene.ending !== null || scene.link.state === "closed";

  const use = useCallback(
    (microphone: Microphone | null) => {
      // Also the one from before the room: two open devices are one too many for iOS, and the person would wonder.
      current.current?.stop();
      current.current = opened.current = microphone;
      setLost(false);
      interview.changeTo(microphone);
    },
    [interview],
  );

  useEffect(() => () => opened.current?.stop(), []);

  useEffect(() => {
    if (over) return;
    const keeping = new MicrophoneKeeper({
      media,
      onopened: (microphone, next) => {
        use(microphone);
        setChange(next);
      },
      onlost: () => setLost(true),
    });
    keeping.use(interview.microphone);
    keeper.current = keeping;
    return () => keeping.close();
  }, [interview, media, over, use]);

  useEffect(() => {
    if (gone && !over) keeper.current?.gone();
  }, [gone, over]);

  useEffect(() => {
    if (!change) return;
    const timer = setTimeout(() => setChange(null), CHANGE_MS);
    return () => clearTimeout(timer);
  }, [change]);

  const open = useCallback(
    async (deviceId?: string) => {
      const microphone = await media.openMicrophone(deviceId);
      if (deviceId) rememberMicrophone(microphone.deviceId);
      keeper.current?.use(microphone);
      setChange(null);
      use(microphone);
    },
    [media, use],
  );

  const type = useCallback(() => {
    keeper.current?.use(null);
    setChange(null);
    use(null);
  }, [use]);

  return { lost: lost && gone, change, open, type };
}
