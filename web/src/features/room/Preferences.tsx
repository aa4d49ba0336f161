import { Switch } from "../../ui/Switch";
import { CAPTION_SIZES, type CaptionSize } from "./captionSize";
import styles from "./Preferences.module.css";

/** A value that can be changed. */
interface Changing<Value> {
  is: Value;
  onChange: (next: Value) => void;
}

interface PreferencesProps {
  size: Changing<CaptionSize>;
  /** Screen readers read the interviewer's captions out. */
  aloud: Changing<boolean>;
  /** The drawn interviewer doesn't move. */
  still: Changing<boolean>;
  /** Single keys are shortcuts: off for people who use speech input, or who press keys by accident. */
  shortcuts: Changing<boolean>;
  /** There is a microphone, which a key mutes. */
  speaks: boolean;
}

const NAMES: Record<CaptionSize, string> = { normal: "Normal", large: "Large", largest: "Largest" };

/** How the room looks, and what is read aloud. */
export function Preferences({ size, aloud, still, shortcuts, speaks }: PreferencesProps) {
  return (
    <section className={styles.foot} aria-label="Preferences">
      <fieldset className={styles.sizes}>
        <legend className={styles.legend}>Caption size</legend>
        {CAPTION_SIZES.map((each) => (
          <label key={each} className={styles.size}>
            <input
              type="radio"
              name="caption-size"
              value={each}
              aria-label={NAMES[each]}
              checked={size.is === each}
              onChange={() => size.onChange(each)}
            />
            <span aria-hidden="true" data-size={each}>
              A
            </span>
          </label>
        ))}
      </fieldset>
      <Switch label="Screen reader reads captions" on={aloud.is} onChange={aloud.onChange} />
      <Switch label="Still picture" on={still.is} onChange={still.onChange} />
      <span className={styles.shortcuts}>
        <Switch label="Keyboard shortcuts" on={shortcuts.is} onChange={shortcuts.onChange} />
        <span className={styles.keys} data-on={shortcuts.is}>
          <kbd>H</kbd> let me think
          {speaks && (
            <>
              {" "}
              <kbd>M</kbd> mute
            </>
          )}
        </span>
      </span>
    </section>
  );
}
