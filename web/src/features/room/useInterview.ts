import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { type ControllerOptions, InterviewController } from "../../interview/controller";
import type { Scene } from "../../interview/scene";

const nothing = () => () => undefined;

/** Runs one interview for as long as the component is mounted; `null` before it has started. */
export function useInterview(options: ControllerOptions): [InterviewController | null, Scene | null] {
  const { microphone, speaker, onended, connect, avatar } = options;
  const { session_id, stream_url, stream_urls, session_token } = options.session;
  const [interview, setInterview] = useState<InterviewController | null>(null);
  // The caller's latest function, without connecting again for it.
  const ended = useRef(onended);
  useEffect(() => {
    ended.current = onended;
  }, [onended]);

  useEffect(() => {
    const controller = new InterviewController({
      session: {
        ...(session_id ? { session_id } : {}),
        stream_url,
        session_token,
        ...(stream_urls ? { stream_urls } : {}),
      },
      microphone,
      speaker,
      onended: (reason) => ended.current(reason),
      ...(connect ? { connect } : {}),
      ...(avatar ? { avatar } : {}),
    });
    setInterview(controller);
    return () => controller.close();
  }, [session_id, stream_url, stream_urls, session_token, microphone, speaker, connect, avatar]);

  const scene = useSyncExternalStore(interview?.watch ?? nothing, () => interview?.scene() ?? null);
  return [interview, scene];
}
