import type { Receipt } from "../../api/shape";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Cross, Tick } from "../../ui/icons";
import { PageTitle } from "../../ui/PageTitle";
import { day } from "../../ui/time";
import styles from "./Deleted.module.css";

interface DeletedProps {
  topic: string;
  receipt: Receipt;
  onNew: () => void;
}

/** Names of the API's places for the candidate; an unknown place is shown as it is. */
const PLACES: Record<string, string> = {
  "store: interview": "Interview with its summary",
  "store: turns": "Turns of the transcript",
  files: "Files: your CV",
  avatar: "Video conversations",
};
/** Places that are shown only where something was deleted. */
const RARE = ["avatar"];

/** The receipt: what was deleted, and where. */
export function Deleted({ topic, receipt, onNew }: DeletedProps) {
  const deleted = receipt.deleted.filter(({ what, amount }) => amount > 0 || !RARE.includes(what));
  const left = receipt.not_deleted;
  return (
    <div className={styles.page}>
      <Card tone="lime" className={styles.card}>
        <PageTitle arrives tab="Deleted" className={styles.title}>
          {left.length === 0 ? "Everything is deleted" : "Not everything is deleted yet"}
        </PageTitle>
        <p>
          {left.length === 0
            ? "We have deleted everything about this interview, on our servers and in this browser:"
            : "We have deleted the rest of this interview, on our servers and in this browser:"}
        </p>
        <p className="clamped" title={topic}>
          <strong>{topic}</strong>
        </p>
        {receipt.backups_until && (
          <p>
            Our backups keep a copy until {day(receipt.backups_until)}. After that day nobody can restore it.
          </p>
        )}
        {left.length > 0 && (
          <p>The video service did not answer. The operator of this site has to delete what is left there.</p>
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
