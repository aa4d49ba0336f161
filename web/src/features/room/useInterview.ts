import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Live, type LiveOptions } from "../../interview/controller";
import type { Scene } from "../../interview/scene";

const nothing = () => () => undefined;

/** Holds one interview for as long as the component is there; `null` until it is dialled. */
export function useLive(options: LiveOptions): [Live | null, Scene | null] {
  const { microphone, speaker, onended, dial, seat } = options;
  const { stream_url, stream_urls, session_token } = options.session;
  const [live, setLive] = useState<Live | null>(null);
  // The caller's newest function, without dialling anew for it.
  const ended = useRef(onended);
  useEffect(() => {
    ended.current = onended;
  }, [onended]);

  useEffect(() => {
    const made = new Live({
      session: { stream_url, session_token, ...(stream_urls ? { stream_urls } : {}) },
      microphone,
      speaker,
      onended: (reason) => ended.current(reason),
      ...(dial ? { dial } : {}),
      ...(seat ? { seat } : {}),
    });
    setLive(made);
    return () => made.close();
  }, [stream_url, stream_urls, session_token, microphone, speaker, dial, seat]);

  const scene = useSyncExternalStore(live?.watch ?? nothing, () => live?.scene() ?? null);
  return [live, scene];
}
