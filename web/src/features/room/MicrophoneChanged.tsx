import type { Change } from "../../media/keeper";
import { Notice } from "../../ui/Notice";
import styles from "./Room.module.css";

/** Another microphone is in use now. */
export function MicrophoneChanged({ change }: { change: Change }) {
  return (
    <Notice className={styles.note ?? ""}>
      <p>
        {change.why === "gone" ? (
          <>
            “{change.from}” was disconnected. We're using <strong>“{change.to}”</strong> now.
          </>
        ) : (
          <>
            <strong>“{change.to}”</strong> is back. We're using it again.
          </>
        )}
      </p>
    </Notice>
  );
}
