import { useState } from "react";
import type { Session } from "../../session/session";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Dialog } from "../../ui/Dialog";
import { Arrow } from "../../ui/icons";
import { PageTitle } from "../../ui/PageTitle";
import styles from "./Rejoin.module.css";

interface RejoinProps {
  session: Session;
  /** Back in, by way of the device check: a reload has closed the microphone. */
  onGoOn: () => void;
  /** To the results, which end the interview. */
  onEnd: () => void;
}

/** The room after a reload. Everything said so far is safe; what happens next is the person's choice. */
export function Rejoin({ session, onGoOn, onEnd }: RejoinProps) {
  const [asking, setAsking] = useState(false);
  return (
    <div className={styles.page}>
      <Card tone="violet" className={styles.card}>
        <PageTitle tab="Interview interrupted" className={styles.title}>
          You left the room
        </PageTitle>
        <p className={styles.text}>
          Your interview on <strong>{session.skill_topic}</strong> is still open, and everything said so far
          is safe.
        </p>
        <div className={styles.buttons}>
          <Button tone="yellow" size="large" onClick={onGoOn}>
            <span className={styles.label}>
              Go back in <Arrow />
            </span>
          </Button>
          <Button size="large" onClick={() => setAsking(true)}>
            End it and see the summary
          </Button>
        </div>
        <p>The clock has gone on meanwhile.</p>
      </Card>
      <Dialog
        open={asking}
        title="End the interview?"
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>Not yet</Button>
            <Button tone="red" onClick={onEnd}>
              End it
            </Button>
          </>
        }
      >
        <p>You get the summary of what was said so far. You can't come back in after that.</p>
      </Dialog>
    </div>
  );
}
