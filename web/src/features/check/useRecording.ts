import { useCallback, useEffect, useRef, useState } from "react";
import type { Microphone } from "../../audio/microphone";
import { playable, type Recording, record } from "../../audio/recording";
import type { SpeakerControl } from "./useSpeaker";

/** How long a recording is. */
export const SECONDS = 3;

export type RecordingState =
  /** `nothing`: it was made, and every sample is zero. */
  "none" | "recording" | "playing" | "played" | "nothing" | "failed";

export interface RecordingControl {
  state: RecordingState;
  /** Records three seconds, then plays them. Call it inside a click. */
  make: () => Promise<void>;
  /** Plays them once more. */
  play: () => Promise<void>;
}

/** Three seconds of the candidate's voice, for themselves. They are kept in memory for as long as the component is mounted, and never sent. */
export function useRecording(
  microphone: Microphone,
  speaker: Pick<SpeakerControl, "open">,
): RecordingControl {
  const [state, setState] = useState<RecordingState>("none");
  const making = useRef<Recording | null>(null);
  const made = useRef<Int16Array | null>(null);
  const end = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const left = useRef(false);

  useEffect(() => {
    left.current = false;
    return () => {
      left.current = true;
      making.current?.stop();
      clearTimeout(end.current);
    };
  }, []);

  const play = useCallback(async () => {
    const recording = made.current;
    if (!recording) return;
    try {
      const opened = await speaker.open();
      if (left.current) return;
      opened.interrupt();
      opened.push(playable(recording));
      setState("playing");
      clearTimeout(end.current);
      end.current = setTimeout(() => setState("played"), SECONDS * 1000);
    } catch {
      setState("failed");
    }
  }, [speaker]);

  const make = useCallback(async () => {
    making.current?.stop();
    clearTimeout(end.current);
    setState("recording");
    // Inside the click, so that the browser lets it sound; what was playing is not recorded.
    await speaker.open().then(
      (opened) => opened.interrupt(),
      () => undefined,
    );
    // The room may have the microphone by now.
    if (left.current) return;
    const current = record(microphone, SECONDS);
    making.current = current;
    const recording = await current.done;
    if (!recording || making.current !== current) return;
    made.current = recording;
    if (recording.some((sample) => sample !== 0)) await play();
    else setState("nothing");
  }, [microphone, speaker, play]);

  return { state, make, play };
}
