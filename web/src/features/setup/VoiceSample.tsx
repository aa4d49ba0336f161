import { useEffect, useRef, useState } from "react";
import { Button } from "../../ui/Button";
import styles from "./VoiceSample.module.css";

interface VoiceSampleProps {
  /** `null`: the only one. */
  voice: string | null;
  slow: boolean;
}

type State = "idle" | "loading" | "playing" | "failed";

/** Plays a sentence in a voice. The server has it spoken once, when it is first asked for. */
export function VoiceSample({ voice, slow }: VoiceSampleProps) {
  const audio = useRef<HTMLAudioElement>(null);
  const [state, setState] = useState<State>("idle");
  const query = new URLSearchParams({ ...(voice && { voice }), speech_rate: slow ? "slow" : "normal" });
  const source = `/api/interview/voice-sample?${query}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another voice stops the sample of the last one.
  useEffect(() => {
    audio.current?.pause();
    setState("idle");
  }, [source]);

  function toggle(): void {
    const element = audio.current;
    if (!element) return;
    if (state === "playing" || state === "loading") {
      element.pause();
      setState("idle");
      return;
    }
    setState("loading");
    element.src = source;
    element.play().then(
      () => setState((now) => (now === "loading" ? "playing" : now)),
      (error: unknown) => {
        // Stopped by the candidate while it was loading.
        if (!(error instanceof DOMException && error.name === "AbortError")) setState("failed");
      },
    );
  }

  return (
    <div className={styles.sample}>
      <Button size="small" onClick={toggle}>
        {state === "playing" || state === "loading" ? "Stop" : voice ? `Hear ${voice}` : "Hear it"}
      </Button>
      <span role="status">
        {state === "loading" && "Loading the sample"}
        {state === "failed" && "The sample can't be played right now."}
      </span>
      {/* biome-ignore lint/a11y/useMediaCaption: what it says is no content; it is heard for its sound. */}
      <audio ref={audio} preload="none" onEnded={() => setState("idle")} />
    </div>
  );
}
