import { Button } from "../../ui/Button";
import { Pause, Tick } from "../../ui/icons";
import styles from "./Controls.module.css";
import { useShortcut } from "./shortcuts";

interface HoldButtonProps {
  on: boolean;
  /** The H key is a shortcut. */
  shortcut: boolean;
  onChange: (on: boolean) => void;
  /** Ends a spoken answer; none: answers are typed. */
  onDone?: (() => void) | undefined;
}

/**
 * "Let me think": the candidate holds the floor until they press this button again, or "I'm ready". Beside it "I'm done",
 * which ends a spoken answer without the silence that shows its end.
 */
export function HoldButton({ on, shortcut, onChange, onDone }: HoldButtonProps) {
  useShortcut("h", shortcut, () => onChange(!on));
  return (
    <div className={styles.hold}>
      <Button
        tone={on ? "orange" : "yellow"}
        icon={<Pause />}
        aria-pressed={on}
        aria-keyshortcuts={shortcut ? "h" : undefined}
        onClick={() => onChange(!on)}
      >
        Let me think
        {shortcut && (
          <span className={styles.key} aria-hidden="true">
            H
          </span>
        )}
      </Button>
      {!on && onDone && (
        <Button icon={<Tick />} onClick={onDone}>
          I'm done
        </Button>
      )}
      {on && (
        <Button tone="lime" icon={<Tick />} className={styles.ready} onClick={() => onChange(false)}>
          I'm ready
        </Button>
      )}
    </div>
  );
}
