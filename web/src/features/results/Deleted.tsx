import type { Receipt } from "../../api/shape";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Cross, Tick } from "../../ui/icons";
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
  avatar: "Video conversations",
};
/** What most interviews have none of is mentioned only where there was some. */
const RARE = ["avatar"];

/** The receipt: what was deleted where. */
export function Deleted({ topic, receipt, onNew }: DeletedProps) {
  const deleted = receipt.deleted.filter(({ what, amount }) => amount > 0 || !RARE.includes(what));
  const left = receipt.not_deleted;
  return (
    <div className={styles.page}>
      <Card tone="lime" className={styles.card}>
        <PageTitle arrives tab="Deleted" className={styles.title}>
          {left.length === 0 ? "Deleted, all of it" : "Deleted, as far as we reach"}
        </PageTitle>
        <p>Nothing of “{topic}” is left, neither with us nor in this browser.</p>
        {left.length > 0 && (
          <p>
            The service behind the video did not answer. Whoever runs this site has to delete the rest there.
          </p>
        )}
        <dl className={styles.receipt}>
          {deleted.map(({ what, amount }) => (
            <div key={what} className={styles.line}>
              <dt>
                <Tick /> {PLACES[what] ?? what}
              </dt>
              <dd>{amount}</dd>
            </div>
          ))}
          {left.map(({ what, amount }) => (
            <div key={`left ${what}`} className={styles.line}>
              <dt>
                <Cross /> Not yet deleted: {PLACES[what] ?? what}
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
