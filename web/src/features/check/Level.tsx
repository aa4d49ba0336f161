import { useEffect, useRef, useState } from "react";
import type { Microphone } from "../../audio/microphone";
import { Meter, type MeterHandle } from "../../ui/Meter";
import styles from "./Check.module.css";

/** From this level on it is a voice, not background noise. */
const VOICE = 0.3;
/** After this long without a voice the page says so, in milliseconds. */
const SILENCE_MS = 7_000;

/** The level of an open microphone, and whether it has picked up a voice. */
export function Level({ microphone }: { microphone: Microphone }) {
  const meter = useRef<MeterHandle>(null);
  const [result, setResult] = useState<"waiting" | "nothing" | "voice">("waiting");

  useEffect(() => {
    setResult("waiting");
    let frame = requestAnimationFrame(function draw() {
      const level = microphone.level();
      meter.current?.show(level);
      if (level >= VOICE) setResult("voice");
      frame = requestAnimationFrame(draw);
    });
    const timer = setTimeout(() => setResult((now) => (now === "waiting" ? "nothing" : now)), SILENCE_MS);
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [microphone]);

  return (
    <div className={styles.level}>
      <Meter ref={meter} label="Microphone level" />
      <p role="status" className={styles.result} data-result={result}>
        {result === "voice" && "We can hear you."}
        {result === "waiting" && "Say a few words. The blocks should light up."}
        {result === "nothing" &&
          "We can't hear you. Is the microphone muted? You can also choose another one."}
      </p>
    </div>
  );
}
