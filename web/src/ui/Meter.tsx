import { type Ref, useImperativeHandle, useRef } from "react";
import { classes } from "./classes";
import styles from "./Meter.module.css";

const BARS = Array.from({ length: 16 }, (_, index) => index);

export interface MeterHandle {
  /** Shows a level from 0 to 1. Writes to the DOM directly, as it is called sixty times a second. */
  show(level: number): void;
}

interface MeterProps {
  label: string;
  className?: string;
  ref?: Ref<MeterHandle>;
}

/** A level in sixteen blocks: green, then yellow, then red. */
export function Meter({ label, className, ref }: MeterProps) {
  const root = useRef<HTMLDivElement>(null);
  const shown = useRef(-1);

  useImperativeHandle(ref, () => ({
    show(level) {
      const element = root.current;
      const lit = Math.round(Math.min(1, Math.max(0, level)) * BARS.length);
      if (!element || lit === shown.current) return;
      shown.current = lit;
      element.setAttribute("aria-valuenow", String(Math.round((lit / BARS.length) * 100)));
      for (const [index, bar] of [...element.children].entries())
        bar.toggleAttribute("data-lit", index < lit);
    },
  }));

  return (
    // biome-ignore lint/a11y/useSemanticElements: a meter element can't be drawn as blocks
    <div
      ref={root}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={0}
      className={classes(styles.meter, className)}
    >
      {BARS.map((bar) => (
        <span key={bar} className={styles.bar} />
      ))}
    </div>
  );
}
