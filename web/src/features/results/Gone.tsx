import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { PageTitle } from "../../ui/PageTitle";
import styles from "./Deleted.module.css";

/** The interview does not exist, or this browser has no access to it. */
export function Gone({ onNew }: { onNew: () => void }) {
  return (
    <div className={styles.page}>
      <Card tone="orange" className={styles.card}>
        <PageTitle tab="Not found" className={styles.title}>
          We can't find this interview
        </PageTitle>
        <p>
          It was deleted, it has expired, or it was held in another browser, which is the only one that can
          open it.
        </p>
        <Button tone="yellow" onClick={onNew}>
          Start new interview
        </Button>
      </Card>
    </div>
  );
}
