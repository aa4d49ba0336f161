import { useEffect, useRef, useState } from "react";
import type { Microphone } from "../../audio/microphone";
import { Meter, type MeterHandle } from "../../ui/Meter";
import styles from "./Check.module.css";

/** From here on it is a voice, not the room. */
const VOICE = 0.3;
/** How long nothing may be heard before we say so, in milliseconds. */
const PATIENCE_MS = 7_000;

/** The level of an open microphone, and whether a voice has been heard. */
export function Level({ microphone }: { microphone: Microphone }) {
  const meter = useRef<MeterHandle>(null);
  const [heard, setHeard] = useState<"waiting" | "nothing" | "voice">("waiting");

  useEffect(() => {
    setHeard("waiting");
    let frame = requestAnimationFrame(function draw() {
      const level = microphone.level();
      meter.current?.show(level);
      if (level >= VOICE) setHeard("voice");
      frame = requestAnimationFrame(draw);
    });
    const timer = setTimeout(() => setHeard((now) => (now === "waiting" ? "nothing" : now)), PATIENCE_MS);
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [microphone]);

  return (
    <div className={styles.level}>
      <Meter ref={meter} label="Microphone level" />
      <p role="status" className={styles.heard} data-heard={heard}>
        {heard === "voice" && "We hear you."}
        {heard === "waiting" && "Say a few words: the blocks should light up."}
        {heard === "nothing" && "We hear nothing. Is it muted, or is another microphone the right one?"}
      </p>
    </div>
  );
}
