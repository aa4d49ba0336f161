import { Link } from "../navigation/Link";
import { PageTitle } from "../ui/PageTitle";
import styles from "./NotFoundPage.module.css";

/** An address that leads nowhere. */
export function LostPage() {
  return (
    <div className={styles.page}>
      <PageTitle tab="Not found" className={styles.title}>
        Nobody here.
      </PageTitle>
      <p>This address leads nowhere.</p>
      <Link to="/">Set up an interview</Link>
    </div>
  );
}
