import { useState } from "react";
import type { Api } from "../../api/client";
import { explain } from "../../api/explanation";
import type { Receipt } from "../../api/shape";
import type { Session } from "../../session/session";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Dialog } from "../../ui/Dialog";
import { FieldError } from "../../ui/Field";
import { Bin } from "../../ui/icons";
import { day, inDays } from "../../ui/time";
import styles from "./Downloads.module.css";

interface DeletionProps {
  api: Api;
  session: Session;
  /** For how many days backups keep what was deleted; 0 where there are none. */
  backupDays: number;
  /** ISO 8601. */
  expiresAt: string;
  onErased: (receipt: Receipt) => void;
}

/** How long everything is kept, and a button that deletes it now. */
export function Deletion({ api, session, backupDays, expiresAt, onErased }: DeletionProps) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();

  async function erase(): Promise<void> {
    setBusy(true);
    setFault(undefined);
    try {
      onErased(await api.remove(session));
    } catch (error) {
      setFault(explain(error).text);
      setBusy(false);
    }
  }

  return (
    <Card className={styles.card} aria-labelledby="kept">
      <h2 id="kept" className={styles.title}>
        Kept until {day(expiresAt)}
      </h2>
      <p>
        After that day your CV, the transcript and the summary are deleted. You can delete them now. Only this
        browser can open this page.
      </p>
      <Button icon={<Bin />} onClick={() => setAsking(true)}>
        Delete everything
      </Button>
      <Dialog
        open={asking}
        title="Delete everything?"
        onClose={() => {
          if (!busy) setAsking(false);
        }}
        actions={
          <>
            <Button disabled={busy} onClick={() => setAsking(false)}>
              Keep it
            </Button>
            <Button tone="red" pending={busy} icon={<Bin />} onClick={() => void erase()}>
              Delete everything now
            </Button>
          </>
        }
      >
        <p>This deletes the CV, the transcript and the summary of this interview now. You can't undo it.</p>
        <p>
          {backupDays > 0
            ? `Our backups keep a copy until ${day(inDays(backupDays))}. Until then the operator of this site could restore it.`
            : "We have no backups, so nobody can restore it."}
        </p>
        <FieldError id="erase-error" message={fault} />
      </Dialog>
    </Card>
  );
}
