import { Component, type ReactNode } from "react";
import { Button } from "../ui/Button";
import { Card } from "../ui/Card";
import { PageTitle } from "../ui/PageTitle";
import styles from "./ErrorBoundary.module.css";

/** Where a fault in a page ends: with words and a way on instead of a blank page. React reports the error itself. */
export class Guard extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <div className={styles.page}>
        <Card tone="orange" className={styles.card} role="alert">
          <PageTitle arrives tab="Something broke" className={styles.title}>
            That broke. Our fault.
          </PageTitle>
          <p>What you said so far is safe with the server. Reload this page to go on from there.</p>
          <Button tone="yellow" onClick={() => window.location.reload()}>
            Reload
          </Button>
        </Card>
      </div>
    );
  }
}
