import { Link } from "../navigation/Link";
import { Card } from "../ui/Card";
import { PageTitle } from "../ui/PageTitle";
import styles from "./NotFoundPage.module.css";

/** The page of an unknown address. */
export function NotFoundPage() {
  return (
    <div className={styles.page}>
      <Card tone="sky" className={styles.card}>
        <p className={styles.number} aria-hidden="true">
          404
        </p>
        <PageTitle tab="Page not found" className={styles.title}>
          Page not found
        </PageTitle>
        <p>
          There is nothing at this address. It may be mistyped, or the page may have moved. Your interviews
          are not lost: the start page lists those in this browser.
        </p>
        <ul className={styles.links}>
          <li>
            <Link to="/">Start page</Link>
          </li>
          <li>
            <Link to="/help">Help</Link>
          </li>
        </ul>
      </Card>
    </div>
  );
}
