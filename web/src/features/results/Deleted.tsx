import type { Receipt } from "../../api/shape";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Tick } from "../../ui/icons";
import { PageTitle } from "../../ui/PageTitle";
import styles from "./Deleted.module.css";

interface DeletedProps {
  topic: string;
  receipt: Receipt;
  onNew: () => void;
}

/** The API's places in a candidate's words; one it has learnt since shows as it is. */
const PLACES: Record<string, string> = {
  "store: interview": "Interview with its summary",
  "store: turns": "Turns of the transcript",
  files: "Files: your CV",
};

/** The receipt: what was deleted where. */
export function Deleted({ topic, receipt, onNew }: DeletedProps) {
  return (
    <div className={styles.page}>
      <Card tone="lime" className={styles.card}>
        <PageTitle arrives tab="Deleted" className={styles.title}>
          Deleted, all of it
        </PageTitle>
        <p>Nothing of “{topic}” is left, neither with us nor in this browser.</p>
        <dl className={styles.receipt}>
          {receipt.deleted.map(({ what, amount }) => (
            <div key={what} className={styles.line}>
              <dt>
                <Tick /> {PLACES[what] ?? what}
              </dt>
              <dd>{amount}</dd>
            </div>
          ))}
        </dl>
        <Button tone="yellow" onClick={onNew}>
          Start new interview
        </Button>
      </Card>
    </div>
  );
}
