import { useState } from "react";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { FieldError } from "../../ui/Field";
import styles from "./Corrections.module.css";
import type { Corrections } from "./useCorrections";

interface CorrectionBarProps {
  corrections: Corrections;
  /** Stops correcting; what was typed is kept while the page is open. */
  onClose: () => void;
  /** The server has the corrections. */
  onSent: () => void;
}

/** How many answers are corrected, and the one step in which all are reviewed and sent. */
export function CorrectionBar({ corrections, onClose, onSent }: CorrectionBarProps) {
  const [asking, setAsking] = useState(false);
  const { changed, fault, sending } = corrections;
  const many = changed.length === 1 ? "1 answer" : `${changed.length} answers`;
  return (
    <section className={styles.bar} aria-label="Your corrections">
      <p role="status" className={styles.count}>
        {changed.length === 0 ? "Nothing changed yet" : `${many} corrected, not sent yet`}
      </p>
      <div className={styles.buttons}>
        <Button
          tone="yellow"
          size="small"
          disabled={changed.length === 0 || fault !== undefined}
          onClick={() => setAsking(true)}
        >
          Review and send
        </Button>
        <Button size="small" onClick={onClose}>
          Not now
        </Button>
      </div>
      <FieldError id="correction-error" message={asking ? undefined : fault} />
      <Dialog
        open={asking}
        title={`Correct ${many}?`}
        onClose={() => {
          if (!sending) setAsking(false);
        }}
        actions={
          <>
            <Button disabled={sending} onClick={() => setAsking(false)}>
              Keep editing
            </Button>
            <Button
              tone="yellow"
              pending={sending}
              onClick={() => {
                void corrections.send().then((done) => {
                  if (done) onSent();
                });
              }}
            >
              Send them
            </Button>
          </>
        }
      >
        <p>
          <strong>You can do this once.</strong> The summary is then rewritten from your corrected words. The
          record keeps both texts and shows that you corrected them.
        </p>
        <ol className={styles.review}>
          {changed.map(({ turn, text }) => (
            <li key={turn.turn}>
              <p>
                <strong>Heard:</strong> {turn.text || "nothing"}
              </p>
              <p>
                <strong>I said:</strong> {text}
              </p>
            </li>
          ))}
        </ol>
        <FieldError id="correction-failure" message={fault} />
      </Dialog>
    </section>
  );
}
