import { Component, type ReactNode } from "react";
import { Button } from "../ui/Button";
import { Card } from "../ui/Card";
import { PageTitle } from "../ui/PageTitle";
import styles from "./ErrorBoundary.module.css";

/** Shows a message and a reload button when a page throws, instead of a blank page. React reports the error itself. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <div className={styles.page}>
        <Card tone="orange" className={styles.card} role="alert">
          <PageTitle arrives tab="Something went wrong" className={styles.title}>
            Something went wrong
          </PageTitle>
          <p>This is our fault. What you said so far is saved. Reload the page to go on.</p>
          <Button tone="yellow" onClick={() => window.location.reload()}>
            Reload
          </Button>
        </Card>
      </div>
    );
  }
}
