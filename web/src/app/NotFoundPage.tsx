import { Link } from "../navigation/Link";
import { PageTitle } from "../ui/PageTitle";
import styles from "./NotFoundPage.module.css";

/** The page of an unknown address. */
export function NotFoundPage() {
  return (
    <div className={styles.page}>
      <PageTitle tab="Not found" className={styles.title}>
        Page not found
      </PageTitle>
      <p>There is nothing at this address.</p>
      <Link to="/">Set up an interview</Link>
    </div>
  );
}
