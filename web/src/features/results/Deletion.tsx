import { useState } from "react";
import type { Api } from "../../api/client";
import type { Receipt } from "../../api/shape";
import { words } from "../../api/words";
import type { Session } from "../../session/session";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Dialog } from "../../ui/Dialog";
import { FieldError } from "../../ui/Field";
import { Bin } from "../../ui/icons";
import { day } from "../../ui/time";
import styles from "./Downloads.module.css";

interface DeletionProps {
  api: Api;
  session: Session;
  /** ISO 8601. */
  expiresAt: string;
  onErased: (receipt: Receipt) => void;
}

/** How long all this is kept, and the way to delete it at once. */
export function Deletion({ api, session, expiresAt, onErased }: DeletionProps) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();

  async function erase(): Promise<void> {
    setBusy(true);
    setFault(undefined);
    try {
      onErased(await api.remove(session));
    } catch (error) {
      setFault(words(error).text);
      setBusy(false);
    }
  }

  return (
    <Card className={styles.card} aria-labelledby="kept">
      <h2 id="kept" className={styles.title}>
        StoredSession until {day(expiresAt)}
      </h2>
      <p>
        Then CV, transcript and summary are deleted. You need not wait. This browser holds the only key to
        this page.
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
              Delete for good
            </Button>
          </>
        }
      >
        <p>
          CV, transcript and summary of this interview go, everywhere and at once. Nobody can bring them back.
        </p>
        <FieldError id="erase-error" message={fault} />
      </Dialog>
    </Card>
  );
}
