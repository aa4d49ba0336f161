import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Speaker } from "../../audio/speaker";
import type { MediaAccess } from "../../media/access";

export interface SpeakerControl {
  /** The open speaker; `null` before that. */
  current: Speaker | null;
  /** The speaker of this page, opened by the first call. Call it inside a click. */
  open: () => Promise<Speaker>;
  /** Hands over the speaker: this page no longer closes it. */
  handOver: () => void;
}

/** One speaker, closed when the page is left. */
export function useSpeaker(media: MediaAccess): SpeakerControl {
  const opening = useRef<Promise<Speaker> | null>(null);
  const [current, setCurrent] = useState<Speaker | null>(null);

  const drop = useCallback(() => {
    void opening.current?.then(
      (speaker) => speaker.close(),
      () => undefined,
    );
    opening.current = null;
  }, []);

  useEffect(() => drop, [drop]);

  const open = useCallback(async () => {
    opening.current ??= media.openSpeaker();
    try {
      const speaker = await opening.current;
      if (speaker.state === "suspended") await speaker.resume();
      setCurrent(speaker);
      return speaker;
    } catch (error) {
      opening.current = null;
      throw error;
    }
  }, [media]);

  const handOver = useCallback(() => {
    opening.current = null;
  }, []);

  return useMemo(() => ({ current, open, handOver }), [current, open, handOver]);
}
