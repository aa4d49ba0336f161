import { useEffect, useState } from "react";
import { type Clock, timeAt } from "../../relay/state";
import { clock as clockText } from "../../ui/time";
import styles from "./TimeBar.module.css";

/** From this many remaining seconds on the time is shown as running out. */
const LATE = 120;
/** Remaining minutes that screen readers announce. */
const ANNOUNCED = [10, 5, 2, 1];

interface TimeBarProps {
  clock: Clock | null;
  running: boolean;
  /** Highlighted: the candidate thinks, and the time stands still or runs on. */
  highlighted: boolean;
}

/** Elapsed and remaining time, counted on each second between the relay's messages. */
export function TimeBar({ clock, running, highlighted }: TimeBarProps) {
  const now = useSeconds(running);
  const time = clock && timeAt(clock, now);
  const minutes =
    time && ANNOUNCED.find((each) => time.remaining <= each * 60 && time.remaining > each * 60 - 15);
  const part = time ? time.elapsed / Math.max(1, time.elapsed + time.remaining) : 0;
  return (
    <div
      className={styles.time}
      data-highlighted={highlighted}
      data-late={time !== null && time.remaining <= LATE}
    >
      <dl className={styles.numbers}>
        <div>
          <dt>Elapsed</dt>
          <dd data-testid="elapsed">{time ? clockText(time.elapsed) : "--:--"}</dd>
        </div>
        <div>
          <dt>Left</dt>
          <dd data-testid="remaining">{time ? clockText(time.remaining) : "--:--"}</dd>
        </div>
      </dl>
      <div className={styles.track} aria-hidden="true">
        <div className={styles.elapsed} style={{ width: `${(part * 100).toFixed(1)}%` }} />
      </div>
      <p className="visually-hidden" role="status">
        {minutes ? `${minutes} ${minutes === 1 ? "minute" : "minutes"} left` : ""}
      </p>
    </div>
  );
}

/** The page's clock in milliseconds, updated four times a second while `running`. */
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
