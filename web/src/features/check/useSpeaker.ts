import { useCallback, useEffect, useRef } from "react";
import type { Speaker } from "../../audio/speaker";
import type { Doors } from "../../media/access";

export interface SpeakerControl {
  /** The one speaker of this page, opened at the first call; to be called inside a click. */
  open: () => Promise<Speaker>;
  /** From now on someone else closes it. */
  handOver: () => void;
}

/** The loudspeaker, closed when the page is left. */
export function useSpeaker(doors: Doors): SpeakerControl {
  const opening = useRef<Promise<Speaker> | null>(null);

  const drop = useCallback(() => {
    void opening.current?.then(
      (speaker) => speaker.close(),
      () => undefined,
    );
    opening.current = null;
  }, []);

  useEffect(() => drop, [drop]);

  const open = useCallback(async () => {
    opening.current ??= doors.openSpeaker();
    try {
      const speaker = await opening.current;
      if (speaker.state === "suspended") await speaker.resume();
      return speaker;
    } catch (error) {
      opening.current = null;
      throw error;
    }
  }, [doors]);

  const handOver = useCallback(() => {
    opening.current = null;
  }, []);

  return { open, handOver };
}
