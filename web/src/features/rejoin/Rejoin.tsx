import { useEffect, useRef, useState } from "react";
import { type Devices, type MediaAccess, release } from "../../media/access";
import { preferredKinds } from "../../media/preferences";
import { reopen } from "../../media/reopen";
import type { Session } from "../../session/session";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { classes } from "../../ui/classes";
import { Dialog } from "../../ui/Dialog";
import { Arrow } from "../../ui/icons";
import { PageTitle } from "../../ui/PageTitle";
import styles from "./Rejoin.module.css";
import { Remaining } from "./Remaining";

interface RejoinProps {
  session: Session;
  /** Seconds that the interview's clock had at `at` (milliseconds of the page's clock); `null`: nobody knows. */
  remaining?: number | null;
  at?: number;
  media: MediaAccess;
  /** Returns to the room with the devices of before, which the reload has closed. */
  onReady: (session: Session, devices: Devices) => void;
  /** Goes to the device check: by choice, or because a device could not be opened. */
  onCheck: () => void;
  /** Goes to the results, which ends the interview. */
  onEnd: () => void;
}

/** The room after a reload: the candidate returns, checks the devices, or ends the interview. */
export function Rejoin({ session, remaining = null, at = 0, media, onReady, onCheck, onEnd }: RejoinProps) {
  const [asking, setAsking] = useState(false);
  const [opening, setOpening] = useState(false);
  const [kinds] = useState(preferredKinds);
  const mounted = useMounted();

  async function goBack() {
    setOpening(true);
    try {
      const devices = await reopen(media, kinds);
      if (mounted.current) onReady(session, devices);
      else release(devices);
    } catch {
      if (mounted.current) onCheck();
    }
  }

  return (
    <div className={styles.page}>
      <Card tone="violet" className={styles.card}>
        <PageTitle tab="Interview interrupted" className={styles.title}>
          You left the interview
        </PageTitle>
        <p className={classes(styles.text, "clamped")} title={session.skill_topic}>
          <strong>{session.skill_topic}</strong>
        </p>
        <p className={styles.text}>
          This interview is still running, and everything you said so far is saved.{" "}
          <Remaining seconds={remaining} at={at} />
        </p>
        <div className={styles.buttons}>
          <Button tone="yellow" size="large" pending={opening} onClick={() => void goBack()}>
            <span className={styles.label}>
              {kinds.microphone ? "Return" : "Return and type my answers"} <Arrow />
            </span>
          </Button>
          <Button size="large" onClick={onCheck}>
            Check my devices first
          </Button>
        </div>
        <p>
          {kinds.microphone
            ? "This turns your microphone and the sound on again and takes you to the interview."
            : "This turns the sound on again and takes you to the interview."}
        </p>
        <Button onClick={() => setAsking(true)}>End it and see the summary</Button>
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
        <p>You get the summary of what was said so far. You can't return to the interview after that.</p>
      </Dialog>
    </div>
  );
}

/** Whether the component is still mounted. */
function useMounted() {
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  return mounted;
}
