import { Button } from "../../ui/Button";
import { Pause } from "../../ui/icons";
import styles from "./Controls.module.css";
import { useShortcut } from "./shortcuts";

interface HoldButtonProps {
  on: boolean;
  /** The H key works, too. */
  shortcut: boolean;
  onChange: (on: boolean) => void;
}

/** "Let me think": keeps the floor until it is given back, by the same button or by the one that then stands beside it. */
export function HoldButton({ on, shortcut, onChange }: HoldButtonProps) {
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
      {on && (
        <Button tone="lime" onClick={() => onChange(false)}>
          I'm ready
        </Button>
      )}
    </div>
  );
}
