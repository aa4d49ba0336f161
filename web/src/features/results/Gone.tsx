import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { PageTitle } from "../../ui/PageTitle";
import styles from "./Deleted.module.css";

/** No such interview, for this browser at least. */
export function Gone({ onNew }: { onNew: () => void }) {
  return (
    <div className={styles.page}>
      <Card tone="orange" className={styles.card}>
        <PageTitle tab="Not found" className={styles.title}>
          This interview is not here
        </PageTitle>
        <p>
          It was deleted, its time has run out, or it was held in another browser: only that one has the key
          to it.
        </p>
        <Button tone="yellow" onClick={onNew}>
          Start new interview
        </Button>
      </Card>
    </div>
  );
}
