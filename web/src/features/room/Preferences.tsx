import styles from "./ShortcutSwitch.module.css";

interface ShortcutSwitchProps {
  on: boolean;
  onChange: (on: boolean) => void;
}

/** Turns off the single-key shortcuts, for people who use speech input or press keys by accident. */
export function ShortcutSwitch({ on, onChange }: ShortcutSwitchProps) {
  return (
    <p className={styles.foot}>
      <button
        type="button"
        role="switch"
        aria-checked={on}
        className={styles.switch}
        onClick={() => onChange(!on)}
      >
        <span className={styles.track} aria-hidden="true" />
        Keyboard shortcuts
      </button>
      <span className={styles.keys}>
        <kbd>H</kbd> let me think <kbd>M</kbd> mute
      </span>
    </p>
  );
}
