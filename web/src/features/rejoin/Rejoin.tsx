import { useEffect, useRef, useState } from "react";
import { type Devices, type MediaAccess, release } from "../../media/access";
import { preferredKinds } from "../../media/preferences";
import { reopen } from "../../media/reopen";
import type { Session } from "../../session/session";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Dialog } from "../../ui/Dialog";
import { Arrow } from "../../ui/icons";
import { PageTitle } from "../../ui/PageTitle";
import styles from "./Rejoin.module.css";

interface RejoinProps {
  session: Session;
  media: MediaAccess;
  /** Back in with what was open before: a reload has closed it. */
  onReady: (session: Session, devices: Devices) => void;
  /** Back in by way of the device check: by choice, or because something could not be opened. */
  onCheck: () => void;
  /** To the results, which end the interview. */
  onEnd: () => void;
}

/** The room after a reload. Everything said so far is safe; what happens next is the person's choice. */
export function Rejoin({ session, media, onReady, onCheck, onEnd }: RejoinProps) {
  const [asking, setAsking] = useState(false);
  const [opening, setOpening] = useState(false);
  const [kinds] = useState(preferredKinds);
  const here = useHere();

  async function goOn() {
    setOpening(true);
    try {
      const devices = await reopen(media, kinds);
      if (here.current) onReady(session, devices);
      else release(devices);
    } catch {
      if (here.current) onCheck();
    }
  }

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
          <Button tone="yellow" size="large" pending={opening} onClick={() => void goOn()}>
            <span className={styles.label}>
              {kinds.microphone ? "Go back in" : "Go back in, typing"} <Arrow />
            </span>
          </Button>
          <Button size="large" onClick={onCheck}>
            Check my devices first
          </Button>
        </div>
        <p>
          {kinds.microphone
            ? "One click turns your microphone and the sound on again and leads to the room."
            : "One click turns the sound on again and leads to the room."}{" "}
          The clock has gone on meanwhile.
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
        <p>You get the summary of what was said so far. You can't come back in after that.</p>
      </Dialog>
    </div>
  );
}

/** Whether the page is still there when something that was waited for comes. */
function useHere() {
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  return here;
}
