import { useEffect, useState } from "react";
import { type Clock, timeAt } from "../../stream/state";
import { clock as spell } from "../../ui/time";
import styles from "./TimeBar.module.css";

/** From here on, in seconds, the time left is shown as running out. */
const LATE = 120;
/** Minutes left at which it is said aloud. */
const SAID = [10, 5, 2, 1];

interface TimeBarProps {
  clock: Clock | null;
  running: boolean;
  /** Set off, for whoever might think that it stands still. */
  marked: boolean;
}

/** Time gone and time left, counted on each second between what the relay says. */
export function TimeBar({ clock, running, marked }: TimeBarProps) {
  const now = useSeconds(running);
  const time = clock && timeAt(clock, now);
  const minutes = time && SAID.find((each) => time.remaining <= each * 60 && time.remaining > each * 60 - 15);
  const part = time ? time.elapsed / Math.max(1, time.elapsed + time.remaining) : 0;
  return (
    <div className={styles.time} data-marked={marked} data-late={time !== null && time.remaining <= LATE}>
      <dl className={styles.numbers}>
        <div>
          <dt>Elapsed</dt>
          <dd data-testid="elapsed">{time ? spell(time.elapsed) : "--:--"}</dd>
        </div>
        <div>
          <dt>Left</dt>
          <dd data-testid="remaining">{time ? spell(time.remaining) : "--:--"}</dd>
        </div>
      </dl>
      <div className={styles.track} aria-hidden="true">
        <div className={styles.gone} style={{ width: `${(part * 100).toFixed(1)}%` }} />
      </div>
      <p className="visually-hidden" role="status">
        {minutes ? `${minutes} ${minutes === 1 ? "minute" : "minutes"} left` : ""}
      </p>
    </div>
  );
}

/** The page's clock in milliseconds, anew about every quarter of a second while `running`. */
function useSeconds(running: boolean): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    setNow(performance.now());
    if (!running) return;
    const timer = setInterval(() => setNow(performance.now()), 250);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
