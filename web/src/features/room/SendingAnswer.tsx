import { useEffect, useState } from "react";
import type { Link } from "../../relay/connection";
import { Button } from "../../ui/Button";
import { classes } from "../../ui/classes";
import styles from "./Captions.module.css";

/** How long a confirmation may take on an open connection, in milliseconds, before the candidate can send again. */
const CONFIRM_MS = 10_000;

interface SendingAnswerProps {
  text: string;
  link: Link["state"];
  onSendAgain: () => void;
}

/** A typed answer that the relay has not confirmed. It is sent by itself as soon as there is a connection. */
export function SendingAnswer({ text, link, onSendAgain }: SendingAnswerProps) {
  const [overdue, setOverdue] = useState(false);
  const open = link === "open";
  useEffect(() => {
    if (!open) return;
    const timer = setTimeout(() => setOverdue(true), CONFIRM_MS);
    return () => {
      clearTimeout(timer);
      setOverdue(false);
    };
  }, [open]);

  return (
    <div className={classes(styles.line, styles.own)} data-speaker="candidate" data-complete="false">
      <p className={styles.name}>You</p>
      <p className={styles.text}>{text}</p>
      <div className={classes(styles.doubt, styles.sending)}>
        {stateOf(link, overdue)}
        {open && overdue && (
          <Button size="small" onClick={onSendAgain}>
            Send again
          </Button>
        )}
      </div>
    </div>
  );
}

function stateOf(link: Link["state"], overdue: boolean): string {
  if (link === "closed") return "Not sent. We keep it here and send it when you reconnect.";
  if (link !== "open") return "Not sent yet. We'll send it as soon as the connection is back.";
  return overdue ? "Not confirmed yet." : "Sending…";
}
